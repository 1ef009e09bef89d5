/** What the two threads of the service ask of each other (platform/thread-calls.ts). */
import type { Code, RecordedVerdict } from "#/gate/attempt.ts";
import type { Change } from "#/gate/change.ts";
import type { PostureChange } from "#/gate/ports.ts";
import type { WatchState } from "#/gate/service-state.ts";
import type { WouldHave } from "#/gate/would-have.ts";
import type { Batch, InputReport } from "#/inputs/input.ts";
import type { FailureCode } from "#/platform/failure.ts";
import type { Level } from "#/platform/log.ts";
import type { Millis } from "#/platform/units.ts";

/** The thread that keeps and judges. Each @throws Failure, of the store mostly. */
export type WatchCalls = {
  /** Resolves when the batch is durable. */
  readonly take: (batch: Batch) => Promise<void>;
  /** Answers once all inputs run. */
  readonly postures: () => Promise<readonly PostureChange[]>;
  readonly keepPosture: (change: PostureChange) => void;
  readonly keepVerdicts: (verdicts: readonly RecordedVerdict[]) => void;
  readonly verdictCounts: (since: Millis) => ReadonlyMap<Code, number>;
  readonly wouldHave: (since: Millis) => WouldHave;
  readonly state: () => { readonly watch: WatchState; readonly inputs: readonly InputReport[] };
  /** Ends it: what was taken is kept first. */
  readonly end: () => Promise<void>;
};

/** The thread that answers servers. */
export type GateCalls = {
  readonly changed: (changes: readonly Change[]) => void;
  /** All that was kept before has been judged again; the gate knows everybody. */
  readonly caughtUp: (signIns: number) => void;
  readonly catchingUp: (signIns: number) => void;
  readonly say: (level: Level, sentence: string) => void;
  /** It cannot start, and ends. */
  readonly failed: (code: FailureCode, message: string) => void;
};
