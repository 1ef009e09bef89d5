// What is to be read, in a form that can be sent to a thread, and what the thread answers.
import type { FailureCode } from "#/platform/failure.ts";
import type { Millis } from "#/platform/units.ts";
import type { Choice } from "./choose.ts";
import type { FileReport } from "./report.ts";
import type { Packet } from "./wire.ts";

export type ThreadTask = Choice & {
  readonly paths: readonly string[];
  readonly timezone: string;
  readonly since: Millis | undefined;
  readonly until: Millis | undefined;
  readonly now: Millis;
};

export type ThreadMessage =
  | { readonly kind: "batch"; readonly packet: Packet }
  | { readonly kind: "progress"; readonly bytes: number; readonly lines: number }
  | { readonly kind: "done"; readonly reports: readonly FileReport[] }
  | { readonly kind: "failure"; readonly code: FailureCode; readonly message: string };

/** What the thread is told meanwhile: a batch was taken, or no more are wanted. */
export type ThreadAnswer = "taken" | "enough";

/** Takes note of bytes and lines since it was last called. */
export type Advance = (bytes: number, lines: number) => void;
