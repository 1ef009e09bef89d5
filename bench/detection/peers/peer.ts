/**
 * What a peer's rule is here: a small function over the same stream of sign-ins that we see, with its published numbers. It
 * has no clock but the stream's, and knows nothing of the truth. Where a rule needs what logs do not have, `needs` says so.
 */
import type { Duration } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";

export type Seen = {
  readonly signIn: SignIn;
  /** Equal numbers, equal passwords; 0 for the account's own. Only a rule in the verification path may look at it. */
  readonly passwordId: number;
};

/** Raises an alarm about an address, or with "" about the site as a whole. */
export type Say = (at: number, address: string) => void;

export type Running = {
  /** The time has come this far: for rules that run by the clock. Called before each step, and at the end. */
  readonly until?: (at: number) => void;
  readonly step: (seen: Seen) => void;
  /** Whether a right password from there would be refused; where absent, what is blocked is. */
  readonly refuses?: (signIn: SignIn) => boolean;
};

export type Peer = {
  readonly name: string;
  /** The rule in words, with its numbers. */
  readonly rule: string;
  /** What it needs that a sign-in log may not have. */
  readonly needs: string;
  /**
   * How long an address is refused after an alarm; "for good" where the rule only tells, and somebody would have to act on
   * it.
   */
  readonly blocks: Duration | "for good";
  /** @param seed for rules that draw lots. */
  readonly start: (say: Say, seed: number) => Running;
};

/** A failure that is the caller's, not the institution's own trouble: what log filters match. */
export const isFailure = ({ outcome, reason }: SignIn): boolean => outcome === "failure" && reason !== "fault";

/** Values by key, forgotten some time between one and two spans after their last use. */
export class Recent<Value> {
  readonly #span: number;
  readonly #create: () => Value;
  #now = new Map<string, Value>();
  #before = new Map<string, Value>();
  #since = 0;

  constructor(span: number, create: () => Value) {
    this.#span = span;
    this.#create = create;
  }

  at(key: string, at: number): Value {
    if (at - this.#since >= this.#span) {
      this.#before = at - this.#since < 2 * this.#span ? this.#now : new Map<string, Value>();
      this.#now = new Map();
      this.#since = at;
    }
    const value = this.#now.get(key) ?? this.#before.get(key) ?? this.#create();
    this.#now.set(key, value);
    return value;
  }

  forget(key: string): void {
    this.#now.delete(key);
    this.#before.delete(key);
  }
}

/** Calls `run` at each whole multiple of a period that has passed. */
export function everyPeriod(period: number, run: (at: number) => void): (at: number) => void {
  let next = 0;
  return (at) => {
    if (next === 0) next = Math.floor(at / period) * period + period;
    for (; next <= at; next += period) run(next);
  };
}
