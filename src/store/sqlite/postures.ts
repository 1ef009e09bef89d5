/** Posture changes in SQLite: rows are added and never touched again. */
import type { Json, PostureChange, PostureLog } from "#/gate/ports.ts";
import { millis } from "#/platform/units.ts";
import { number, text } from "./columns.ts";
import type { Database } from "./database.ts";

export class SqlitePostures implements PostureLog {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  append({ at, author, reason, until, change }: PostureChange): void {
    this.#database.write(() =>
      this.#database
        .prepare("INSERT INTO postures (at, author, reason, until, change) VALUES (?, ?, ?, ?, ?)")
        .run(at, author, reason, until ?? null, JSON.stringify(change)),
    );
  }

  all(): readonly PostureChange[] {
    return this.#database.read(() =>
      this.#database
        .prepare("SELECT at, author, reason, until, change FROM postures ORDER BY posture")
        .all()
        .map((row) => ({
          at: millis(number(row["at"])),
          author: text(row["author"]),
          reason: text(row["reason"]),
          until: row["until"] === null ? undefined : millis(number(row["until"])),
          change: jsonOf(text(row["change"])),
        })),
    );
  }
}

/** What JSON.parse gives is what JSON can say. */
const jsonOf = (written: string): Json => JSON.parse(written) as Json;
