/**
 * Which source reads an entry: by the program that wrote it where the wrapper names one, else by trying, the source that read the last one
 * first. One recogniser reads one file, in order. It counts what it could not use, so that nothing is lost silently.
 */
import type { Context, Entry, Evidence, Json, JsonObject, Reading, Source } from "#/sources/source.ts";
import { foreign, ignored, malformed } from "#/sources/source.ts";
import { DockerLines } from "#/sources/wrappers/docker.ts";
import { unwrapJournald } from "#/sources/wrappers/journald.ts";
import { SupervisorPrefix } from "#/sources/wrappers/prefixes.ts";
import { lastRepeated, repeatedMax, unwrapRepeated } from "#/sources/wrappers/repeated.ts";
import { unwrapShipper } from "#/sources/wrappers/shipper.ts";
import { SyslogHeader } from "#/sources/wrappers/syslog.ts";
import { Columns } from "./columns.ts";
import { type EntryReader, type Program, Programs, lineReaders } from "./programs.ts";
import { Repeats } from "./repeats.ts";
import { isRecordList } from "./sniff.ts";

/** What becomes of the readings. */
export type Receiver = {
  evidence(evidence: Evidence, source: Source): void;
  ended(key: string): void;
  placed(key: string, address: string): void;
  malformed(why: string, text: string): void;
};

/** Wrappers within wrappers that are taken off. */
const NESTING_MAX = 3;
/** Objects that nobody has read yet and that are kept, for a guess at what they are. */
const UNREAD_MAX = 50;

const HASH = 35;
const DASH = 45;
const BRACE = 123;
const BRACE_CLOSED = 125;
const LETTER_L = 108;
const LETTER_M = 109;

export type RecogniserOptions = {
  readonly sources: readonly Source[];
  /** Only this source, whatever the program. */
  readonly only: Source | undefined;
  /** A source made for objects that no other reads; undefined where their fields say nothing. */
  readonly guess: (fields: readonly string[]) => Source | undefined;
};

/** An object was only the wrapper of others, each of which has been taken. */
const spent: Reading = { kind: "ignored" };

const halfLine = malformed("half a line");

const newEntry = (): Entry => ({ at: undefined, host: "", program: "", pid: "", text: "" });

export class Recogniser {
  readonly #context: Context;
  readonly #receiver: Receiver;
  readonly #options: RecogniserOptions;
  readonly #header: SyslogHeader;
  readonly #prefix: SupervisorPrefix;
  readonly #docker: DockerLines;
  readonly #programs: Programs;
  readonly #columns = new Columns();
  readonly #repeats = new Repeats();
  /** What a wrapper gave, and a line as it stands; reused for every line. */
  readonly #entry: Entry = newEntry();
  readonly #plain: Entry = newEntry();
  readonly #lineReaders: EntryReader[];
  readonly #objectSources: Source[];
  /** The source of the last reading, and the host that its wrapper named. */
  #source: Source | undefined;
  #host = "";
  #unread: JsonObject[] = [];
  #objectsRead = 0;
  #records = 0;
  ignored = 0;
  /** Entries that some source knew, whether or not they were sign-ins. */
  recognised = 0;
  malformed = 0;
  /** The sources that knew them. */
  readonly known = new Set<Source>();
  #lastKnown: Source | undefined;
  /** The guess that was made for objects that no source reads. */
  guessed: Source | undefined;

  constructor(context: Context, receiver: Receiver, options: RecogniserOptions) {
    this.#context = context;
    this.#receiver = receiver;
    this.#options = options;
    this.#header = new SyslogHeader(context.time);
    this.#prefix = new SupervisorPrefix(context.time);
    this.#docker = new DockerLines(context.time);
    this.#programs = new Programs(options.sources, options.only);
    const sources = options.only === undefined ? options.sources : [options.only];
    this.#lineReaders = lineReaders(sources);
    this.#objectSources = sources.filter(({ object }) => object !== undefined);
  }

