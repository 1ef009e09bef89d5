// The only place that lets real time pass. Everything else is handed Timers, so that tests move the time themselves.
import type { Duration } from "./units.ts";

export type Timers = {
  /** Calls again and again, until it is disposed of. */
  readonly every: (period: Duration, run: () => void) => Disposable;
  /** Calls once, unless it is disposed of before. */
  readonly after: (length: Duration, run: () => void) => Disposable;
};

export const systemTimers: Timers = {
  every(period, run) {
    const timer = setInterval(run, period);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  },
  after(length, run) {
    const timer = setTimeout(run, length);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};

/** Calls when everything that has arrived by now has been looked at. */
export const soon = (run: () => void): void => {
  setImmediate(run);
};

/** What comes of it, unless that takes too long. The work itself goes on. @throws late() then */
export async function within<Value>(
  limit: Duration,
  work: Promise<Value>,
  timers: Pick<Timers, "after">,
  late: () => Error,
): Promise<Value> {
  const { promise: over, reject } = Promise.withResolvers<never>();
  using _limit = timers.after(limit, () => reject(late()));
  return await Promise.race([work, over]);
}
