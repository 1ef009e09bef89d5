/** Timers and a clock that stand still until a test moves them. */
import type { Clock } from "#/platform/clock.ts";
import type { Timers } from "#/platform/timers.ts";
import { type Duration, millis } from "#/platform/units.ts";

type Due = { at: number; readonly period: number; readonly run: () => void };

export class MovedTime implements Timers, Clock {
  #now: number;
  readonly #start: number;
  readonly #due = new Set<Due>();

  constructor(start: number = Date.UTC(2026, 10, 23, 10)) {
    this.#now = start;
    this.#start = start;
  }

  now = (): ReturnType<typeof millis> => millis(this.#now);
  ticks = (): number => this.#now - this.#start;

  every = (period: Duration, run: () => void): Disposable => this.#add(period, period, run);
  after = (length: Duration, run: () => void): Disposable => this.#add(length, 0, run);

  /** Lets so many milliseconds pass; what falls due is called in its order. */
  move(length: number): void {
    const end = this.#now + length;
    for (;;) {
      const next = [...this.#due].filter(({ at }) => at <= end).sort((left, right) => left.at - right.at)[0];
      if (next === undefined) break;
      this.#now = Math.max(this.#now, next.at);
      if (next.period > 0) next.at += next.period;
      else this.#due.delete(next);
      next.run();
    }
    this.#now = end;
  }

  #add(length: number, period: number, run: () => void): Disposable {
    const due = { at: this.#now + length, period, run };
    this.#due.add(due);
    return { [Symbol.dispose]: () => void this.#due.delete(due) };
  }
}