  /** One line of a file that is read by lines. */
  line(line: string): void {
    this.#host = "";
    if (line === "" || (line.charCodeAt(0) === HASH && this.#columns.announce(line))) {
      this.ignored += 1;
      return;
    }
    this.#take(this.#columns.areKnown ? this.#readRow(line) : this.#readLine(line, 0), line);
  }

  /** A last line without an end. False where it was left out, being only half of one. */
  lastLine(line: string): boolean {
    this.#host = "";
    const isHalfObject = line.charCodeAt(0) === BRACE && this.#objectsRead > 0 && !line.trimEnd().endsWith("}");
    const isRow = this.#columns.areKnown && line.charCodeAt(0) !== HASH;
    const reading = isHalfObject ? halfLine : isRow ? this.#readRow(line) : this.#readLine(line, 0);
    if (reading.kind !== "malformed") {
      this.#take(reading, line);
      return true;
    }
    this.ignored += 1;
    return false;
  }

  /** One record of a JSON document, a table or an XML file. Answers how many records were in it. */
  object(value: JsonObject, depth = 0): number {
    this.#host = "";
    const before = this.#records;
    const reading = this.#readObject(value, depth);
    if (reading === spent) return this.#records - before;
    this.#records += 1;
    this.#take(reading, reading.kind === "malformed" ? JSON.stringify(value) : "");
    return 1;
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

  #readLine(line: string, depth: number): Reading {
    if (line.charCodeAt(0) === BRACE) {
      const reading = this.#readJson(line, depth);
      if (reading !== undefined) return reading;
    }
    const entry = this.#entry;
    if (this.#header.unwrap(line, entry)) {
      // "2026-11-23T10:00:00Z stdout F ..." begins like a header without a program.
      const isContainer = entry.program === "" && (entry.host === "stdout" || entry.host === "stderr");
      if (!isContainer) return this.#readEntry(entry, line, depth);
    }
    const prefixed = this.#prefix.unwrap(line, entry);
    if (prefixed === "part") return ignored;
    return prefixed === "whole" ? this.#readInner(entry, depth + 1) : this.#tryLines(this.#plainOf(line));
  }

  /** An entry whose wrapper may name its program. `line` is what the entry was taken from. */
  #readEntry(entry: Entry, line: string, depth: number): Reading {
    this.#host = entry.host;
    const program = this.#programs.of(entry.program);
    entry.program = program.name;
    const first = entry.text.charCodeAt(0);
    if (first === LETTER_M) {
      const repeated = unwrapRepeated(entry.text);
      if (repeated !== undefined) {
        entry.text = repeated.text;
        const reading = this.#readMessage(entry, program, line, depth);
        if (reading.kind === "evidence") reading.count = Math.min(repeatedMax, reading.count * repeated.times);
        return reading;
      }
    } else if (first === LETTER_L || first === DASH) {
      const times = lastRepeated(entry.text);
      if (times > 0) return this.#again(entry, times);
    }
    return this.#readMessage(entry, program, line, depth);
  }

  #readMessage(entry: Entry, program: Program, line: string, depth: number): Reading {
    for (const { source, read } of program.readers) {
      const reading = read(entry, this.#context);
      if (reading.kind === "foreign") continue;
      this.#source = source;
      return reading;
    }
    return program.isSilent ? foreign : this.#readUnclaimed(entry, line, depth);
  }

