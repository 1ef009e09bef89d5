/** What is measured of the store, each on a folder of its own. */
import { mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Arrival } from "#/inputs/input.ts";
import { systemClock } from "#/platform/clock.ts";
import { days, later } from "#/platform/units.ts";
import { defaults } from "#/store/settings.ts";
import { openStore } from "#/store/sqlite/open.ts";
import { accountName, start } from "./rows.ts";

/** One run's figures by their names. */
export type Figures = Readonly<Record<string, number>>;

const BATCH = 1_000;
/** One by one is measured on so many. */
const SINGLE = 5_000;

const timed = (work: () => void): { wall: number; cpu: number } => {
  const before = process.cpuUsage();
  const begin = systemClock.ticks();
  work();
  const wall = (systemClock.ticks() - begin) / 1_000;
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1_000_000 };
};

function fresh(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The same fields into a table without an index, as fast as a loop of INSERT is. */
export function bare(rows: readonly Arrival[], folder: string): Figures {
  using database = new DatabaseSync(join(fresh(folder), "bare.db"));
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE rows (id, at, outcome, reason, account, given, address, service, server, client, count, print, source)`);
  const insert = database.prepare(`INSERT INTO rows VALUES (${Array.from({ length: 13 }, () => "?").join()})`);
  const { wall, cpu } = timed(() => {
    for (let from = 0; from < rows.length; from += BATCH) {
      database.exec("BEGIN");
      for (const { id, signIn: one } of rows.slice(from, from + BATCH)) {
        insert.run(
          id,
          one.at,
          one.outcome,
          one.reason,
          one.account,
          one.accountGiven,
          one.address,
          one.service,
          one.server,
          one.client,
          one.count,
          one.passwordFingerprint,
          one.source,
        );
      }
      database.exec("COMMIT");
    }
  });
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  return {
    "append wall": rows.length / wall,
    "append cpu": rows.length / cpu,
    size: statSync(join(folder, "bare.db")).size / rows.length,
  };
}

export function own(rows: readonly Arrival[], folder: string): Figures {
  using store = openStore(fresh(folder), defaults);
  const { signIns } = store;
  const append = timed(() => {
    for (let from = 0; from < rows.length; from += BATCH)
      signIns.append([
        { input: "follow:/var/log/mail.log", arrivals: rows.slice(from, from + BATCH), position: `${from}` },
      ]);
  });
  const again = timed(() => {
    for (let from = 0; from < rows.length / 10; from += BATCH)
      signIns.append([
        { input: "follow:/var/log/mail.log", arrivals: rows.slice(from, from + BATCH), position: undefined },
      ]);
  });
  let replayed = 0;
  const replay = timed(() => {
    for (const piece of signIns.readAfter(0)) replayed += piece.length;
  });
  const pivots = Array.from({ length: 50 }, (_, index) => accountName(index * 150));
  const account = timed(() => pivots.forEach((name) => signIns.ofAccount(name, start, 1_000)));
  const newest = timed(() => pivots.forEach((name) => signIns.ofAccount(name, start, 20)));
  const nobody = timed(() => pivots.forEach((name) => signIns.ofAddress(name, start, 1_000)));
  // What the file is once nothing is left in its log.
  signIns.forgetBefore(start);
  const size = statSync(join(folder, "portcullis.db")).size / rows.length;
  let forgotten = 0;
  const forget = timed(() => (forgotten = signIns.forgetBefore(later(start, days(1)))));
  return {
    "append wall": rows.length / append.wall,
    "append cpu": rows.length / append.cpu,
    size,
    again: rows.length / 10 / again.wall,
    replay: replayed / replay.wall,
    account: (account.wall * 1_000) / pivots.length,
    newest: (newest.wall * 1_000) / pivots.length,
    nobody: (nobody.wall * 1_000) / pivots.length,
    forget: forgotten / forget.wall,
  };
}

/** One sign-in a batch, as a quiet site has them. */
export function single(rows: readonly Arrival[], folder: string, flush: "process" | "power"): number {
  using store = openStore(fresh(folder), { ...defaults, flush });
  const some = rows.slice(0, SINGLE);
  const { wall } = timed(() => {
    for (const arrival of some) store.signIns.append([{ input: "push", arrivals: [arrival], position: arrival.id }]);
  });
  return some.length / wall;
}
