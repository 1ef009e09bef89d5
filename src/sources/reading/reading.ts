/**
 * From paths to sign-ins in time order: finds the files, reads each log, merges them, and reports what was read. With workers, reading goes
 * on in a thread of its own while the caller judges; what comes out is the same.
 *
 * The way of one line: inputs.ts (which files) -> bytes.ts (decompressed) -> framer.ts (lines or records) -> recogniser.ts (whose it is)
 * -> the source -> join.ts (one attempt counts once) -> merge.ts (all logs by time) -> copies.ts, pairing.ts (what two logs tell of).
 * It judges nothing.
 */
import type { Clock } from "#/platform/clock.ts";
import { Failure } from "#/platform/failure.ts";
import type { Millis } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";
import { sources } from "#/sources/all.ts";
import { type Choice, chooseSources } from "./choose.ts";
import { findLogs } from "./inputs.ts";
import { readHere } from "./read-here.ts";
import { readInThread } from "./read-in-thread.ts";
import type { FileReport } from "./report.ts";
import type { ThreadTask } from "./task.ts";

export type Progress = {
  readonly bytes: number;
  /** Undefined where the end is not known. */
  readonly bytesTotal: number | undefined;
  readonly lines: number;
};

export type ReadingOptions = Choice & {
  readonly timezone: string;
  readonly since: Millis | undefined;
  readonly until: Millis | undefined;
  readonly clock: Clock;
  /** Threads beside the caller's: 0 for none, 1 or more for one that reads. */
  readonly workers: number;
  readonly onProgress: ((progress: Progress) => void) | undefined;
};

/** What was read, as `Read` of incidents/conclusion.ts wants it. */
export type ReadSummary = {
  readonly files: readonly FileSummary[];
  /** Each counted once, however many of the files tell of it. */
  readonly signIns: number;
  readonly zoneAssumed: string | undefined;
};

export type FileSummary = Pick<
  FileReport,
  "path" | "lines" | "signIns" | "leftOut" | "ignored" | "malformed" | "from" | "to" | "malformedLines" | "notes"
> & {
  /** Ids of the formats found in it, those with most sign-ins first, joined by "+"; "none". */
  readonly format: string;
};

export type Reading = AsyncIterable<readonly SignIn[]> & {
  /** What was read; once the iteration has ended. @throws Failure nothing-recognised, file-empty. */
  summary(): ReadSummary;
};

/** @throws Failure (at once or while iterating) for everything that whoever asked can mend. */
export function readSignIns(paths: readonly string[], options: ReadingOptions): Reading {
  const { clock, onProgress, workers, ...choice } = options;
  const task: ThreadTask = { ...choice, paths, now: clock.now() };
  const files = findLogs(paths).flat();
  chooseSources(options);
  const isEndless = files.some(({ path }) => path === "-");
  const bytesTotal = isEndless ? undefined : files.reduce((sum, { size }) => sum + size, 0);
  const seen = { bytes: 0, lines: 0 };
  const advance = (bytes: number, lines: number): void => {
    seen.bytes += bytes;
    seen.lines += lines;
    onProgress?.({ bytes: seen.bytes, bytesTotal, lines: seen.lines });
  };
  const reports: FileReport[] = [];
  const read = workers > 0 ? readInThread : readHere;
  const iterate = read(task, advance, reports);
  return { [Symbol.asyncIterator]: () => iterate, summary: () => summarise(reports, options) };
}

function summarise(reports: readonly FileReport[], { format }: Choice): ReadSummary {
  const recognised = reports.reduce((sum, report) => sum + report.recognised, 0);
  const isOther = reports.some(({ looksLike }) => looksLike !== "");
  if (recognised === 0 || isOther) throw nothingRecognised(reports, format);
  return {
    files: reports.map((report) => fileSummary(report)),
    signIns: reports.reduce((sum, { signIns, copied, toldBetter }) => sum + signIns - copied - toldBetter, 0),
    zoneAssumed: reports.find(({ zoneAssumed }) => zoneAssumed !== undefined)?.zoneAssumed,
  };
}

function fileSummary(report: FileReport): FileSummary {
  const byCount = [...report.formats].sort((left, right) => right[1] - left[1]);
  const { path, lines, signIns, leftOut, ignored, malformed, from, to, malformedLines, notes } = report;
  const ids = byCount.length > 0 ? byCount.map(([id]) => id) : [...report.known];
  const format = ids.join("+") || "none";
  return { path, format, lines, signIns, leftOut, ignored, malformed, from, to, malformedLines, notes };
}

function nothingRecognised(reports: readonly FileReport[], format: string | undefined): Failure {
  const names = reports.slice(0, 5).map(({ path }) => path);
  const what = reports.length > names.length ? `${names.join(", ")}, ...` : names.join(", ");
  const lines = reports.reduce((sum, report) => sum + report.lines, 0);
  const notes = [...new Set(reports.flatMap((report) => report.notes))].slice(0, 3).join("; ");
  const also = notes === "" ? "" : ` (${notes})`;
  if (lines === 0) return new Failure("file-empty", `${what}: there is nothing in it${also}.`);
  const own =
    "If it is CSV or JSON lines, say which field is which: --map time=...,account=...,address=...,outcome=...";
  if (format !== undefined) {
    const looksLike = [...new Set(reports.map((report) => report.looksLike))].filter((id) => id !== "").join("+");
    const hint =
      looksLike === ""
        ? `Without --format, all formats are tried. ${own}`
        : `It looks like ${looksLike}: leave --format out, and it is read as that.`;
    const message = `${what}: none of the ${lines} lines is a sign-in of the format ${format}${also}. ${hint}`;
    return new Failure("nothing-recognised", message);
  }
  const ids = sources.map(({ id }) => id).join(", ");
  const message =
    `${what}: none of the ${lines} lines is of a format that Portcullis knows${also}. It looked for: ${ids}. ` +
    `${own} If it is one of these formats in an unusual wrapper, try --format.`;
  return new Failure("nothing-recognised", message);
}
