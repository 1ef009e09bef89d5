/**
 * The service's second thread, put together: inputs, store, watch. The first (cli/serve.ts) answers servers and asks this one for everything that may
 * have to wait for a disk.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { defaults } from "#/cli/settings.ts";
import { wouldHave } from "#/gate/would-have.ts";
import { systemClock } from "#/platform/clock.ts";
import { Failure } from "#/platform/failure.ts";
import { programDigest } from "#/platform/program-digest.ts";
import { connect } from "#/platform/thread-calls.ts";
import { systemTimers } from "#/platform/timers.ts";
import type { Store } from "#/store/store.ts";
import { openStore } from "#/store/sqlite/open.ts";
import type { GateCalls, WatchCalls } from "#/watch/calls.ts";
import { Watch } from "#/watch/watch.ts";

/** What the first thread hands over at the start. */
export type WatchThreadData = { readonly folder: string; readonly settings: typeof defaults };

if (parentPort === null) throw new Error("watch-thread.ts runs in a worker thread only");
const threadPort = parentPort;

const { folder, settings } = workerData as WatchThreadData;
const store = await opened();

const own: WatchCalls = {
  take: async (batch) => watch.take(batch),
  postures: () => store.postures.all(),
  keepPosture: (change) => store.postures.append(change),
  keepVerdicts: (verdicts) => store.verdicts.append(verdicts),
  verdictCounts: (since) => store.verdicts.countsSince(since),
  wouldHave: (since) =>
    wouldHave(
      (at) => store.verdicts.readSince(at),
      (at) => store.signIns.successesSince(at),
      since,
    ),
  state: () => ({ watch: watch.status(), inputs: [] }),
  end: async () => {
    await watch[Symbol.asyncDispose]();
    store[Symbol.dispose]();
  },
};

const say = (sentence: string): void => void remote.say("warn", sentence);

const watch = new Watch(
  {
    log: store.signIns,
    snapshots: store.snapshots,
    clock: systemClock,
    timers: systemTimers,
    changed: (changes) => void remote.changed(changes),
    say,
  },
  { settings: settings.watch, judge: settings, retention: settings.store.retention, program: programDigest() },
);

const { remote } = connect<GateCalls>(threadPort, own);

await watch.catchUp((signIns) => void remote.catchingUp(signIns));
void remote.caughtUp(watch.status().judged);

/** What keeps it from starting is for a person to mend, and told as such. */
async function opened(): Promise<Store> {
  try {
    return openStore(folder, settings.store);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    await connect<GateCalls>(threadPort, {}).remote.failed(error.code, error.message);
    return process.exit(1);
  }
}
