/**
 * Which source reads an entry: by the program that wrote it where the wrapper names one, else by trying, the source that read the last one
 * first. One recogniser reads one log, in order. It counts what it could not use, so that nothing is lost silently.
 */
import type { Context, Entry, Evidence, JsonObject, Malformed, Reading, Source } from "#/sources/source.ts";
import { foreign, ignored } from "#/sources/source.ts";
import { unwrapContainerRuntime, unwrapDocker, unwrapJournald, unwrapTai64n } from "#/sources/wrappers/json-wrappers.ts";
import { SyslogHeader } from "#/sources/wrappers/syslog.ts";
import { splitCsvLine } from "./tables.ts";

/** What becomes of the readings. */
export type Receiver = {
  evidence(evidence: Evidence, source: Source): void;
  ended(key: string): void;
  malformed(why: string, text: string): void;
};

/** Programs whose sources are remembered; a log has a few dozen. */
const PROGRAMS_MAX = 4_096;
/** An unclaimed program's lines are offered to all sources this often before it is taken to have none. */
const UNCLAIMED_TRIES = 200;
const REPEATED_MAX = 100_000;
const NESTING_MAX = 3;
/** Container runtimes cut lines at 16 KiB; what is shorter is whole even where its line end was lost. */
const CONTAINER_PART = 16_384;
const PARTS_LENGTH_MAX = 65_536;
/** Objects that nobody has read yet and that are kept, for a guess at what they are. */
const UNREAD_MAX = 50;

type Program = { readonly name: string; readonly sources: readonly Source[]; tries: number; readonly lineSources: Source[] };

export type RecogniserOptions = {
  readonly sources: readonly Source[];
  /** Only this source, whatever the program. */
  readonly only: Source | undefined;
  /** A source made for objects that no other reads; undefined where their fields say nothing. */
  readonly guess: (fields: readonly string[]) => Source | undefined;
};

export class Recogniser {
  readonly #context: Context;
  readonly #receiver: Receiver;
  readonly #options: RecogniserOptions;
  readonly #header: SyslogHeader;
  readonly #entry: Entry = { at: undefined, host: "", program: "", pid: "", text: "" };
  readonly #programs = new Map<string, Program>();
  readonly #lineSources: Source[];
  readonly #objectSources: Source[];
  #columns: readonly string[] = [];
  #columnsByComma = false;
  /** The last evidence, for "last message repeated N times". */
  #last: Evidence | undefined;
  #lastSource: Source | undefined;
  #lastFrom = "";
  #partial = "";
  #unread: JsonObject[] = [];
  #objectsRead = 0;
  ignored = 0;
  /** Entries that some source knew, whether or not they were sign-ins. */
  recognised = 0;
  malformed = 0;
  /** The guess that was made for objects that no source reads. */
  guessed: Source | undefined;

  constructor(context: Context, receiver: Receiver, options: RecogniserOptions) {
    this.#context = context;
    this.#receiver = receiver;
    this.#options = options;
    this.#header = new SyslogHeader(context.time);
    const sources = options.only === undefined ? options.sources : [options.only];
    this.#lineSources = sources.filter(({ line }) => line !== undefined);
    this.#objectSources = sources.filter(({ object }) => object !== undefined);
  }

  /** One line of a file that is read by lines. */
  line(line: string): void {
    const entry = this.#entry;
    const first = line.charCodeAt(0);
    if (first === 123 && line.charCodeAt(line.length - 1) === 125) return this.#json(line, 0);
    if (line === "") {
      this.ignored += 1;
      return undefined;
    }
    if (first === 35 && this.#announcement(line)) return undefined;
    if (this.#columns.length > 0) return this.#row(line);
    return this.#wrapped(line, entry, 0);
  }

  #wrapped(line: string, entry: Entry, depth: number): void {
    if (this.#header.unwrap(line, entry)) return this.#dispatch(entry, line, depth);
    if (depth < NESTING_MAX && unwrapContainerRuntime(line, this.#context.time, entry)) return this.#inner(entry, depth);
    this.#plainEntry(entry, line);
    if (unwrapTai64n(line, entry)) {
      this.#take(this.#tryTagged(entry), entry, line);
      return undefined;
    }
    this.#take(this.#tryLines(entry), entry, line);
    return undefined;
  }

  /** "imap-login: Info: ..." behind a stamp of its own: the program stands before the colon. */
  #tryTagged(entry: Entry): Reading {
    const found = /^([\w./-]{1,40})(?:\[\d+\])?: /.exec(entry.text);
    if (found === null) return this.#tryLines(entry);
    const program = this.#program(found[1] ?? "");
    if (program.sources.length === 0) return this.#tryLines(entry);
    entry.program = program.name;
    entry.text = entry.text.slice(found[0].length);
    return this.#tryMessage(program.sources, entry);
  }

  #plainEntry(entry: Entry, line: string): void {
    entry.at = undefined;
    entry.host = "";
    entry.program = "";
    entry.pid = "";
    entry.text = line;
  }

  #dispatch(entry: Entry, line: string, depth: number): void {
    const program = this.#program(entry.program);
    entry.program = program.name;
    const { text } = entry;
    if (text.charCodeAt(0) === 109 && text.startsWith("message repeated ")) return this.#repeated(entry, program, line);
    if (text.startsWith("last message repeated ")) return this.#lastRepeated(entry);
    if (program.sources.length > 0) {
      const reading = this.#tryMessage(program.sources, entry);
      if (reading.kind !== "foreign") return this.#take(reading, entry, line);
    }
    return this.#unclaimed(entry, program, line, depth);
  }

  /** A program that no source claims: its lines may be JSON, or bring a time of their own, or begin with a program again. */
  #unclaimed(entry: Entry, program: Program, line: string, depth: number): void {
    if (program.lineSources.length === 0 && program.tries >= UNCLAIMED_TRIES) {
      this.ignored += 1;
      return undefined;
    }
    program.tries += 1;
    if (depth < NESTING_MAX && entry.text.charCodeAt(0) === 123) return this.#json(entry.text, depth + 1, entry);
    let reading: Reading = this.#tryLines(entry);
    if (reading.kind === "foreign") {
      // A line that only looked as if it had a header: its source knows its own times.
      const { at, host, pid, text } = entry;
      this.#plainEntry(entry, line);
      reading = this.#tryLines(entry);
      if (reading.kind === "foreign") Object.assign(entry, { at, host, pid, text, program: program.name });
    }
    const [source] = this.#lineSources;
    if (reading.kind !== "foreign" && source !== undefined && !program.lineSources.includes(source)) program.lineSources.push(source);
    return this.#take(reading, entry, line);
  }

