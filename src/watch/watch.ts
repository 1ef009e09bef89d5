/**
 * The watch: one sign-in's whole way, live, stands here. What inputs bring is kept first, in groups; then it is acknowledged; then it is judged, in
 * the order in which it was kept; then the gate is told what changed. So after a restart the same state follows from what was kept, and
 * nothing that was acknowledged is lost. It knows no protocol, and not how a store keeps.
 */
import type { Change } from "#/gate/change.ts";
import type { WatchState } from "#/gate/service-state.ts";
import type { Conclusion } from "#/incidents/conclusion.ts";
import type { Judge } from "#/incidents/judge.ts";
import type { JudgeSettings } from "#/incidents/settings.ts";
import type { Batch } from "#/inputs/input.ts";
import type { Clock } from "#/platform/clock.ts";
import { Failure } from "#/platform/failure.ts";
import { type Timers, soon } from "#/platform/timers.ts";
import { type Duration, type Millis, doubled, millis, seconds } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";
import { Ahead } from "./ahead.ts";
import { FamiliarChanges } from "./familiar.ts";
import { StateKeeper } from "./keeper.ts";
import type { Kept, SignInLog, Snapshots } from "./ports.ts";
import type { Settings } from "./settings.ts";
import { type State, createState } from "./state.ts";

export type WatchPorts = {
  readonly log: SignInLog;
  readonly snapshots: Snapshots;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Takes what changed, in order, at most `TOLD_AT_ONCE` each time. Resolves when the gate has it. */
  readonly changed: (changes: readonly Change[]) => void | Promise<void>;
  /** What became of store and state, for the service's log. */
  readonly say: (sentence: string) => void;
};

export type WatchOptions = {
  readonly settings: Settings;
  readonly judge: JudgeSettings;
  /** How long sign-ins are kept. */
  readonly retention: Duration;
  /** Which program this is (platform/program-digest.ts): snapshots of another one are of no use. */
  readonly program: string;
};

type Waiting = { readonly batch: Batch; readonly kept: () => void };

const AGAIN_FIRST = seconds(1);
const AGAIN_LAST = seconds(30);
/** Sign-ins that are kept in one go: a bound on how long one commit takes. */
const GROUP_MAX = 10_000;
/** Looking back may take this share of the time. */
const LOOK_BACK_SHARE = 0.1;

/** The gate takes in so many within a millisecond or two, between two answers. */
const TOLD_AT_ONCE = 1_000;

export class Watch implements AsyncDisposable {
  readonly #ports: WatchPorts;
  readonly #options: WatchOptions;
  readonly #keeper: StateKeeper;
  readonly #ahead: Ahead;
  #state: State;
  #familiar: FamiliarChanges;
  /** The last of the kept sign-ins that has been judged. */
  #sequence = 0;
  readonly #timers: Disposable[] = [];
  #retry: Disposable | undefined;
  #changes: Change[] = [];
  #queue: Waiting[] = [];
  #waiting = 0;
  readonly #forRoom: (() => void)[] = [];
  #isCommitting = false;
  #isCaughtUp = false;
  #trouble = "";
  #again: Duration = AGAIN_FIRST;
  #judgedAtLookBack = 0;
  #lookBackNotBefore = 0;

  constructor(ports: WatchPorts, options: WatchOptions) {
    this.#ports = ports;
    this.#options = options;
    const settings = { judge: options.judge, watch: options.settings };
    this.#keeper = new StateKeeper(ports.snapshots, options.program, settings, ports.say);
    this.#ahead = new Ahead(ports.clock, ports.say);
    this.#state = createState(settings, this.#changed);
    this.#familiar = new FamiliarChanges(this.judge.familiarity, this.#changed);
  }

  get judge(): Judge {
    return this.#state.judge;
  }

