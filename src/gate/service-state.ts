/** How the running service is: what is connected, since when, what stands in its way. For `doctor`, and for whoever watches over it. */
import type { InputReport } from "#/inputs/input.ts";
import type { Millis } from "#/platform/units.ts";
import type { DeskReport } from "./protocols/desk.ts";
import type { RecorderReport } from "./protocols/verdict-recorder.ts";

export type ServiceState = {
  readonly version: string;
  /** When it was started. */
  readonly since: Millis;
  /** Where it listens, in words. */
  readonly places: readonly string[];
  /** What each protocol was asked and told since the start. */
  readonly desks: readonly DeskState[];
  readonly recorder: RecorderReport;
  readonly inputs: readonly InputReport[];
  /** undefined while the part that keeps and judges does not run. */
  readonly watch: WatchState | undefined;
};

/** A desk's report as JSON can say it. */
export type DeskState = Omit<DeskReport, "verdicts"> & {
  readonly verdicts: readonly (readonly [codeAndAnswer: string, count: number])[];
};

/** What is kept and judged. */
export type WatchState = {
  /** Sign-ins that wait to be kept. */
  readonly waiting: number;
  /** Sign-ins kept and judged, since this start and before. */
  readonly judged: number;
  /** Of those, attempts of which the gate was told and that a log told again. */
  readonly toldAgain: number;
  /** Time of the latest sign-in; 0 for none. */
  readonly last: Millis;
  readonly successes: number;
  readonly failures: number;
  /** Without an address: nothing is familiar there, and nobody can be refused. */
  readonly addressless: number;
  readonly accounts: number;
  /** Why nothing can be kept now; "" for nothing. */
  readonly trouble: string;
};
