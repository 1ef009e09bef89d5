/**
 * One log, that is a file with its rotated forerunners, as sign-ins in batches. Each file gets a report of what was read from it.
 * Everything that was not used is counted there.
 */
import type { FileReport } from "./report.ts";
import { type Bytes, openBytes } from "./bytes.ts";
import type { InputFile, Log } from "./inputs.ts";
import { Join } from "./join.ts";
import { JsonDocuments, type RecordSink } from "./json-documents.ts";
import { LineCutter } from "./lines.ts";
import { Recogniser, type RecogniserOptions } from "./recogniser.ts";
import { type Framing, sniff } from "./sniff.ts";
import { Table } from "./tables.ts";
import { createEventXml } from "./xml.ts";
import type { SignIn } from "#/signin/signin.ts";
import { LocalTime } from "#/sources/local-time.ts";
import { StringDecoder } from "node:string_decoder";
import type { Millis } from "#/platform/units.ts";

export type LogOptions = RecogniserOptions & {
  readonly timezone: string;
  readonly since: Millis | undefined;
  readonly until: Millis | undefined;
  /** The present, for streams that have no date. */
  readonly now: Millis;
  /** Bytes and lines since it was last called. */
  readonly onProgress: (bytes: number, lines: number) => void;
};

/** Malformed lines that are kept to be shown. */
const MALFORMED_SHOWN_MAX = 20;
const TEXT_SHOWN_MAX = 200;
const SNIFF_LENGTH = 65_536;
const BATCH = 4_096;

export class LogReader {
  readonly #log: Log;
  readonly #options: LogOptions;
  readonly reports: FileReport[] = [];
  #batch: SignIn[] = [];
  readonly #join: Join;
  #report: FileReport | undefined;

  constructor(log: Log, options: LogOptions) {
    this.#log = log;
    this.#options = options;
    this.#join = new Join((signIn) => this.#emit(signIn));
  }

  /** The sign-ins, in the order in which the log has them. */
  async *batches(): AsyncGenerator<readonly SignIn[]> {
    for (const file of this.#log) {
      for await (const full of this.#file(file)) if (full) yield this.#take();
    }
    this.#join.end();
    if (this.#batch.length > 0) yield this.#take();
  }

  #take(): readonly SignIn[] {
    const batch = this.#batch;
    this.#batch = [];
    return batch;
  }

  #emit(signIn: SignIn): void {
    const { since, until } = this.#options;
    if ((since !== undefined && signIn.at < since) || (until !== undefined && signIn.at >= until)) return;
    this.#batch.push(signIn);
    const report = this.#report;
    if (report === undefined) return;
    report.signIns += signIn.count;
    if (report.from === undefined || signIn.at < report.from) report.from = signIn.at;
    if (report.to === undefined || signIn.at > report.to) report.to = signIn.at;
    report.formats.set(signIn.source, (report.formats.get(signIn.source) ?? 0) + 1);
  }

  /** Reads one file; yields after each chunk whether a batch is full. */
  async *#file(file: InputFile): AsyncGenerator<boolean> {
    const time = new LocalTime(this.#options.timezone, file.changed ?? this.#options.now);
    const report = newReport(file.path);
    this.reports.push(report);
    this.#report = report;
    const malformed = (why: string, text: string, line = report.lines): void => {
      report.malformed += 1;
      if (report.malformedLines.length >= MALFORMED_SHOWN_MAX) return;
      report.malformedLines.push({ line, why, text: text.slice(0, TEXT_SHOWN_MAX) });
    };
    const recogniser = new Recogniser(
      { time },
      {
        evidence: (evidence, source) => this.#join.add(evidence, source),
        ended: (key) => this.#join.ended(key),
        malformed: (why, text) => malformed(why, text),
      },
      this.#options,
    );
    const bytes = openBytes(file);
    const framer = createFramer(recogniser, report, malformed);
    let before = 0;
    for await (const chunk of bytes.chunks) {
      const lines = report.lines;
      await framer.write(chunk);
      this.#options.onProgress(bytes.taken() - before, report.lines - lines);
      before = bytes.taken();
      yield this.#batch.length >= BATCH;
    }
    await framer.end();
    recogniser.guessUnread();
    finish(report, recogniser, bytes, time);
    yield this.#batch.length >= BATCH;
  }
}

function newReport(path: string): FileReport {
  return {
    path,
    formats: new Map(),
    lines: 0,
    signIns: 0,
    ignored: 0,
    malformed: 0,
    recognised: 0,
    from: undefined,
    to: undefined,
    malformedLines: [],
    notes: [],
    zoneAssumed: undefined,
  };
}

