/**
 * No sign-in has happened in the future. One that says so (a server's clock that is wrong, a line that somebody made up) is dated to when it came:
 * otherwise what it is told of would be a threat until then, and all that is true now would count as long past.
 */
import type { Batch } from "#/inputs/input.ts";
import type { Clock } from "#/platform/clock.ts";
import { type Millis, counted, days, hours, later, utcMinute } from "#/platform/units.ts";

/** A server whose zone is set wrong is ahead by fourteen hours at most; its times are still of use beside each other. */
const AHEAD_MAX = days(1);
/** It is said again when it still happens: not for every line. */
const SAID_EVERY = hours(1);

export class Ahead {
  readonly #clock: Pick<Clock, "now">;
  readonly #say: (sentence: string) => void;
  #saidAt = Number.NEGATIVE_INFINITY;

  constructor(clock: Pick<Clock, "now">, say: (sentence: string) => void) {
    this.#clock = clock;
    this.#say = say;
  }

  /** The batch, with nothing in it that is yet to come. */
  dated(batch: Batch): Batch {
    const now = this.#clock.now();
    const latest = later(now, AHEAD_MAX);
    const ahead = batch.arrivals.filter(({ signIn }) => signIn.at > latest);
    const first = ahead[0];
    if (first === undefined) return batch;
    this.#tell(batch.input, ahead.length, first.signIn.at, now);
    const arrivals = batch.arrivals.map((arrival) =>
      arrival.signIn.at > latest ? { ...arrival, signIn: { ...arrival.signIn, at: now } } : arrival,
    );
    return { ...batch, arrivals };
  }

  #tell(input: string, count: number, at: Millis, now: Millis): void {
    if (Math.abs(now - this.#saidAt) < SAID_EVERY) return;
    this.#saidAt = now;
    this.#say(
      `${input}: ${counted(count, "sign-in")} dated in the future (${utcMinute(at)} UTC, and it is ${utcMinute(now)} UTC): taken as of now. ` +
        "Look at the clocks of this machine and of the server that wrote them.",
    );
  }
}
