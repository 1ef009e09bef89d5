// What every input is handed: its clock, whoever takes what it has read, and where it was.
import type { Clock } from "#/platform/clock.ts";
import type { Timers } from "#/platform/timers.ts";
import type { Take } from "./input.ts";
import type { LiveCopies } from "./live-copies.ts";

export type InputContext = {
  readonly take: Take;
  /** Where an input was, "" if it never was anywhere. */
  readonly position: (input: string) => string;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Zone of times that have none, IANA name. */
  readonly timezone: string;
  /** Of all inputs together. */
  readonly copies: LiveCopies;
};
