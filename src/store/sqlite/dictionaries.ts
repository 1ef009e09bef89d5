/**
 * What many sign-ins share, kept once and named by a number in each of them: kinds (service, server, client and the like) and streams (an
 * input's ids with one prefix). Kinds are made anew for every day and after every start, so that none has to be looked for by its texts and
 * those of a forgotten day are simply deleted.
 */
import type { SignIn } from "#/signin/signin.ts";
import { type Graveyard, bury } from "./burial.ts";
import { outcomeOf, reasonOf, serviceOf, text } from "./columns.ts";
import type { Database } from "./database.ts";
import { shortHash } from "./marks.ts";

/** Remembered at once; when full, all are forgotten and made or read anew. */
const REMEMBERED_MAX = 20_000;
const DAY = 86_400_000;

const graves: Graveyard = {
  table: "kinds",
  key: "kind",
  blank: "day = 0, outcome = '', reason = '', service = '', server = '', client = '', source = ''",
  alive: "outcome <> ''",
};

export type Kind = Pick<SignIn, "outcome" | "reason" | "service" | "server" | "client" | "source">;

export const dayOf = (at: number): number => Math.floor(at / DAY);
export const startOf = (day: number): number => day * DAY;

/** To be used inside a transaction of the database only. */
export class Dictionaries {
  readonly #database: Database;
  #epoch = -1;
  readonly #kindNumbers = new Map<string, number>();
  readonly #kinds = new Map<number, Kind>();
  readonly #streams = new Map<string, number>();

  constructor(database: Database) {
    this.#database = database;
  }

  kindNumber(signIn: SignIn): number {
    this.#refresh(this.#kindNumbers);
    const { outcome, reason, service, server, client, source } = signIn;
    const day = dayOf(signIn.at);
    const key = `${day}\n${outcome}\n${reason}\n${service}\n${source}\n${server.length}\n${server}${client}`;
    let number = this.#kindNumbers.get(key);
    if (number === undefined) {
      const made = this.#database
        .prepare(
          "INSERT INTO kinds (day, outcome, reason, service, server, client, source) VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .run(day, outcome, reason, service, server, client, source);
      number = Number(made.lastInsertRowid);
      this.#kindNumbers.set(key, number);
    }
    return number;
  }

  kind(number: number): Kind {
    this.#refresh(this.#kinds);
    let kind = this.#kinds.get(number);
    if (kind === undefined) {
      const row = this.#database
        .prepare("SELECT outcome, reason, service, server, client, source FROM kinds WHERE kind = ?")
        .get(number);
      kind = {
        outcome: outcomeOf(row?.["outcome"]),
        reason: reasonOf(row?.["reason"]),
        service: serviceOf(row?.["service"]),
        server: text(row?.["server"]),
        client: text(row?.["client"]),
        source: text(row?.["source"]),
      };
      this.#kinds.set(number, kind);
    }
    return kind;
  }

  streamNumber(input: string, prefix: string): number {
    this.#refresh(this.#streams);
    const key = `${input.length}\n${input}${prefix}`;
    let number = this.#streams.get(key);
    if (number === undefined) {
      const name = shortHash(key);
      const row = this.#database.prepare("SELECT stream FROM streams WHERE name = ?").get(name);
      number =
        row === undefined
          ? Number(this.#database.prepare("INSERT INTO streams (name) VALUES (?)").run(name).lastInsertRowid)
          : Number(row["stream"]);
      this.#streams.set(key, number);
    }
    return number;
  }

  /** Deletes the kinds of days before that one, and streams of which no sign-in is left. To be used outside transactions. */
  forgetBefore(day: number): void {
    this.#epoch = -1;
    bury(this.#database, graves, "day < ?", day);
    this.#database.write(() =>
      this.#database
        .prepare(
          "DELETE FROM streams WHERE NOT EXISTS (SELECT 1 FROM sign_ins WHERE sign_ins.stream = streams.stream LIMIT 1)",
        )
        .run(),
    );
  }

  #refresh(used: Map<unknown, unknown>): void {
    if (this.#epoch !== this.#database.epoch) {
      this.#epoch = this.#database.epoch;
      this.#kindNumbers.clear();
      this.#kinds.clear();
      this.#streams.clear();
    } else if (used.size >= REMEMBERED_MAX) used.clear();
  }
}
