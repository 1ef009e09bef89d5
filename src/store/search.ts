/** What may be asked of the sign-ins that are kept, besides what the watch needs. Every answer, or piece of one, has a maximum. */
import type { SuccessesSince } from "#/gate/would-have.ts";
import type { Millis } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";

export type DayCount = {
  /** When the day begins, UTC. */
  readonly day: Millis;
  /** Attempts, those that happened several times counted so often. */
  readonly successes: number;
  readonly failures: number;
};

export type SignInSearch = {
  /** The newest of an account, as normalised, at that time or later: newest first, at most so many. */
  readonly ofAccount: (account: string, since: Millis, most: number) => readonly SignIn[];
  /** The newest of an address, in its canonical text. */
  readonly ofAddress: (address: string, since: Millis, most: number) => readonly SignIn[];
  /** All that succeeded at that time or later, in pieces, a quarter of an hour after the other. */
  readonly successesSince: SuccessesSince;
  /** Days that have any, from the day that holds that time on, in order. */
  readonly days: (since: Millis) => readonly DayCount[];
};