  /**
   * Judges again what was kept since the newest snapshot, then tells the gate all that holds. What is taken meanwhile is kept and acknowledged as ever,
   * and judged when its turn comes.
   */
  async catchUp(progress: (signIns: number) => void): Promise<void> {
    this.#goOnFromSnapshot();
    for (const piece of this.#ports.log.readAfter(this.#sequence)) {
      this.#judgeAll(piece);
      this.#changes = [];
      progress(this.#state.counts.judged);
      await new Promise<void>((resolve) => soon(resolve));
    }
    this.#isCaughtUp = true;
    this.lookBack();
    this.#changes = [];
    // Piece by piece: a gate that takes in a million accounts at once answers nobody meanwhile. What changes between two pieces is in its place.
    for (const piece of inPieces(this.changesNow())) await this.#ports.changed(piece);
    const { lookBackEvery, forgetEvery, snapshotEvery } = this.#options.settings;
    this.#timers.push(this.#ports.timers.every(lookBackEvery, () => this.#lookBackIfNew()));
    this.#timers.push(this.#ports.timers.every(forgetEvery, () => this.#forget()));
    this.#timers.push(this.#ports.timers.every(snapshotEvery, () => this.#snapshot()));
    // Whatever had to be judged again need not be another time.
    this.#snapshot();
  }

  /** Resolves when it is kept: then it survives the end of this process at any moment. Where too much waits, it waits outside. */
  async take(given: Batch): Promise<void> {
    const batch = this.#ahead.dated(given);
    while (this.#waiting > 0 && this.#waiting + batch.arrivals.length > this.#options.settings.waitingMax) {
      await new Promise<void>((resolve) => this.#forRoom.push(resolve));
    }
    this.#waiting += batch.arrivals.length;
    await new Promise<void>((kept) => {
      this.#queue.push({ batch, kept });
      this.#commitSoon();
    });
  }

  /** All that holds, for a gate that starts. */
  *changesNow(): Generator<Change> {
    yield* this.#familiar.all();
    yield* this.#state.threats.running(this.#now());
  }

  conclusion(): Conclusion {
    return this.judge.conclude({ files: [], signIns: this.#state.counts.judged, zoneAssumed: undefined });
  }

  /** Who took part and who fell, with hindsight; the gate is told. */
  lookBack(): void {
    this.#judgedAtLookBack = this.#state.counts.judged;
    const { clock } = this.#ports;
    const start = clock.ticks();
    this.#state.found.lookBack(this.conclusion(), this.#now());
    this.#lookBackNotBefore = clock.ticks() + (clock.ticks() - start) / LOOK_BACK_SHARE;
    this.#tellChanges();
  }

  /** By the sign-ins' own time, and never later than it is: a single server that is hours ahead must not make all others' threats look past. */
  #now(): Millis {
    return millis(Math.min(this.judge.last, this.#ports.clock.now()));
  }

  status(): WatchState {
    const { last, successes, failures, addressless, familiarity } = this.judge;
    const { counts } = this.#state;
    return {
      waiting: this.#waiting,
      judged: counts.judged,
      toldAgain: counts.toldAgain,
      last,
      successes,
      failures,
      addressless,
      accounts: familiarity.accountsSeen,
      trouble: this.#trouble,
    };
  }

  /** Keeps what waits, if it can be kept, and ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers.splice(0)) timer[Symbol.dispose]();
    this.#retry?.[Symbol.dispose]();
    while (this.#queue.length > 0 && this.#trouble === "") {
      await new Promise<void>((resolve) => soon(resolve));
      if (!this.#isCommitting) this.#commit();
    }
    this.#snapshot();
  }

  #commitSoon(): void {
    if (this.#isCommitting || this.#trouble !== "") return;
    this.#isCommitting = true;
    soon(() => this.#commit());
  }

  #commit(): void {
    this.#isCommitting = false;
    const group = this.#nextGroup();
    if (group.length === 0) return;
    let kept: readonly Kept[];
    try {
      kept = this.#ports.log.append(group.map(({ batch }) => batch));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#waitForStore(error);
      return;
    }
    if (this.#trouble !== "") this.#ports.say("What comes in is kept again.");
    this.#trouble = "";
    this.#again = AGAIN_FIRST;
    this.#queue = this.#queue.slice(group.length);
    for (const { batch, kept: acknowledge } of group) {
      this.#waiting -= batch.arrivals.length;
      acknowledge();
    }
    for (const proceed of this.#forRoom.splice(0)) proceed();
    if (this.#isCaughtUp) this.#judgeAll(kept);
    this.#tellChanges();
    if (this.#queue.length > 0) this.#commitSoon();
  }

  /** The oldest batches, at least one and no more than so many sign-ins. */
  #nextGroup(): readonly Waiting[] {
    let signIns = 0;
    const end = this.#queue.findIndex(({ batch }, index) => {
      signIns += batch.arrivals.length;
      return index > 0 && signIns > GROUP_MAX;
    });
    return end < 0 ? this.#queue : this.#queue.slice(0, end);
  }

  #waitForStore({ message }: Failure): void {
    if (this.#trouble === "") this.#ports.say(`What comes in cannot be kept, and waits: ${message}`);
    this.#trouble = message;
    const wait = this.#again;
    this.#again = doubled(wait, AGAIN_LAST);
    this.#retry = this.#ports.timers.after(wait, () => this.#commit());
  }

  #judgeAll(all: readonly Kept[]): void {
    for (const { sequence, signIn } of all) {
      this.#judge(signIn);
      this.#sequence = sequence;
    }
  }

  #judge(signIn: SignIn): void {
    const { counts } = this.#state;
    counts.judged += 1;
    const count = this.#state.alreadyTold.toCount(signIn);
    if (count === 0) {
      counts.toldAgain += 1;
      return;
    }
    this.judge.add([count === signIn.count ? signIn : { ...signIn, count }]);
    this.#familiar.observe(signIn);
    this.#state.found.observe(signIn);
  }

  readonly #changed = (change: Change): void => {
    this.#changes.push(change);
  };

  #goOnFromSnapshot(): void {
    const found = this.#keeper.newest(this.#changed);
    if (found === undefined) return;
    this.#state = found.state;
    this.#sequence = found.sequence;
    this.#familiar = new FamiliarChanges(this.judge.familiarity, this.#changed);
    this.#familiar.goOn();
  }

  /** Not before all that was kept has been judged: what is judged again from the beginning may be less than an older snapshot knows. */
  #snapshot(): void {
    if (this.#isCaughtUp) this.#keeper.save(this.#state, this.#sequence);
  }

  #tellChanges(): void {
    if (this.#changes.length === 0) return;
    const changes = this.#changes;
    this.#changes = [];
    for (const piece of inPieces(changes)) void this.#ports.changed(piece);
  }

  #lookBackIfNew(): void {
    if (this.#state.counts.judged > this.#judgedAtLookBack && this.#ports.clock.ticks() >= this.#lookBackNotBefore)
      this.lookBack();
  }

  #forget(): void {
    const before = millis(this.#ports.clock.now() - this.#options.retention);
    try {
      this.#ports.log.forgetBefore(before);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#ports.say(`What is older than the retention cannot be deleted: ${error.message}`);
    }
  }
}

function* inPieces(changes: Iterable<Change>): Generator<readonly Change[]> {
  let piece: Change[] = [];
  for (const change of changes) {
    piece.push(change);
    if (piece.length < TOLD_AT_ONCE) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}
