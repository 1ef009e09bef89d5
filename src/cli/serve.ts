/**
 * `portcullis serve`: the watch and the gate, live. This thread answers servers from the gate's memory and waits for nothing; the other (watch-thread.ts)
 * keeps, judges, and tells this one what changed. Where that one fails, this one goes on answering, and starts it again.
 */
import type { Worker } from "node:worker_threads";
import type { Gate } from "#/gate/gate.ts";
import { type Control, createControl } from "#/gate/control.ts";
import { controlSocket, listenForControl } from "#/gate/control-socket.ts";
import { entriesOf } from "#/gate/posture-log.ts";
import type { ServiceState } from "#/gate/service-state.ts";
import type { Clock } from "#/platform/clock.ts";
import { Failure, type FailureCode } from "#/platform/failure.ts";
import type { Log } from "#/platform/log.ts";
import { type Connection, type Remote, connect, remoteOf } from "#/platform/thread-calls.ts";
import { type Timers, within } from "#/platform/timers.ts";
import { type Duration, counted, doubled, seconds } from "#/platform/units.ts";
import type { GateCalls, WatchCalls } from "#/watch/calls.ts";
import { type Doors, createDesks, openDoors } from "./serve-doors.ts";
import type { defaults } from "./settings.ts";

export type ServeParts = {
  /** Where everything is kept. */
  readonly folder: string;
  readonly settings: typeof defaults;
  readonly gate: Gate;
  readonly startThread: () => Worker;
  readonly log: Log;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly version: string;
  /** Resolves when somebody wants it to end. */
  readonly stopped: Promise<string>;
  /** Calls that whenever it is told to read its certificate again. */
  readonly onReload: (reload: () => void) => void;
};

/** Runs until it is stopped. @throws Failure for what keeps it from starting */
export async function serve(parts: ServeParts): Promise<void> {
  const { log, gate, folder, stopped } = parts;
  // What was opened last ends first: servers are no longer answered, then what was decided is kept, then the watch ends.
  await using link = new WatchLink(parts);
  await link.start();
  const desks = createDesks(parts, link.calls);
  await using _recorder = desks.recorder;
  const since = parts.clock.now();
  const places: string[] = [];
  const control = controlOf(parts, link, async () => {
    const kept = await within(ANSWER_WITHIN, link.calls.state(), parts.timers, busy).catch(() => undefined);
    return {
      version: parts.version,
      since,
      places,
      desks: desks.state(),
      recorder: desks.recorder.report(),
      inputs: kept?.inputs ?? [],
      watch: kept?.watch,
    };
  });
  await using doors = await openDoors(parts, desks, control);
  places.push(...doors.places);
  // Without TLS there is nothing to read again, and the signal for it ends the service, as it does where a terminal is closed.
  if (parts.settings.serve.certificate !== "") {
    parts.onReload(() => {
      log.info("Told to read key and certificate again.");
      doors.reload();
    });
  }
  await using _control = await listenForControl(controlSocket(folder), control);
  log.info(startText(doors, gate.isEnforcing(parts.clock.now())));
  const why = await stopped;
  log.info(`Stopping: ${why}.`);
}

function startText({ places }: Doors, isEnforcing: boolean): string {
  const mode = isEnforcing
    ? "It refuses strangers where it has reason to."
    : "It watches only, and refuses nobody: portcullis gate enforce changes that.";
  return `The gate answers at ${places.join(", ")}. ${mode}`;
}

function controlOf(
  { gate, clock, timers }: ServeParts,
  { calls }: WatchLink,
  service: () => Promise<ServiceState>,
): Control {
  return createControl(
    gate,
    {
      append: (entry) => calls.keepPosture(entry),
      countsSince: (at) => within(ANSWER_WITHIN, calls.verdictCounts(at), timers, busy),
      wouldHave: (since) => within(LOOK_WITHIN, calls.wouldHave(since), timers, busy),
      service,
    },
    clock,
    timers,
  );
}

