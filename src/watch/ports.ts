/** What the watch needs of a store. store/ implements it; a contract suite holds every implementation to it. */
import type { Batch } from "#/inputs/input.ts";
import type { SignIn } from "#/signin/signin.ts";
import type { Millis } from "#/platform/units.ts";

/** A sign-in in the order in which it became durable: replaying in this order twice gives the same state. */
export type Kept = { readonly sequence: number; readonly signIn: SignIn };

export type SignInLog = {
  /**
   * Keeps the batches' sign-ins and positions, all or nothing. Those whose input and id are known already are left out, within the
   * retention. Answers those that are new, in order. When it returns they survive the end of the process at any moment.
   * @throws Failure store-full, store-unwritable
   */
  readonly append: (batches: readonly Batch[]) => readonly Kept[];
  /** In order, from after that sequence number (0 for all), in pieces of bounded size. */
  readonly readAfter: (sequence: number) => Iterable<readonly Kept[]>;
  /** Where an input was, "" if it never was anywhere. */
  readonly position: (input: string) => string;
  /** Forgets sign-ins before that time for good: they are not in the file any more. Answers how many. */
  readonly forgetBefore: (at: Millis) => number;
};

/** Snapshots of the detectors' state. Only whole ones are ever found. */
export type Snapshots = {
  /** Replaces the older ones but one. @throws Failure store-full, store-unwritable */
  readonly save: (sequence: number, version: string, body: Uint8Array) => void;
  /** The newest of that version; undefined where there is none, and replay has to begin at 0. */
  readonly newest: (version: string) => { readonly sequence: number; readonly body: Uint8Array } | undefined;
};