  #tryMessage(sources: readonly Source[], entry: Entry): Reading {
    for (const source of sources) {
      const reading = source.message?.(entry, this.#context) ?? foreign;
      if (reading.kind === "foreign") continue;
      this.#lastSource = source;
      return reading;
    }
    return foreign;
  }

  #tryLines(entry: Entry): Reading {
    const sources = this.#lineSources;
    for (let index = 0; index < sources.length; index += 1) {
      const source = sources[index];
      const reading = source?.line?.(entry, this.#context) ?? foreign;
      if (reading.kind === "foreign" || source === undefined) continue;
      if (index > 0) moveToFront(sources, index);
      this.#lastSource = source;
      return reading;
    }
    return foreign;
  }

  /** One record of a JSON document, a table or an XML file. */
  object(value: JsonObject): void {
    if (unwrapJournald(value, this.#entry)) {
      this.#dispatch(this.#entry, this.#entry.text, 1);
      return;
    }
    const reading = this.#tryObjects(value);
    if (reading.kind === "foreign" && this.#objectsRead === 0) this.#keepUnread(value);
    else if (reading.kind !== "foreign") this.#objectsRead += 1;
    this.#plainEntry(this.#entry, "");
    this.#take(reading, this.#entry, reading.kind === "malformed" ? JSON.stringify(value) : "");
  }

  #tryObjects(value: JsonObject): Reading {
    const sources = this.#objectSources;
    for (let index = 0; index < sources.length; index += 1) {
      const source = sources[index];
      const reading = source?.object?.(value, this.#context) ?? foreign;
      if (reading.kind === "foreign" || source === undefined) continue;
      if (index > 0) moveToFront(sources, index);
      this.#lastSource = source;
      return reading;
    }
    return foreign;
  }

  #keepUnread(value: JsonObject): void {
    if (this.#options.only !== undefined || this.#unread.length >= UNREAD_MAX) return;
    this.#unread.push(value);
    if (this.#unread.length === UNREAD_MAX) this.guessUnread();
  }

  /** At the end of a file, or after some objects that nobody reads: are they sign-ins under other names? */
  guessUnread(): void {
    const [first] = this.#unread;
    if (first === undefined || this.#objectsRead > 0) return;
    const source = this.#options.guess(Object.keys(first));
    if (source === undefined) return;
    this.guessed = source;
    this.#objectSources.unshift(source);
    const again = this.#unread;
    this.#unread = [];
    this.#objectsRead = 1;
    this.ignored -= again.length;
    for (const value of again) this.object(value);
  }

  #json(text: string, depth: number, around?: Entry): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      const entry = around ?? this.#entry;
      if (around === undefined) this.#plainEntry(entry, text);
      return this.#take(this.#tryLines(entry), entry, text);
    }
    if (typeof value !== "object" || value === null) return this.#take(ignored, this.#entry, text);
    // JSON.parse yields nothing but JSON.
    const object = value as JsonObject;
    if (depth < NESTING_MAX && unwrapDocker(object, this.#context.time, this.#entry)) return this.#inner(this.#entry, depth);
    return this.object(object);
  }

  /** What a container wrote: parts of a long line are joined, then it is read like a line of its own. */
  #inner(entry: Entry, depth: number): void {
    const isPart = !entry.text.endsWith("\n") && entry.text.length >= CONTAINER_PART;
    const text = this.#partial + entry.text.replace(/\r?\n$/, "");
    const isWaiting = isPart && text.length < PARTS_LENGTH_MAX;
    this.#partial = isWaiting ? text : "";
    return isWaiting ? undefined : this.#innerLine(entry, text, depth);
  }

  #innerLine(entry: Entry, text: string, depth: number): void {
    const { at } = entry;
    if (text.charCodeAt(0) === 123) return this.#json(text, depth + 1);
    if (this.#header.unwrap(text, entry)) return this.#dispatch(entry, text, depth + 1);
    this.#plainEntry(entry, text);
    let reading = this.#tryLines(entry);
    if (reading.kind === "foreign") {
      entry.at = at;
      reading = this.#tryTagged(entry);
    }
    return this.#take(reading, entry, text);
  }

  /** rsyslog: "message repeated 5 times: [ Failed password for ...]" stands for five. */
  #repeated(entry: Entry, program: Program, line: string): void {
    const from = entry.text.indexOf(": [ ");
    const count = Number(entry.text.slice(17, entry.text.indexOf(" ", 17)));
    if (from < 0 || !Number.isInteger(count) || count < 1) {
      this.ignored += 1;
      return;
    }
    entry.text = entry.text.slice(from + 4, entry.text.endsWith("]") ? -1 : undefined).trimEnd();
    const reading = this.#tryMessage(program.sources, entry);
    if (reading.kind === "evidence") reading.count = Math.min(REPEATED_MAX, reading.count * count);
    this.#take(reading, entry, line);
  }

  /** Old syslogd: "last message repeated 5 times" stands for five more of the last of this host. */
  #lastRepeated(entry: Entry): void {
    const count = Number(entry.text.slice(22, entry.text.indexOf(" ", 22)));
    const last = this.#last;
    if (last === undefined || this.#lastFrom !== `${entry.host} ${entry.program}` || !(count >= 1)) {
      this.ignored += 1;
      return;
    }
    const source = this.#lastSource;
    if (source !== undefined) this.#receiver.evidence({ ...last, at: entry.at ?? last.at, count: Math.min(REPEATED_MAX, count) }, source);
  }

