/**
 * The tables, as steps that are each taken once and in one transaction. A step that has been released is never edited: what is to change is a
 * further step. The database's user_version says how many it has taken.
 */
import type { DatabaseSync } from "node:sqlite";
import { Failure } from "#/platform/failure.ts";

/**
 * A quarter of an hour of milliseconds: by these, then by account or address, sign-ins are looked for (docs/decisions/0009). It stands in the indexes
 * and can be changed by a migration only.
 */
export const QUARTER = 900_000;
/** The quarter of a sign-in in SQL, also where its time has fractions of a millisecond. */
export const quarterOf = `CAST(at / ${QUARTER} AS INTEGER)`;

const steps: readonly string[] = [
  `
  CREATE TABLE facts (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  INSERT INTO facts VALUES ('seed', random() & 2147483647);
  CREATE TABLE positions (input TEXT PRIMARY KEY, position TEXT NOT NULL) WITHOUT ROWID;

  CREATE TABLE streams (stream INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE);
  CREATE TABLE kinds (kind INTEGER PRIMARY KEY, day INTEGER NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL,
    service TEXT NOT NULL, server TEXT NOT NULL, client TEXT NOT NULL, source TEXT NOT NULL);
  CREATE TABLE sign_ins (sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind INTEGER NOT NULL, stream INTEGER NOT NULL,
    mark NOT NULL, account_hash INTEGER NOT NULL, address_hash INTEGER NOT NULL, count INTEGER NOT NULL,
    account TEXT NOT NULL, account_given TEXT, address NOT NULL, fingerprint TEXT);
  CREATE UNIQUE INDEX sign_ins_by_mark ON sign_ins (stream, mark);
  CREATE INDEX sign_ins_by_account ON sign_ins (${quarterOf}, account_hash) WHERE kind > 0;
  CREATE INDEX sign_ins_by_address ON sign_ins (${quarterOf}, address_hash) WHERE kind > 0;
  CREATE TABLE days (day INTEGER PRIMARY KEY, successes INTEGER NOT NULL, failures INTEGER NOT NULL);

  CREATE TABLE postures (posture INTEGER PRIMARY KEY, at INTEGER NOT NULL, author TEXT NOT NULL, reason TEXT NOT NULL,
    until INTEGER, change TEXT NOT NULL);

  CREATE TABLE verdicts (verdict INTEGER PRIMARY KEY, at INTEGER NOT NULL, code TEXT NOT NULL, answer TEXT NOT NULL, would TEXT NOT NULL,
    delay INTEGER NOT NULL, why TEXT NOT NULL, account TEXT NOT NULL, address NOT NULL, service TEXT NOT NULL,
    protocol TEXT NOT NULL);
  CREATE INDEX verdicts_by_time ON verdicts (at);
  `,
];

/** Takes the steps that this database has not taken. @throws Failure store-newer, having changed nothing. */
export function migrate(connection: DatabaseSync, path: string, all: readonly string[] = steps): void {
  const taken = versionOf(connection);
  if (taken > all.length) {
    throw new Failure(
      "store-newer",
      `${path} was written by a newer Portcullis (format ${taken}; this one knows formats up to ${all.length}). ` +
        "Start the newer one again, or give this one a folder of its own.",
    );
  }
  for (const [index, step] of all.entries()) {
    if (index < taken) continue;
    connection.exec("BEGIN IMMEDIATE");
    try {
      connection.exec(`${step}; PRAGMA user_version = ${index + 1}`);
      connection.exec("COMMIT");
    } catch (error) {
      if (connection.isTransaction) connection.exec("ROLLBACK");
      throw error;
    }
  }
}

function versionOf(connection: DatabaseSync): number {
  return Number(connection.prepare("PRAGMA user_version").get()?.["user_version"] ?? 0);
}
