/**
 * From paths to sign-ins in time order: finds the files, reads each log, merges them, and reports what was read. With workers, reading goes
 * on in a thread of its own while the caller judges; what comes out is the same.
 */
import { Worker } from "node:worker_threads";
import type { Clock } from "#/platform/clock.ts";
import { Failure, type FailureCode } from "#/platform/failure.ts";
import type { Millis } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";
import { sources } from "#/sources/all.ts";
import { type Choice, chooseSources } from "./choose.ts";
import { findLogs } from "./inputs.ts";
import { type LogOptions, LogReader } from "./log-reader.ts";
import { merge } from "./merge.ts";
import type { FileReport } from "./report.ts";
import { Decoder, type Packet } from "./wire.ts";

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
  readonly files: readonly {
    readonly path: string;
    readonly format: string;
    readonly lines: number;
    readonly signIns: number;
    readonly ignored: number;
    readonly malformed: number;
    readonly from: Millis | undefined;
    readonly to: Millis | undefined;
    readonly malformedLines: FileReport["malformedLines"];
    readonly notes: readonly string[];
  }[];
  readonly signIns: number;
  readonly zoneAssumed: string | undefined;
};

export type Reading = AsyncIterable<readonly SignIn[]> & {
  /** What was read; once the iteration has ended. @throws Failure nothing-recognised, file-empty. */
  summary(): ReadSummary;
};

/** What a thread is told: everything but what cannot be sent. */
export type ThreadTask = Omit<ReadingOptions, "clock" | "onProgress" | "workers"> & {
  readonly paths: readonly string[];
  readonly now: Millis;
};

/** What a thread says. */
export type ThreadMessage =
  | { readonly kind: "batch"; readonly packet: Packet }
  | { readonly kind: "progress"; readonly bytes: number; readonly lines: number }
  | { readonly kind: "done"; readonly reports: readonly FileReport[] }
  | { readonly kind: "failure"; readonly code: FailureCode; readonly message: string };

/** @throws Failure (at once or while iterating) for everything that whoever asked can mend. */
export function readSignIns(paths: readonly string[], options: ReadingOptions): Reading {
  const { clock, onProgress, workers, ...choice } = options;
  const task: ThreadTask = { ...choice, paths, now: clock.now() };
  const logs = findLogs(paths);
  chooseSources(options);
  const files = logs.flat();
  const isEndless = files.some(({ path }) => path === "-");
  const bytesTotal = isEndless ? undefined : files.reduce((sum, { size }) => sum + size, 0);
  const seen = { bytes: 0, lines: 0 };
  const progress = (bytes: number, lines: number): void => {
    seen.bytes += bytes;
    seen.lines += lines;
    onProgress?.({ bytes: seen.bytes, bytesTotal, lines: seen.lines });
  };
  const reports: FileReport[] = [];
  const iterate = workers > 0 ? readInThread(task, progress, reports) : readHere(task, progress, reports);
  return { [Symbol.asyncIterator]: () => iterate, summary: () => summarise(reports) };
}

/** The reading itself, in whatever thread this is. */
export async function* readHere(
  task: ThreadTask,
  progress: (bytes: number, lines: number) => void,
  reports: FileReport[],
): AsyncGenerator<readonly SignIn[]> {
  const options: LogOptions = { ...task, ...chooseSources(task), onProgress: progress };
  const readers = findLogs(task.paths).map((log) => new LogReader(log, options));
  yield* merge(readers.map((reader) => reader.batches()));
  reports.push(...readers.flatMap((reader) => reader.reports));
}

async function* readInThread(
  task: ThreadTask,
  progress: (bytes: number, lines: number) => void,
  reports: FileReport[],
): AsyncGenerator<readonly SignIn[]> {
  const worker = new Worker(new URL("./thread.ts", import.meta.url), { workerData: task });
  const decoder = new Decoder();
  const waiting: ThreadMessage[] = [];
  let wake: (() => void) | undefined;
  let broken: unknown;
  worker.on("message", (message: ThreadMessage) => {
    waiting.push(message);
    wake?.();
  });
  worker.on("error", (error) => {
    broken = error;
    wake?.();
  });
  try {
    for (;;) {
      const message = waiting.shift();
      if (message === undefined) {
        if (broken !== undefined) throw broken;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      switch (message.kind) {
        case "batch":
          worker.postMessage("taken");
          yield decoder.decode(message.packet);
          break;
        case "progress":
          progress(message.bytes, message.lines);
          break;
        case "failure":
          throw new Failure(message.code, message.message);
        case "done":
          reports.push(...message.reports);
          return;
        default:
          message satisfies never;
      }
    }
  } finally {
    await worker.terminate();
  }
}

function summarise(reports: readonly FileReport[]): ReadSummary {
  const recognised = reports.reduce((sum, report) => sum + report.recognised, 0);
  if (recognised === 0) throw nothingRecognised(reports);
  return {
    files: reports.map(({ formats, recognised: _, zoneAssumed: _zone, ...report }) => ({
      ...report,
      format: [...formats].sort((left, right) => right[1] - left[1]).map(([id]) => id).join("+") || "none",
    })),
    signIns: reports.reduce((sum, report) => sum + report.signIns, 0),
    zoneAssumed: reports.find((report) => report.zoneAssumed !== undefined)?.zoneAssumed,
  };
}

function nothingRecognised(reports: readonly FileReport[]): Failure {
  const names = reports.map(({ path }) => path).slice(0, 5).join(", ");
  const lines = reports.reduce((sum, report) => sum + report.lines, 0);
  if (lines === 0) return new Failure("file-empty", `${names}: there is nothing in it.`);
  return new Failure(
    "nothing-recognised",
    `${names}: none of the ${lines} lines is of a format that Portcullis knows. It looked for: ` +
      `${sources.map(({ id }) => id).join(", ")}. If it is CSV or JSON lines, say which field is which: ` +
      "--map time=...,account=...,address=...,outcome=... If it is one of these formats in an unusual wrapper, try --format.",
  );
}
