// The only place that starts timers. Everything else is handed a Timer, so that tests can say when its time has come.
import type { Duration } from "./units.ts";

export type Timer = {
  /** Runs the task once after that time, unless it is cancelled before. Keeps no process alive. */
  after(delay: Duration, task: () => void): () => void;
};

export const systemTimer: Timer = {
  after(delay, task) {
    const timer = setTimeout(task, delay);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
