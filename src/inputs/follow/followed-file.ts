/**
 * One file that is being followed: its bytes from where they were left, as lines to the recogniser, each with its place. It notices when the
 * file is cut off or written anew under its hands. Compressed ones, which rotation made meanwhile, are read through as they are.
 */
import { type FileHandle, open } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import type { LiveLog } from "#/inputs/reading/live-log.ts";
import { Failure } from "#/platform/failure.ts";
import { millis } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";
import { LocalTime } from "#/sources/local-time.ts";
import { type Framer, type Tally, framerFor } from "#/sources/reading/framer.ts";
import { kindOf } from "#/sources/reading/magic.ts";
import type { Recogniser } from "#/sources/reading/recogniser.ts";
import { sniff } from "#/sources/reading/sniff.ts";
import { ByteLines } from "#/inputs/reading/byte-lines.ts";
import type { Planned } from "./plan.ts";
import { type Found, HEAD_LENGTH, type Identity, contentOf, hashOf, headOf, identityOf } from "./identity.ts";

/** Bytes that are read at a time: what they hold is durable before the next are read. */
const CHUNK_LENGTH = 65_536;
/** Enough to tell what a file is. */
const SNIFF_LENGTH = 65_536;

const HASH = 35;
const LF = 10;

export type FilePlace = {
  /** Undefined before the first line. */
  readonly file: FollowedFile | undefined;
  readonly start: number;
  /** Bytes that had been read of the whole log. */
  readonly passed: number;
  readonly id: (signIn: SignIn) => string;
};

export type FileOptions = {
  readonly log: LiveLog<FilePlace>;
  readonly tally: Tally;
  readonly timezone: string;
  /** Bytes of the log before this file. */
  readonly passed: number;
};

/** The parser of tables tells a row when it has seen some of what comes after it: empty lines, which it passes over, do for that. */
const rowByRow = (framer: Framer, recogniser: Recogniser): Framer => ({
  async write(line) {
    await framer.write(Buffer.concat([line, Buffer.from("\n\n\n\n")]));
    await setImmediate();
    // The header says what all rows are: one of them tells as much as many.
    recogniser.guessUnread();
  },
  end: () => framer.end(),
});

/** What became of it since it was last looked at. */
export type Change = "more" | "none" | "cut";

export class FollowedFile {
  readonly found: Found;
  readonly #handle: FileHandle | undefined;
  readonly #options: FileOptions;
  readonly #lines: ByteLines;
  readonly #buffer = Buffer.allocUnsafeSlow(CHUNK_LENGTH);
  readonly #compressed: AsyncIterator<Buffer> | undefined;
  /** Its first bytes, as far as they are known. */
  #head: Buffer = Buffer.alloc(0);
  #id = "";
  #framer: Framer | undefined;
  #recogniser: Recogniser | undefined;
  /** What was said before this offset has been handed on. */
  readonly mutedUntil: number;
  /** What is to be read of a compressed file before the place where it was left. */
  #toSkip = 0;
  ignored = 0;

  private constructor(
    found: Found,
    handle: FileHandle | undefined,
    start: number,
    mutedUntil: number,
    options: FileOptions,
  ) {
    this.found = found;
    this.#handle = handle;
    this.#options = options;
    this.mutedUntil = mutedUntil;
    this.#lines = new ByteLines(start, (bytes, at) => this.#line(bytes, at));
    if (handle === undefined) {
      this.#compressed = contentOf(found.path, found.size)[Symbol.asyncIterator]();
      this.#toSkip = start;
    }
  }

