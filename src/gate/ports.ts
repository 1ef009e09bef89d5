/** What the gate needs kept. store/ implements it; a contract suite holds every implementation to it. */
import type { Millis } from "#/platform/units.ts";
import type { Code, RecordedVerdict } from "./attempt.ts";

/** What JSON can say; nothing else can be kept. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Who changed the posture, why and until when. What was changed is in the gate's own words. */
export type PostureChange = {
  readonly at: Millis;
  readonly author: string;
  readonly reason: string;
  /** When it ends by itself; undefined for never. */
  readonly until: Millis | undefined;
  readonly change: Json;
};

/** Every posture change there ever was. Nothing is overwritten: an undo is one more. Only operators make it grow. */
export type PostureLog = {
  /** When it returns, the change survives the end of the process. @throws Failure store-full, store-unwritable */
  readonly append: (change: PostureChange) => void;
  /** In the order in which they were appended. */
  readonly all: () => readonly PostureChange[];
};

/** Verdicts that were, or would have been, other than "allow". */
export type VerdictLog = {
  /** All or nothing. @throws Failure store-full, store-unwritable */
  readonly append: (verdicts: readonly RecordedVerdict[]) => void;
  /** Those at that time or later, in order of time, in pieces of bounded size. */
  readonly readSince: (at: Millis) => Iterable<readonly RecordedVerdict[]>;
  /** How many there are of each code at that time or later; codes without any are left out. */
  readonly countsSince: (at: Millis) => ReadonlyMap<Code, number>;
  /** Forgets those before that time for good: they are not in the file any more. Answers how many. */
  readonly forgetBefore: (at: Millis) => number;
};
