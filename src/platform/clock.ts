// The only place that reads the machine's clock. Everything else is handed a Clock, or lives on the sign-ins' own time.
import { type Millis, millis } from "./units.ts";

export type Clock = {
  /** The time of day, UTC. */
  now(): Millis;
  /** Milliseconds of a clock that never goes back, for measuring how long something took. */
  ticks(): number;
};

export const systemClock: Clock = {
  now: () => millis(Date.now()),
  ticks: () => performance.now(),
};