  /**
   * @throws Failure, or what the system says, where it cannot be opened.
   */
  static async open({ found, start, mutedUntil, spot }: Planned, options: FileOptions): Promise<FollowedFile> {
    if (found.isCompressed) return new FollowedFile(found, undefined, start, mutedUntil, options);
    const handle = await open(found.path);
    const file = new FollowedFile(found, handle, start, mutedUntil, options);
    // Between its name and its opening another may have taken its place.
    const status = await handle.stat({ bigint: true });
    // From now on it is noticed where it is cut off.
    file.#head = await headOf(handle);
    const isAsBefore = spot === undefined || hashOf(file.#head.subarray(0, spot.length)) === spot.head;
    if (String(status.ino) === found.ino && String(status.dev) === found.dev && isAsBefore) return file;
    await handle.close();
    throw new Failure("file-not-found", `${found.path} was renamed just now`);
  }

  /** Up to where all lines have been read. */
  get offset(): number {
    return this.#lines.start;
  }

  get identity(): Identity {
    return identityOf(this.found, this.#head);
  }

  /** Reads on. "cut": it is shorter than what was read of it, or begins otherwise: what is in it now is another's. */
  async read(): Promise<Change> {
    if (this.#handle === undefined) return this.#readCompressed();
    const from = this.#lines.end;
    const { bytesRead } = await this.#handle.read(this.#buffer, 0, CHUNK_LENGTH, from);
    // Looked at after the reading: what has been read belongs to the old contents where these are still there now.
    if (!(await this.#isAsItWas())) return "cut";
    if (bytesRead === 0) return "none";
    await this.#write(this.#buffer.subarray(0, bytesRead));
    return "more";
  }

  /** No more is to come: the last line counts though it has no end. */
  async end(): Promise<void> {
    const rest = this.#lines.rest();
    if (rest.length > 0 && this.#toSkip === 0) await this.#line(rest, this.#lines.start);
    this.#options.log.at(this.#place(this.#lines.start));
    await this.#framer?.end();
    this.#lines.start = this.#lines.end;
    await this.close();
  }

  async close(): Promise<void> {
    this.#noteIgnored();
    await this.#handle?.close();
    await this.#compressed?.return?.(undefined);
  }

  async #isAsItWas(): Promise<boolean> {
    if (this.#handle === undefined) return true;
    const { size } = await this.#handle.stat();
    if (size < this.#lines.end) return false;
    const head = await headOf(this.#handle);
    if (head.length < this.#head.length || head.compare(this.#head, 0, this.#head.length, 0, this.#head.length) !== 0)
      return false;
    this.#head = head;
    return true;
  }

  async #readCompressed(): Promise<Change> {
    const next = await this.#compressed?.next();
    if (next === undefined || next.done === true) return "none";
    let chunk = next.value;
    if (this.#head.length < HEAD_LENGTH)
      this.#head = Buffer.concat([this.#head, chunk.subarray(0, HEAD_LENGTH - this.#head.length)]);
    const skipped = Math.min(this.#toSkip, chunk.length);
    this.#toSkip -= skipped;
    chunk = chunk.subarray(skipped);
    if (chunk.length > 0) await this.#write(chunk);
    return "more";
  }

  async #write(chunk: Buffer): Promise<void> {
    await this.#lines.write(chunk);
    this.#noteIgnored();
  }

  #noteIgnored(): void {
    this.ignored = this.#recogniser?.ignored ?? 0;
  }

  #line(bytes: Buffer, start: number): Promise<void> | void {
    if (this.#framer === undefined) return this.#begin(bytes, start);
    this.#options.log.isMuted = start < this.mutedUntil;
    this.#options.log.at(this.#place(start));
    return this.#framer.write(bytes);
  }

  /** The first line: now it shows what the file is. */
  async #begin(bytes: Buffer, start: number): Promise<void> {
    const { log, tally, timezone } = this.#options;
    const head = this.#handle === undefined ? Buffer.from(bytes) : await headOf(this.#handle, SNIFF_LENGTH);
    const kind = kindOf(head);
    if (kind !== "text")
      throw new Failure("file-unreadable", `${this.found.path} holds no text (${kind}): follow another`);
    if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff))
      throw new Failure(
        "file-unreadable",
        `${this.found.path} is UTF-16, which cannot be followed: have it written as UTF-8`,
      );
    const recogniser = log.recogniser(new LocalTime(timezone, millis(this.found.changedAt)));
    this.#recogniser = recogniser;
    const end = head.indexOf(LF);
    this.#id = hashOf(head.subarray(0, Math.min(HEAD_LENGTH, end < 0 ? head.length : end))).slice(0, 16);
    const text = head.toString("utf8");
    const framer = framerFor(text, recogniser, tally);
    this.#framer = sniff(text).kind === "table" ? rowByRow(framer, recogniser) : framer;
    if (start > 0) await this.#announce(text);
    // A byte order mark is none of the first line's.
    const hasMark = start === 0 && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    await this.#line(hasMark ? bytes.subarray(3) : bytes, start);
  }

  /** Where it is gone on with in its middle, its head still says which column is which. */
  async #announce(head: string): Promise<void> {
    const lines = head.split("\n", 16);
    this.#options.log.isMuted = true;
    if (sniff(head).kind === "table") await this.#framer?.write(Buffer.from(`${lines[0] ?? ""}\n`));
    else for (const line of lines) if (line.charCodeAt(0) === HASH) await this.#framer?.write(Buffer.from(`${line}\n`));
  }

  #place(start: number): FilePlace {
    return {
      file: this,
      start,
      passed: this.#options.passed + start,
      // Two logs may begin with the same header; what stands at one offset of both at the same time is the same.
      id: ({ at }) => `${this.#id}:${start}:${at.toString(36)}`,
    };
  }
}
