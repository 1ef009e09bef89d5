/** What the gate needs of a store. store/ implements it; nothing here is asked for while an attempt waits for its answer. */
import type { Millis } from "#/platform/units.ts";
import type { Code, RecordedVerdict } from "./attempt.ts";
import type { PostureEntry } from "./posture.ts";

/** What people decided, for ever: nothing is changed and nothing is taken away. */
export type PostureLog = {
  /** Returns when it is durable. @throws Failure store-full, store-unwritable */
  readonly append: (entry: PostureEntry) => void;
  /** All of it, in order. */
  readonly read: () => readonly PostureEntry[];
};

/** Verdicts that were, or would have been, other than "allow". */
export type VerdictLog = {
  /** @throws Failure store-full, store-unwritable */
  readonly append: (recorded: readonly RecordedVerdict[]) => void;
  /** Those at or after that time, in order, in pieces of bounded size. */
  readonly readSince: (at: Millis) => Iterable<readonly RecordedVerdict[]>;
  /** How many at or after that time, by code. */
  readonly countsSince: (at: Millis) => ReadonlyMap<Code, number>;
};

/** A sign-in that succeeded. */
export type Success = { readonly at: Millis; readonly account: string; readonly address: string };

/** Who got in from where: tells whom refusals would have hurt. */
export type SuccessLog = {
  /** Those at or after that time, in order, in pieces of bounded size. */
  readonly successesSince: (at: Millis) => Iterable<readonly Success[]>;
};
