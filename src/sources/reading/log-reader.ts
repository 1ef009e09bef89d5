/**
 * One log, that is a file with its rotated forerunners, as sign-ins in batches. Each file gets a report of what was read from it.
 * Everything that was not used is counted there.
 */
import { Failure } from "#/platform/failure.ts";
import type { Millis } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";
import { LocalTime } from "#/sources/local-time.ts";
import { type Bytes, openBytes } from "./bytes.ts";
import { ClockJumps } from "./clock-jumps.ts";
import { type Tally, createFramer } from "./framer.ts";
import type { InputFile, Log } from "./inputs.ts";
import { detached } from "./interner.ts";
import { Join } from "./join.ts";
import { Recogniser, type RecogniserOptions } from "./recogniser.ts";
import type { FileReport } from "./report.ts";

export type LogOptions = RecogniserOptions & {
  readonly timezone: string;
  readonly since: Millis | undefined;
  readonly until: Millis | undefined;
  /** The present, for streams that have no date. */
  readonly now: Millis;
  /** Bytes and lines since it was last called. */
  readonly onProgress: (bytes: number, lines: number) => void;
  /** Bytes that are read at a time, and sign-ins that make a batch: less of both where many logs are read at once. */
  readonly chunkLength: number;
  readonly batchLength: number;
  /** Sign-ins for which only a weak witness speaks are put here, with their file: another log may say the same better. */
  readonly weak: Map<SignIn, FileReport> | undefined;
};

/** Malformed lines that are kept to be shown. */
const MALFORMED_SHOWN_MAX = 20;
const TEXT_SHOWN_MAX = 200;

export class LogReader {
  readonly #log: Log;
  readonly #options: LogOptions;
  readonly reports: FileReport[] = [];
  readonly #join: Join;
  readonly #jumps = new Map<FileReport, ClockJumps>();
  readonly #since: number;
  readonly #until: number;
  #batch: SignIn[] = [];
  #report: FileReport | undefined;

  constructor(log: Log, options: LogOptions) {
    this.#log = log;
    this.#options = options;
    this.#since = options.since ?? Number.NEGATIVE_INFINITY;
    this.#until = options.until ?? Number.POSITIVE_INFINITY;
    this.#join = new Join((signIn, isWeak) => this.#emit(signIn, isWeak));
  }

  /** The sign-ins, in the order in which the log has them. @throws Failure for a file that was named and cannot be read. */
  async *batches(): AsyncGenerator<readonly SignIn[]> {
    for (const file of this.#log) {
      const report = newReport(file);
      this.reports.push(report);
      this.#report = report;
      try {
        for await (const isFull of this.#file(file, report)) if (isFull) yield this.#take();
      } catch (error) {
        if (!(error instanceof Failure) || !file.isFound) throw error;
        report.notes.push(`not read: ${error.message}`);
      }
    }
    this.#join.end();
    if (this.#batch.length > 0) yield this.#take();
  }

  /** Notes what is known only when all is read. @param order what is to be said of the order of the log; jumps are none where it is in none. */
  finish(order: string): void {
    for (const [report, jumps] of this.#jumps) {
      if (order === "") report.notes.push(...jumps.notes());
      if (report.leftOut > 0) report.notes.push(`${leftOutText(report.leftOut)} left out by --since or --until`);
    }
    if (order !== "") this.reports.at(-1)?.notes.push(order);
  }

  #take(): readonly SignIn[] {
    const batch = this.#batch;
    this.#batch = [];
    return batch;
  }

  #emit(signIn: SignIn, isWeak: boolean): void {
    const { at } = signIn;
    const report = this.#report;
    if (at < this.#since || at >= this.#until) {
      if (report !== undefined) report.leftOut += signIn.count;
      return;
    }
    this.#batch.push(signIn);
    if (report === undefined) return;
    countIn(report, signIn);
    if (isWeak) this.#options.weak?.set(signIn, report);
  }

  /** Reads one file; yields after each chunk whether a batch is full. */
  async *#file(file: InputFile, report: FileReport): AsyncGenerator<boolean> {
    const { timezone, now, onProgress, chunkLength, batchLength } = this.#options;
    const time = new LocalTime(timezone, file.changed ?? now);
    const tally = tallyOf(report);
    const jumps = new ClockJumps();
    this.#jumps.set(report, jumps);
    const recogniser = new Recogniser(
      { time },
      {
        evidence: (evidence, source) => {
          jumps.step(evidence.at, report.lines);
          this.#join.add(evidence, source);
        },
        ended: (key) => this.#join.ended(key),
        placed: (key, address) => this.#join.placed(key, address),
        malformed: (why, text) => tally.malformed(why, text, report.lines),
      },
      this.#options,
    );
    const bytes = openBytes(file, chunkLength);
    const framer = createFramer(recogniser, tally);
    let taken = 0;
    try {
      for await (const chunk of bytes.chunks) {
        const { lines } = report;
        await framer.write(chunk);
        onProgress(bytes.taken() - taken, report.lines - lines);
        taken = bytes.taken();
        yield this.#batch.length >= batchLength;
      }
      const { lines } = report;
      await framer.end();
      recogniser.guessUnread();
      onProgress(bytes.taken() - taken, report.lines - lines);
    } finally {
      finish(report, recogniser, bytes, time);
    }
    yield this.#batch.length >= batchLength;
  }
}

function newReport({ path, notes }: InputFile): FileReport {
  return {
    path,
    formats: new Map(),
    lines: 0,
    signIns: 0,
    copied: 0,
    toldBetter: 0,
    leftOut: 0,
    ignored: 0,
    malformed: 0,
    recognised: 0,
    known: new Set(),
    looksLike: "",
    from: undefined,
    to: undefined,
    malformedLines: [],
    notes: [...notes],
    zoneAssumed: undefined,
  };
}

function countIn(report: FileReport, { at, count, source }: SignIn): void {
  report.signIns += count;
  if (report.from === undefined || at < report.from) report.from = at;
  if (report.to === undefined || at > report.to) report.to = at;
  report.formats.set(source, (report.formats.get(source) ?? 0) + 1);
}

const tallyOf = (report: FileReport): Tally => ({
  get lines() {
    return report.lines;
  },
  set lines(lines) {
    report.lines = lines;
  },
  malformed(why, text, line) {
    report.malformed += 1;
    if (report.malformedLines.length >= MALFORMED_SHOWN_MAX) return;
    report.malformedLines.push({ line, why, text: detached(text.slice(0, TEXT_SHOWN_MAX)) });
  },
  note(text) {
    report.notes.push(text);
  },
});

const leftOutText = (count: number): string =>
  count === 1 ? "1 sign-in was" : `${count.toLocaleString("en-US")} sign-ins were`;

function finish(report: FileReport, recogniser: Recogniser, bytes: Bytes, time: LocalTime): void {
  report.ignored += recogniser.ignored;
  report.recognised = recogniser.recognised;
  for (const { id } of recogniser.known) report.known.add(id);
  report.notes.push(...bytes.notes);
  if (recogniser.guessed !== undefined) report.notes.push(`read as --map ${recogniser.guessed.title}`);
  if (time.zoneAssumed) report.zoneAssumed = time.zone;
  if (time.yearFirst > 0 && report.from !== undefined) {
    const years = time.yearFirst === time.yearLast ? `${time.yearFirst}` : `${time.yearFirst} to ${time.yearLast}`;
    report.notes.push(`times have no year: ${years} was inferred from the file's date`);
  }
}
