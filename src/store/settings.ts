/** What the site can say about how things are kept. */
import { Failure } from "#/platform/failure.ts";
import type { Units } from "#/platform/settings.ts";
import { type Duration, days } from "#/platform/units.ts";

export type Settings = {
  /** How long sign-ins and recorded verdicts are kept; then they are deleted, also from the file. */
  readonly retention: Duration;
  /**
   * What acknowledged sign-ins survive: "process" (the end of Portcullis at any moment) or "power" (that of the machine, too; each
   * batch then waits for the disk).
   */
  readonly flush: string;
};

/** Ninety days: long enough to find when a thief who is noticed late came in first. */
export const defaults: Settings = { retention: days(90), flush: "process" };

export const units: Units<Settings> = { retention: "duration", flush: "text" };

export type Flush = "process" | "power";

/** @throws Failure settings-invalid */
export function flushOf({ flush }: Settings): Flush {
  if (flush === "process" || flush === "power") return flush;
  throw new Failure(
    "settings-invalid",
    `store.flush is ${JSON.stringify(flush)}: write "process" (what is acknowledged survives the end of Portcullis) or "power" (a power cut, too, but slower).`,
  );
}