function finish(report: FileReport, recogniser: Recogniser, bytes: Bytes, time: LocalTime): void {
  report.ignored += recogniser.ignored;
  report.recognised = recogniser.recognised;
  report.notes.push(...bytes.notes);
  if (recogniser.guessed !== undefined) report.notes.push(`read as --map ${recogniser.guessed.title}`);
  if (time.zoneAssumed) report.zoneAssumed = time.zone;
  if (time.yearInferred && report.from !== undefined) {
    report.notes.push(`its times have no year: ${new Date(report.from).getUTCFullYear()} was inferred from the file's date`);
  }
}

/** Turns chunks into lines or records, as the file's beginning says. */
type Framer = { write(chunk: Buffer): Promise<void> | void; end(): Promise<void> | void };

type TellMalformed = (why: string, text: string, line?: number) => void;

function createFramer(recogniser: Recogniser, report: FileReport, malformed: TellMalformed): Framer {
  let inner: Framer | undefined;
  return {
    write(chunk) {
      inner ??= framerFor(sniff(headOf(chunk)), recogniser, report, malformed);
      return inner.write(chunk);
    },
    end: () => inner?.end(),
  };
}

function headOf(chunk: Buffer): string {
  const head = chunk.subarray(0, SNIFF_LENGTH);
  if (head[0] === 0xff && head[1] === 0xfe) return new TextDecoder("utf-16le").decode(head);
  if (head[0] === 0xfe && head[1] === 0xff) return new TextDecoder("utf-16be").decode(head);
  return head.toString("utf8");
}

function framerFor(framing: Framing, recogniser: Recogniser, report: FileReport, malformed: TellMalformed): Framer {
  const sink: RecordSink = {
    record: (value, line) => {
      report.lines = Math.max(report.lines, line);
      recogniser.object(value);
    },
    broken: malformed === undefined ? () => undefined : (why, line, text) => malformed(why, text, line),
  };
  switch (framing.kind) {
    case "lines":
      return lineFramer(recogniser, report, malformed);
    case "json-document": {
      const documents = new JsonDocuments(sink);
      const decode = decoder();
      return {
        write: (chunk) => documents.write(decode(chunk)),
        end: () => {
          if (!documents.end()) report.notes.push("the JSON document is cut short; the records before its end were read");
        },
      };
    }
    case "table": {
      const table = new Table(framing.delimiter, sink);
      const decode = decoder();
      return { write: (chunk) => table.write(decode(chunk)), end: () => table.end() };
    }
    case "event-xml": {
      const xml = createEventXml(sink.record, (why, line) => malformed(why, "", line));
      const decode = decoder();
      return { write: (chunk) => xml.write(decode(chunk)), end: () => xml.end() };
    }
    default:
      return framing satisfies never;
  }
}

/** Text of whatever encoding the first chunk announces; characters over chunk borders are kept whole. */
function decoder(): (chunk: Buffer) => string {
  let decode: ((chunk: Buffer) => string) | undefined;
  return (chunk) => {
    if (decode === undefined) {
      const wide = chunk[0] === 0xff && chunk[1] === 0xfe ? "utf-16le" : chunk[0] === 0xfe && chunk[1] === 0xff ? "utf-16be" : "";
      const text = wide === "" ? new StringDecoder("utf8") : new TextDecoder(wide);
      decode = text instanceof StringDecoder ? (part) => text.write(part) : (part) => text.decode(part, { stream: true });
    }
    return decode(chunk);
  };
}

function lineFramer(recogniser: Recogniser, report: FileReport, malformed: TellMalformed): Framer {
  const cutter = new LineCutter({
    line: (text) => {
      report.lines += 1;
      recogniser.line(text);
    },
    overlong: (start) => {
      report.lines += 1;
      malformed("longer than any log line", start);
    },
  });
  return {
    write: (chunk) => cutter.write(chunk),
    end: () => {
      const rest = cutter.end();
      if (rest === "") return;
      report.lines += 1;
      const before = report.malformed;
      recogniser.line(rest);
      if (report.malformed === before) return;
      // Its writer may not have finished it yet: nothing is wrong with the log.
      report.malformed = before;
      report.malformedLines.splice(Math.min(before, MALFORMED_SHOWN_MAX));
      report.notes.push("the last line is cut short and was left out");
    },
  };
}
