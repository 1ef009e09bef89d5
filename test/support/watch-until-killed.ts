/**
 * node24 watch-until-killed.ts FOLDER BATCHES: a watch over a real store takes a simulated log from where it was, in batches, with a snapshot now and then,
 * and prints from which snapshot it goes on, and how far it is after every batch that is acknowledged. After so many it is told the last one
 * again and again, until it is killed. Where the log ends, it prints what was found, as JSON.
 */
import { writeSync } from "node:fs";
import { Watch } from "#/watch/watch.ts";
import { defaults as watchDefaults } from "#/watch/settings.ts";
import { defaults as judgeDefaults } from "#/incidents/settings.ts";
import { days } from "#/platform/units.ts";
import { openStore } from "#/store/sqlite/open.ts";
import { defaults as storeDefaults } from "#/store/settings.ts";
import { attackedWeek } from "./attacked-week.ts";
import { MovedTime } from "./timers.ts";

const BATCH = 10;
const SNAPSHOT_EVERY = 25;
const AGAIN_MAX = 100_000;

const [folder = "", life = ""] = process.argv.slice(2);
using store = openStore(folder, storeDefaults);
const time = new MovedTime();
const watch = new Watch(
  {
    log: store.signIns,
    snapshots: {
      save: (...all) => store.snapshots.save(...all),
      newest: (version) => {
        const found = store.snapshots.newest(version);
        writeSync(1, `from ${found?.sequence ?? 0}\n`);
        return found;
      },
    },
    clock: time,
    timers: time,
    changed: () => undefined,
    say: (sentence) => void writeSync(2, `${sentence}\n`),
  },
  { settings: watchDefaults, judge: judgeDefaults, retention: days(90), program: "this" },
);
await watch.catchUp(() => undefined);
const signIns = attackedWeek();
for (let from = Number(store.signIns.position("file")), batch = 1; from < signIns.length; from += BATCH, batch += 1) {
  const to = Math.min(from + BATCH, signIns.length);
  // Some are told again, as by whoever goes on from an older place.
  const first = Math.max(0, from - 7);
  const arrivals = signIns.slice(first, to).map((signIn, index) => ({ signIn, id: `file:${first + index}` }));
  const times = batch < Number(life) ? 1 : AGAIN_MAX;
  for (let told = 0; told < times; told += 1) await watch.take({ input: "file", arrivals, position: String(to) });
  writeSync(1, `kept ${to}\n`);
  if (batch % SNAPSHOT_EVERY === 0) time.move(watchDefaults.snapshotEvery);
}
writeSync(1, `found ${JSON.stringify({ conclusion: watch.conclusion(), status: watch.status() })}\n`);
