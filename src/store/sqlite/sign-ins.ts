/**
 * Sign-ins and the inputs' positions in SQLite. Their texts stand in one table that only grows at its end and is deleted from its
 * beginning; what is looked for goes by numbers (docs/decisions/0009).
 */
import type { Success } from "#/gate/would-have.ts";
import { type Millis, millis } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";
import type { DayCount, SignInSearch } from "#/store/search.ts";
import { wellFormed } from "#/store/well-formed.ts";
import type { Batch } from "#/inputs/input.ts";
import type { Kept, SignInLog } from "#/watch/ports.ts";
import { type Graveyard, bury } from "./burial.ts";
import { number, text } from "./columns.ts";
import type { Database } from "./database.ts";
import { Dictionaries, dayOf, startOf } from "./dictionaries.ts";
import { markOf } from "./marks.ts";
import { QUARTER, quarterOf } from "./migrations.ts";
import { packed, unpacked } from "./packed-address.ts";
import { textHash } from "./text-hash.ts";

/** Sign-ins read at once. */
const PIECE = 5_000;

const insertText = `INSERT INTO sign_ins
  (sequence, at, kind, stream, mark, account_hash, address_hash, count, account, account_given, address, fingerprint)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (stream, mark) DO NOTHING`;
/** What is left of a forgotten one for a while is that its id was known. */
const graves: Graveyard = {
  table: "sign_ins",
  key: "sequence",
  blank:
    "kind = 0, at = 0, account_hash = 0, address_hash = 0, account = '', account_given = NULL, address = '', fingerprint = NULL",
  alive: "kind > 0",
};

const columns = "sequence, at, kind, count, account, account_given, address, fingerprint";

/** Goes down the quarters that have any, the newest first, and looks into each. A recursive query gives its rows in the order of its steps. */
const newestText = (column: "account" | "address"): string => {
  const before = (bound: string): string =>
    `SELECT ${quarterOf} FROM sign_ins INDEXED BY sign_ins_by_${column} WHERE kind > 0 ${bound} ORDER BY ${quarterOf} DESC LIMIT 1`;
  return `
    WITH RECURSIVE quarters (quarter) AS (
      SELECT (${before("")})
      UNION ALL
      SELECT (${before(`AND ${quarterOf} < quarter`)}) FROM quarters WHERE quarter > ?1)
    SELECT ${columns} FROM quarters CROSS JOIN sign_ins INDEXED BY sign_ins_by_${column}
    WHERE ${quarterOf} = quarter AND ${column}_hash = ?2 AND ${column} = ?3 AND at >= ?4 AND kind > 0`;
};

type Found = { readonly at: number; readonly sequence: number; readonly signIn: SignIn };

export class SqliteSignIns implements SignInLog, SignInSearch {
  readonly #database: Database;
  readonly #dictionaries: Dictionaries;
  #epoch = -1;
  #sequence = 0;
  #seed = 0;

  constructor(database: Database) {
    this.#database = database;
    this.#dictionaries = new Dictionaries(database);
  }

