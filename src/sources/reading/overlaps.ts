// How much of each log is in the others as well, and the words in which the reader is told.
import type { FileReport } from "./report.ts";

/** Logs that are named; more of them are counted. */
const NAMED_MAX = 3;

const figures = new Intl.NumberFormat("en-US");

export class Overlaps {
  /** By log, then by the log that has the same. */
  readonly #counts = new Map<number, Map<number, number>>();

  count(log: number, original: number, count: number): void {
    const others = this.#counts.get(log);
    if (others === undefined) this.#counts.set(log, new Map([[original, count]]));
    else others.set(original, (others.get(original) ?? 0) + count);
  }

  /** Notes it in the reports of the logs, which are given by their numbers. */
  tell(logs: readonly (readonly FileReport[])[]): void {
    for (const [log, others] of this.#counts) {
      const report = logs[log]?.at(-1);
      if (report === undefined) continue;
      const sorted = [...others].sort((left, right) => right[1] - left[1]);
      report.copied = sorted.reduce((sum, [, count]) => sum + count, 0);
      const named = sorted.slice(0, NAMED_MAX).map(([other]) => logs[other]?.at(-1)?.path ?? "");
      const more = sorted.length > NAMED_MAX ? ` and ${sorted.length - NAMED_MAX} more` : "";
      report.notes.push(`${what(report.copied, logs[log] ?? [])} also in ${named.join(", ")}${more}; counted once`);
    }
    for (const report of logs.flat()) {
      if (report.toldBetter === 0) continue;
      report.notes.push(`${what(report.toldBetter, [report])} told of by another log, too; counted once`);
    }
  }
}

/** Rotated files are told of together. */
function what(count: number, files: readonly FileReport[]): string {
  const sum = files.length > 1 ? ", those of the rotated files included," : "";
  return count === 1 ? `1 sign-in${sum} is` : `${figures.format(count)} sign-ins${sum} are`;
}