/** Whoever asks in an emergency is answered without what the watch knows, where it is busy for longer. */
const ANSWER_WITHIN = seconds(5);
/** A week of verdicts and sign-ins is read for it, and the client waits a minute. */
const LOOK_WITHIN = seconds(25);

/** How far it is: for a person who waits, not for every piece. */
const SAID_EVERY = seconds(10);

const busy = (): Failure =>
  new Failure("watch-stopped", "the part that keeps and judges sign-ins is busy, or hangs: ask again in a minute");

const AGAIN_FIRST = seconds(1);
const AGAIN_LAST = seconds(60);

/** The other thread, whichever it is now. */
class WatchLink implements AsyncDisposable {
  readonly #parts: ServeParts;
  #worker: Worker | undefined;
  #connection: Connection<WatchCalls> | undefined;
  #again: Duration = AGAIN_FIRST;
  #isEnding = false;
  /** Calls the thread that runs now. Each rejects with a Failure while none does. */
  readonly calls: Remote<WatchCalls>;

  constructor(parts: ServeParts) {
    this.#parts = parts;
    this.calls = remoteOf<WatchCalls>(
      (name, given) => this.#connection?.call(name, given) ?? Promise.reject(down("it is being started again")),
    );
  }

  /** @throws Failure where the store cannot be opened */
  async start(): Promise<void> {
    const { gate, log, clock, startThread } = this.#parts;
    const worker = startThread();
    let failure: Failure | undefined;
    // What never came up is for whoever started it to hear of, and not started again by itself.
    let isUp = false;
    let saidAt = Number.NEGATIVE_INFINITY;
    const own: GateCalls = {
      changed: (changes) => {
        for (const change of changes) gate.apply(change);
      },
      catchingUp: (signIns) => {
        if (clock.ticks() - saidAt < SAID_EVERY) return;
        saidAt = clock.ticks();
        log.info(`Reading again what was kept: ${counted(signIns, "sign-in")} so far.`);
      },
      caughtUp: (signIns) => {
        gate.setReady();
        this.#again = AGAIN_FIRST;
        log.info(
          `The watch is up to date: ${counted(signIns, "sign-in")} kept, ${counted(gate.familiar.accounts, "account")} known.`,
        );
      },
      say: (level, sentence) => log[level](sentence),
      failed: (code: FailureCode, message: string) => {
        failure = new Failure(code, message);
      },
    };
    const connection = connect<WatchCalls>(worker, own);
    this.#worker = worker;
    this.#connection = connection;
    worker.once("error", (error) =>
      log.error(`The watch has failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
    );
    worker.once("exit", () => {
      this.#connection = undefined;
      connection.close(failure ?? down("it has ended"));
      if (isUp && !this.#isEnding) this.#restart(failure);
    });
    try {
      const kept = entriesOf(await connection.remote.postures());
      // When the watch starts again, this thread may know of changes that could not be kept yet.
      if (kept.length > gate.posture.length) gate.setPosture(kept);
      isUp = true;
    } catch (error) {
      await worker.terminate();
      throw failure ?? error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnding = true;
    // One that has just failed cannot be asked.
    await this.#connection?.remote.end().catch(() => undefined);
    await this.#worker?.terminate();
  }

  #restart(failure: Failure | undefined): void {
    const { log, timers } = this.#parts;
    const wait = this.#again;
    this.#again = doubled(wait, AGAIN_LAST);
    const why = failure === undefined ? "" : `: ${failure.message}`;
    log.error(
      `The watch has stopped${why}. The gate goes on answering from what it knows; the watch starts again in ${wait / 1_000} s.`,
    );
    timers.after(wait, () => {
      if (this.#isEnding) return;
      this.start().catch((error: unknown) => this.#restart(error instanceof Failure ? error : undefined));
    });
  }
}

const down = (why: string): Failure =>
  new Failure("watch-stopped", `the part that keeps and judges sign-ins does not run: ${why}. Its log says why.`);