  append(batches: readonly Batch[]): readonly Kept[] {
    if (batches.every(({ arrivals, position }) => arrivals.length === 0 && position === undefined)) return [];
    const kept = this.#database.write(() => {
      this.#refresh();
      const fresh: Kept[] = [];
      const days = new Map<number, { successes: number; failures: number }>();
      for (const batch of batches) {
        this.#appendBatch(batch, fresh, days);
        if (batch.position !== undefined) {
          this.#database
            .prepare("INSERT INTO positions VALUES (?, ?) ON CONFLICT DO UPDATE SET position = excluded.position")
            .run(batch.input, batch.position);
        }
      }
      for (const [day, { successes, failures }] of days) {
        this.#database
          .prepare(
            `INSERT INTO days VALUES (?, ?, ?)
             ON CONFLICT DO UPDATE SET successes = successes + excluded.successes, failures = failures + excluded.failures`,
          )
          .run(day, successes, failures);
      }
      return fresh;
    });
    this.#sequence = kept.at(-1)?.sequence ?? this.#sequence;
    return kept;
  }

  *readAfter(sequence: number): Iterable<readonly Kept[]> {
    let after = sequence;
    while (true) {
      const piece = this.#database.read(() =>
        this.#database
          .prepare(`SELECT ${columns} FROM sign_ins WHERE sequence > ? AND kind > 0 ORDER BY sequence LIMIT ${PIECE}`)
          .all(after)
          .map((row) => ({ sequence: number(row["sequence"]), signIn: this.#signIn(row) })),
      );
      const last = piece.at(-1);
      if (last === undefined) return;
      after = last.sequence;
      yield piece;
    }
  }

  position(input: string): string {
    return this.#database.read(() => {
      const row = this.#database.prepare("SELECT position FROM positions WHERE input = ?").get(input);
      return row === undefined ? "" : text(row["position"]);
    });
  }

  forgetBefore(at: Millis): number {
    const forgotten = bury(
      this.#database,
      graves,
      `${quarterOf} <= ? AND at < ?`,
      Math.floor(at / QUARTER),
      Number(at),
    );
    this.#dictionaries.forgetBefore(dayOf(at));
    this.#database.write(() => this.#database.prepare("DELETE FROM days WHERE day < ?").run(dayOf(at)));
    return forgotten;
  }

  ofAccount(account: string, since: Millis, most: number): readonly SignIn[] {
    return this.#newest("account", account, since, most);
  }

  ofAddress(address: string, since: Millis, most: number): readonly SignIn[] {
    return this.#newest("address", address, since, most);
  }

  /** Strangers make none of these, so a quarter of an hour of them is no more than members make. */
  *successesSince(since: Millis): Iterable<readonly Success[]> {
    const from = `FROM sign_ins INDEXED BY sign_ins_by_account WHERE kind > 0 AND at / ${QUARTER}`;
    let quarter = Math.floor(since / QUARTER) - 1;
    while (true) {
      const piece = this.#database.read(() => {
        const next = this.#database.prepare(`SELECT min(at / ${QUARTER}) AS quarter ${from} > ?`).get(quarter)?.[
          "quarter"
        ];
        if (typeof next !== "number") return undefined;
        quarter = next;
        return this.#database
          .prepare(
            `SELECT at, account, address ${from} = ? AND at >= ?
             AND kind IN (SELECT kind FROM kinds WHERE outcome = 'success') ORDER BY at, sequence`,
          )
          .all(quarter, since)
          .map((row) => ({
            at: millis(number(row["at"])),
            account: text(row["account"]),
            address: unpacked(row["address"]),
          }));
      });
      if (piece === undefined) return;
      yield piece;
    }
  }

  days(since: Millis): readonly DayCount[] {
    return this.#database.read(() =>
      this.#database
        .prepare("SELECT day, successes, failures FROM days WHERE day >= ? ORDER BY day")
        .all(dayOf(since))
        .map((row) => ({
          day: millis(startOf(number(row["day"]))),
          successes: number(row["successes"]),
          failures: number(row["failures"]),
        })),
    );
  }

  /** Of all that are kept; 0 where none ever was. */
  get lastSequence(): number {
    return this.#database.read(() => {
      this.#refresh();
      return this.#sequence;
    });
  }

  #appendBatch(batch: Batch, fresh: Kept[], days: Map<number, { successes: number; failures: number }>): void {
    const insert = this.#database.prepare(insertText);
    const seed = this.#seed;
    for (const { signIn: given, id } of batch.arrivals) {
      const signIn = wellFormed(given);
      const { at, account, accountGiven, address, count, passwordFingerprint } = signIn;
      const { prefix, mark } = markOf(id);
      const sequence = (fresh.at(-1)?.sequence ?? this.#sequence) + 1;
      const { changes } = insert.run(
        sequence,
        at,
        this.#dictionaries.kindNumber(signIn),
        this.#dictionaries.streamNumber(batch.input, prefix),
        mark,
        textHash(account, seed),
        textHash(address, seed),
        count,
        account,
        accountGiven === account ? null : accountGiven,
        packed(address),
        passwordFingerprint === "" ? null : passwordFingerprint,
      );
      if (changes === 0) continue;
      fresh.push({ sequence, signIn });
      const day = days.get(dayOf(at)) ?? { successes: 0, failures: 0 };
      day[signIn.outcome === "success" ? "successes" : "failures"] += count;
      days.set(dayOf(at), day);
    }
  }

  /**
   * From one quarter of an hour that has any sign-ins to the one before. So the search takes four steps for every hour of the retention at
   * most, however many sign-ins there are.
   */
  #newest(column: "account" | "address", wanted: string, since: Millis, most: number): readonly SignIn[] {
    return this.#database.read(() => {
      this.#refresh();
      const rows = this.#database
        .prepare(newestText(column))
        .iterate(
          Math.floor(since / QUARTER),
          textHash(wanted, this.#seed),
          column === "address" ? packed(wanted) : wanted,
          since,
        );
      const found: Found[] = [];
      for (const row of rows) {
        const [at, sequence] = [number(row["at"]), number(row["sequence"])];
        const isOlder = Math.floor(at / QUARTER) < Math.floor((found.at(-1)?.at ?? at) / QUARTER);
        // Within a quarter they come in any order, so that the last one is gone through to its end.
        if (isOlder && found.length >= most) break;
        found.push({ at, sequence, signIn: this.#signIn(row) });
      }
      return found
        .sort((one, other) => other.at - one.at || other.sequence - one.sequence)
        .slice(0, most)
        .map(({ signIn }) => signIn);
    });
  }

  #signIn(row: Readonly<Record<string, unknown>>): SignIn {
    const { outcome, reason, service, server, client, source } = this.#dictionaries.kind(number(row["kind"]));
    const account = text(row["account"]);
    return {
      at: millis(number(row["at"])),
      outcome,
      reason,
      account,
      accountGiven: text(row["account_given"] ?? account),
      address: unpacked(row["address"]),
      service,
      server,
      client,
      count: number(row["count"]),
      passwordFingerprint: text(row["fingerprint"] ?? ""),
      source,
    };
  }

  /** After a reopening the file may be another one: an older copy, or an empty one. The sequence goes on from the higher of both. */
  #refresh(): void {
    if (this.#epoch === this.#database.epoch) return;
    this.#seed = number(this.#database.prepare("SELECT value FROM facts WHERE name = 'seed'").get()?.["value"]);
    // The last one is never deleted, only blanked: no sequence is given out twice.
    const last = this.#database.prepare("SELECT coalesce(max(sequence), 0) AS last FROM sign_ins").get()?.["last"];
    this.#sequence = Math.max(this.#sequence, number(last));
    this.#epoch = this.#database.epoch;
  }
}
