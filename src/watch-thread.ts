/**
 * The service's second thread, put together: inputs, store, watch. The first (cli/serve.ts) answers servers and asks this one for everything that may
 * have to wait for a disk.
 */
import { parentPort, workerData } from "node:worker_threads";
import type { defaults } from "#/cli/settings.ts";
import type { Change } from "#/gate/change.ts";
import { wouldHave } from "#/gate/would-have.ts";
import { type Inputs, startInputs } from "#/inputs/inputs.ts";
import { listenForPushes } from "#/cli/serve-pushes.ts";
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

const { promise: started, resolve: noteStarted } = Promise.withResolvers<void>();

const own: WatchCalls = {
  take: async (batch) => watch.take(batch),
  postures: async () => {
    await started;
    return store.postures.all();
  },
  keepPosture: (change) => store.postures.append(change),
  keepVerdicts: (verdicts) => store.verdicts.append(verdicts),
  verdictCounts: (since) => store.verdicts.countsSince(since),
  wouldHave: (since) =>
    wouldHave(
      (at) => store.verdicts.readSince(at),
      (at) => store.signIns.successesSince(at),
      since,
    ),
  state: () => ({ watch: watch.status(), inputs: inputs?.reports() ?? [] }),
  end: async () => {
    await pushes?.[Symbol.asyncDispose]();
    await inputs?.[Symbol.asyncDispose]();
    await watch[Symbol.asyncDispose]();
    store[Symbol.dispose]();
  },
};

const say = (sentence: string): void => void remote.say("warn", sentence);

// One after the other: between two of them the gate answers servers.
let told: Promise<void> = Promise.resolve();
const changed = (changes: readonly Change[]): Promise<void> => (told = told.then(() => remote.changed(changes)));

const watch = new Watch(
  {
    log: store.signIns,
    snapshots: store.snapshots,
    clock: systemClock,
    timers: systemTimers,
    changed,
    say,
  },
  { settings: settings.watch, judge: settings, retention: settings.store.retention, program: programDigest() },
);

const { remote } = connect<GateCalls>(threadPort, own);

let inputs: Inputs | undefined;
let pushes: AsyncDisposable | undefined;
try {
  inputs = await startInputs(settings.inputs, {
    take: (batch) => watch.take(batch),
    position: (input) => store.signIns.position(input),
    clock: systemClock,
    timers: systemTimers,
  });
  // An input that ended by a defect must not go unnoticed: the thread ends with it, and is started again.
  inputs.failed.catch((error: unknown) => {
    throw error;
  });
  pushes = await listenForPushes(settings.serve, inputs.push);
  void remote.say("info", inputsText());
  noteStarted();
} catch (error) {
  await failed(error);
}

await watch.catchUp((signIns) => void remote.catchingUp(signIns));
void remote.caughtUp(watch.status().judged);

function inputsText(): string {
  const { follow, journal, syslogUdp, syslogTcp, syslogTls } = settings.inputs;
  const all = [
    ...follow.map((path) => `the log ${path}`),
    ...(journal ? ["the journal"] : []),
    ...[syslogUdp, syslogTcp, syslogTls].filter((place) => place !== "").map((place) => `syslog at ${place}`),
    ...(settings.serve.push === "" ? [] : [`pushes at ${settings.serve.push}`]),
  ];
  if (all.length === 0)
    return "No log is followed: sign-ins are known from the servers that ask the gate, and from them alone.";
  return `Sign-ins are read from ${all.join(", ")}.`;
}

async function opened(): Promise<Store> {
  try {
    return openStore(folder, settings.store);
  } catch (error) {
    return failed(error);
  }
}

/** What keeps it from starting is for a person to mend, and told as such. */
async function failed(error: unknown): Promise<never> {
  if (!(error instanceof Failure)) throw error;
  await connect<GateCalls>(threadPort, {}).remote.failed(error.code, error.message);
  return process.exit(1);
}
