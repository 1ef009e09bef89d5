// What was read from a file, as it is counted while reading.
import type { Millis } from "#/platform/units.ts";

export type FileReport = {
  readonly path: string;
  /** Sign-ins by source id. */
  readonly formats: Map<string, number>;
  lines: number;
  signIns: number;
  /** Of these, the attempts that another log tells of as well: in the same words, and in better ones. Counted there. */
  copied: number;
  toldBetter: number;
  /** Attempts before --since or from --until on, which are in none of the other figures. */
  leftOut: number;
  ignored: number;
  malformed: number;
  /** Entries that some source knew, sign-ins or not, and the ids of those sources. */
  recognised: number;
  readonly known: Set<string>;
  /** The format that it seems to be, where --format named one of which it holds no sign-in. */
  looksLike: string;
  from: Millis | undefined;
  to: Millis | undefined;
  readonly malformedLines: { readonly line: number; readonly why: string; readonly text: string }[];
  readonly notes: string[];
  /** The zone assumed for times without one. */
  zoneAssumed: string | undefined;
};
