/**
 * Deletes rows so that nothing that stood in them is left in the file. SQLite overwrites what it deletes (secure_delete), but where it then merges
 * pages that have become half empty, it leaves copies of their living rows in the unused part of a page; these would outlive the rows. So rows go in
 * two steps: they are blanked where they stand, which moves nothing; and they are deleted when all for a stretch before and after them are
 * blank, so that what is moved is blank.
 */
import { number } from "./columns.ts";
import type { Database } from "./database.ts";

/** A table that only grows at the end of its key. */
export type Graveyard = {
  readonly table: string;
  readonly key: string;
  /** What is set to blank a row. All texts must be in it. */
  readonly blank: string;
  /** What holds for those that are not blank. */
  readonly alive: string;
};

/** Rows blanked at once. */
const PIECE = 5_000;

/**
 * A stretch of keys. Merging reaches two pages to either side; a page of 4 KB has less than 600 blank rows.
 */
const STRETCH = 4_096;

/**
 * Blanks those for which `condition` holds, and deletes what can be. What they were is gone from the database and, when this returns, from its log.
 * @returns how many.
 */
export function bury(database: Database, graves: Graveyard, condition: string, ...values: readonly number[]): number {
  const { table, key, blank, alive } = graves;
  const stretches = new Set<number>();
  let buried = 0;
  while (true) {
    const keys = database.write(() =>
      database
        .prepare(
          `UPDATE ${table} SET ${blank} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${condition} AND ${alive} LIMIT ${PIECE})
           RETURNING ${key} AS key`,
        )
        .all(...values)
        .map((row) => number(row["key"])),
    );
    for (const one of keys) stretches.add(Math.floor(one / STRETCH));
    buried += keys.length;
    if (keys.length < PIECE) break;
  }
  for (const stretch of deletable(database, graves, stretches)) {
    database.write(() =>
      database
        .prepare(`DELETE FROM ${table} WHERE ${key} BETWEEN ? AND ?`)
        .run(stretch * STRETCH, (stretch + 1) * STRETCH - 1),
    );
  }
  database.emptyLog();
  return buried;
}

/** Stretches up to those that were touched, in which and beside which nothing is alive. */
function deletable(database: Database, graves: Graveyard, touched: ReadonlySet<number>): readonly number[] {
  const { table, key, alive } = graves;
  const known = new Map<number, boolean>();
  const isDead = (stretch: number): boolean => {
    const answer =
      known.get(stretch) ??
      database.read(
        () =>
          database
            .prepare(`SELECT 1 FROM ${table} WHERE ${key} BETWEEN ? AND ? AND ${alive} LIMIT 1`)
            .get(stretch * STRETCH, (stretch + 1) * STRETCH - 1) === undefined,
      );
    known.set(stretch, answer);
    return answer;
  };
  const { first, last } = database.read(() => {
    const row = database.prepare(`SELECT min(${key}) AS first, max(${key}) AS last FROM ${table}`).get();
    return { first: Math.floor(Number(row?.["first"]) / STRETCH), last: Math.floor(Number(row?.["last"]) / STRETCH) };
  });
  // From the first on: whoever was killed between both steps has left some. The last two stay: what comes next is written to their end.
  const found: number[] = [];
  for (let stretch = first; stretch <= Math.min(Math.max(...touched) + 1, last - 2); stretch += 1)
    if ([stretch - 1, stretch, stretch + 1].every(isDead)) found.push(stretch);
  return found;
}