  #take(reading: Reading, entry: Entry, line: string): void {
    if (reading.kind !== "foreign") this.recognised += 1;
    switch (reading.kind) {
      case "evidence":
        if (reading.server === "") reading.server = entry.host;
        this.#last = reading;
        this.#lastFrom = `${entry.host} ${entry.program}`;
        if (this.#lastSource !== undefined) this.#receiver.evidence(reading, this.#lastSource);
        return;
      case "ended":
        this.#receiver.ended(reading.key);
        this.ignored += 1;
        return;
      case "malformed":
        this.#malformed(reading, line);
        return;
      case "ignored":
      case "foreign":
        this.#last = undefined;
        this.ignored += 1;
        return;
      default:
        reading satisfies never;
    }
  }

  #malformed({ why }: Malformed, line: string): void {
    this.malformed += 1;
    this.#receiver.malformed(why, line);
  }

  #program(name: string): Program {
    const found = this.#programs.get(name);
    if (found !== undefined) return found;
    if (this.#programs.size >= PROGRAMS_MAX) this.#programs.clear();
    const lower = name.toLowerCase();
    const { only, sources } = this.#options;
    const claiming = only === undefined ? sources.filter((source) => claims(source, lower)) : only.message === undefined ? [] : [only];
    const program = { name: lower, sources: claiming, tries: 0, lineSources: [] };
    this.#programs.set(name, program);
    return program;
  }

  /** W3C and Exchange logs name their columns in a comment, wherever the server was started again. */
  #announcement(line: string): boolean {
    if (line.startsWith("#Fields:")) {
      const fields = line.slice(8).trim();
      this.#columnsByComma = fields.includes(",");
      this.#columns = fields.split(this.#columnsByComma ? "," : /\s+/).map((field) => field.trim());
    } else if (!(this.#columns.length > 0 || /^#(?:Software|Version|Date|Log-type|Start-Date|Remark)/i.test(line))) return false;
    this.ignored += 1;
    return true;
  }

  #row(line: string): void {
    const fields = this.#columnsByComma ? splitCsvLine(line) : line.split(" ");
    const row: Record<string, string> = {};
    for (const [index, name] of this.#columns.entries()) row[name] = fields[index] ?? "";
    const reading = this.#tryObjects(row);
    this.#plainEntry(this.#entry, line);
    this.#take(reading.kind === "foreign" ? this.#tryLines(this.#entry) : reading, this.#entry, line);
  }
}

function claims(source: Source, program: string): boolean {
  if (source.message === undefined) return false;
  return source.programs.some((name) => (name.endsWith("*") ? program.startsWith(name.slice(0, -1)) : program === name));
}

function moveToFront(sources: Source[], index: number): void {
  const [source] = sources.splice(index, 1);
  if (source !== undefined) sources.unshift(source);
}
