/** Recorded verdicts in SQLite. */
import { type Code, type RecordedVerdict, codes } from "#/gate/attempt.ts";
import type { VerdictLog } from "#/gate/ports.ts";
import { type Duration, type Millis, millis } from "#/platform/units.ts";
import { type Graveyard, bury } from "./burial.ts";
import { number, oneOf, serviceOf, text } from "./columns.ts";
import type { Database } from "./database.ts";
import { packed, unpacked } from "./packed-address.ts";

/** Verdicts read at once. */
const PIECE = 5_000;

const graves: Graveyard = {
  table: "verdicts",
  key: "verdict",
  blank:
    "at = -1, code = '', answer = '', would = '', delay = 0, why = '', account = '', address = '', service = '', protocol = ''",
  alive: "answer <> ''",
};

const answers = ["allow", "refuse", "delay"] as const;
const columns = "verdict, at, code, answer, would, delay, why, account, address, service, protocol";

export class SqliteVerdicts implements VerdictLog {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  append(verdicts: readonly RecordedVerdict[]): void {
    if (verdicts.length === 0) return;
    this.#database.write(() => {
      const insert = this.#database.prepare(
        `INSERT INTO verdicts (at, code, answer, would, delay, why, account, address, service, protocol)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      );
      for (const { at, code, answer, would, delay, why, account, address, service, protocol } of verdicts)
        insert.run(at, code, answer, would, delay, why, account, packed(address), service, protocol);
    });
  }

  *readSince(at: Millis): Iterable<readonly RecordedVerdict[]> {
    let [from, after] = [Number(at), -1];
    while (true) {
      const rows = this.#database.read(() =>
        this.#database
          .prepare(`SELECT ${columns} FROM verdicts WHERE (at, verdict) > (?, ?) ORDER BY at, verdict LIMIT ${PIECE}`)
          .all(from, after),
      );
      const last = rows.at(-1);
      if (last === undefined) return;
      [from, after] = [number(last["at"]), number(last["verdict"])];
      yield rows.map(verdictOf);
    }
  }

  countsSince(at: Millis): ReadonlyMap<Code, number> {
    return this.#database.read(() => {
      const rows = this.#database
        .prepare("SELECT code, count(*) AS count FROM verdicts WHERE at >= ? GROUP BY code")
        .all(at);
      return new Map(rows.map((row) => [oneOf(codes, row["code"]), number(row["count"])]));
    });
  }

  forgetBefore(at: Millis): number {
    return bury(this.#database, graves, "at < ?", Number(at));
  }
}

function verdictOf(row: Readonly<Record<string, unknown>>): RecordedVerdict {
  return {
    at: millis(number(row["at"])),
    code: oneOf(codes, row["code"]),
    answer: oneOf(answers, row["answer"]),
    would: oneOf(answers, row["would"]),
    delay: durationOf(number(row["delay"])),
    why: text(row["why"]),
    account: text(row["account"]),
    address: unpacked(row["address"]),
    service: serviceOf(row["service"]),
    protocol: text(row["protocol"]),
  };
}

/** What went in as a length of time comes out as one. */
const durationOf = (value: number): Duration => value as Duration;