  /** A program that no source claims: its lines may be JSON, or bring a time of their own, or only look as if they had a header. */
  #readUnclaimed(entry: Entry, line: string, depth: number): Reading {
    const { host, text } = entry;
    const json = text.startsWith("@cee:") ? text.slice(5).trimStart() : text;
    if (json.charCodeAt(0) === BRACE && depth < NESTING_MAX) {
      const reading = this.#readJson(json, depth + 1);
      this.#host = host;
      if (reading !== undefined) return reading;
    }
    const reading = this.#tryLines(entry);
    // Host, program and process id together are a header and nothing else.
    const isHeader = entry.pid !== "" && host !== "";
    if (reading.kind !== "foreign" || line === text || isHeader) return reading;
    const own = this.#tryLines(this.#plainOf(line));
    if (own.kind !== "foreign") this.#host = "";
    return own;
  }

  /** What a container or a supervised program wrote: read like a line of its own, with the time it was taken at. */
  #readInner(entry: Entry, depth: number): Reading {
    const { at, text } = entry;
    if (text.charCodeAt(0) === BRACE && depth <= NESTING_MAX) {
      const reading = this.#readJson(text, depth);
      if (reading !== undefined) return reading;
    }
    if (this.#header.unwrap(text, entry)) return this.#readEntry(entry, text, depth);
    const own = this.#tryLines(this.#plainOf(text));
    if (own.kind !== "foreign") return own;
    return this.#tryTagged(Object.assign(entry, { at, host: "", program: "", pid: "", text }));
  }

  /** "imap-login: Info: ..." behind a stamp of the supervisor: the program stands before the colon. */
  #tryTagged(entry: Entry): Reading {
    const found = /^([\w./-]{1,40})(?:\[(\d{1,10})\])?: /.exec(entry.text);
    const program = this.#programs.of(found?.[1] ?? "");
    if (found === null || program.readers.length === 0) return this.#tryLines(entry);
    entry.program = program.name;
    entry.pid = found[2] ?? "";
    entry.text = entry.text.slice(found[0].length);
    return this.#readMessage(entry, program, entry.text, NESTING_MAX);
  }

  /** Undefined where the text is no JSON object. */
  #readJson(text: string, depth: number): Reading | undefined {
    if (text.charCodeAt(text.length - 1) !== BRACE_CLOSED && !text.trimEnd().endsWith("}")) return undefined;
    let value: JsonObject;
    try {
      // JSON.parse yields nothing but JSON, and of a text that begins with a brace an object.
      value = JSON.parse(text) as JsonObject;
    } catch {
      return this.#objectsRead > 0 ? malformed("not valid JSON") : undefined;
    }
    const container = depth < NESTING_MAX ? this.#docker.unwrap(value, this.#entry) : "other";
    if (container === "part") return ignored;
    return container === "whole" ? this.#readInner(this.#entry, depth + 1) : this.#readObject(value, depth);
  }

  #readObject(value: JsonObject, depth: number): Reading {
    const entry = this.#entry;
    if (unwrapJournald(value, entry)) return this.#readEntry(entry, entry.text, depth + 1);
    const reading = this.#tryObjects(value);
    if (reading.kind !== "foreign") {
      this.#objectsRead += 1;
      return reading;
    }
    if (depth < NESTING_MAX && this.#takeRecords(value, depth)) return spent;
    if (depth < NESTING_MAX && unwrapShipper(value, this.#context.time, entry)) {
      const shipped = this.#readShipped(entry, depth + 1);
      if (shipped.kind !== "foreign") return shipped;
    }
    this.#host = "";
    if (this.#objectsRead === 0) this.#keepUnread(value);
    return foreign;
  }

  /** {"records": [{ ... }, { ... }]}, which no source reads as it is: takes each of the records. */
  #takeRecords(value: JsonObject, depth: number): boolean {
    for (const name in value) {
      const list = isRecordList(name) ? value[name] : undefined;
      if (!Array.isArray(list) || !list.some((item) => isObject(item))) continue;
      for (const item of list) if (isObject(item)) this.object(item, depth + 1);
      return true;
    }
    return false;
  }

  /** A line that a shipper took from its file, with its header or without. */
  #readShipped(entry: Entry, depth: number): Reading {
    const { at, host, program, pid, text } = entry;
    if (this.#header.unwrap(text, entry)) return this.#readEntry(entry, text, depth);
    Object.assign(entry, { at, host, program, pid, text });
    if (at !== undefined && program !== "") return this.#readEntry(entry, text, depth);
    if (at !== undefined) return this.#readInner(entry, NESTING_MAX + 1);
    return this.#tryLines(this.#plainOf(text));
  }

  /** A line of a log that announced its columns. */
  #readRow(line: string): Reading {
    const reading = this.#tryObjects(this.#columns.row(line));
    return reading.kind === "foreign" ? this.#tryLines(this.#plainOf(line)) : reading;
  }

  #tryLines(entry: Entry): Reading {
    const readers = this.#lineReaders;
    const context = this.#context;
    for (let index = 0; index < readers.length; index += 1) {
      const reader = readers[index];
      if (reader === undefined) continue;
      const reading = reader.read(entry, context);
      if (reading.kind === "foreign") continue;
      if (index > 0) moveToFront(readers, index);
      this.#source = reader.source;
      return reading;
    }
    return foreign;
  }

  #tryObjects(value: JsonObject): Reading {
    const sources = this.#objectSources;
    for (let index = 0; index < sources.length; index += 1) {
      const source = sources[index];
      const reading = source?.object?.(value, this.#context) ?? foreign;
      if (reading.kind === "foreign" || source === undefined) continue;
      if (index > 0) moveToFront(sources, index);
      this.#source = source;
      return reading;
    }
    return foreign;
  }

  #keepUnread(value: JsonObject): void {
    if (this.#options.only !== undefined || this.#unread.length >= UNREAD_MAX) return;
    this.#unread.push(value);
    if (this.#unread.length === UNREAD_MAX) this.guessUnread();
  }

  /** "last message repeated 5 times" stands for five more of the last of this host. */
  #again(entry: Entry, times: number): Reading {
    const said = this.#repeats.of(entry.host);
    if (said === undefined) return ignored;
    this.#source = said.source;
    return { ...said.evidence, at: entry.at ?? said.evidence.at, count: times };
  }

  #plainOf(line: string): Entry {
    const plain = this.#plain;
    plain.at = undefined;
    plain.host = "";
    plain.program = "";
    plain.pid = "";
    plain.text = line;
    return plain;
  }

  #know(source: Source | undefined): void {
    this.#lastKnown = source;
    if (source !== undefined) this.known.add(source);
  }

  #take(reading: Reading, line: string): void {
    if (reading === spent) return;
    const source = this.#source;
    if (reading.kind !== "foreign") {
      this.recognised += 1;
      if (source !== this.#lastKnown) this.#know(source);
    }
    if (reading.kind === "evidence" && source !== undefined) {
      if (reading.server === "") reading.server = this.#host;
      this.#repeats.note(this.#host, reading, source);
      this.#receiver.evidence(reading, source);
      return;
    }
    this.#repeats.note(this.#host, undefined, undefined);
    if (reading.kind === "malformed") {
      this.malformed += 1;
      const { why, secret = "" } = reading;
      this.#receiver.malformed(why, secret === "" ? line : line.replaceAll(secret, "(not shown)"));
      return;
    }
    if (reading.kind === "ended") this.#receiver.ended(reading.key);
    else if (reading.kind === "placed") this.#receiver.placed(reading.key, reading.address);
    this.ignored += 1;
  }
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function moveToFront(items: unknown[], index: number): void {
  items.unshift(...items.splice(index, 1));
}
