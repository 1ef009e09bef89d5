/**
 * From UTF-8 to lines. ASCII, which logs mostly are, is taken as it is; what is not valid UTF-8 is replaced, never dropped.
 * Lines that are too long are passed over to their end and reported. NULs at the ends of a line, which a machine that
 * lost its power leaves in its logs, are taken off.
 */
import { isAscii } from "node:buffer";

/** Longer lines are no log lines: an attacker's, or a binary file. */
export const lineLengthMax = 65_536;

/** An identity provider's record of one sign-in, with every policy that was looked at, can be a few hundred KiB. */
export const jsonLineLengthMax = 1 << 20;

/** About so much of a chunk is made text at a time: V8 keeps larger texts apart, where every 4 KiB cost a page fault. */
const PIECE = 98_304;

/** Of a line beyond the maximum, this much is told. */
const START_LENGTH = 400;

const NUL = 0;
const LF = 10;
const CR = 13;
const BRACE = 123;

export type LineSink = {
  /** One line, its end taken off. */
  line(text: string): void;
  /** A line beyond the maximum; its beginning. */
  overlong(start: string): void;
};

export class LineCutter {
  readonly #sink: LineSink;
  readonly #end: number;
  readonly #endText: string;
  #left: Buffer = Buffer.alloc(0);
  #skipping = false;

  /** @param endsWithReturn whether lines end in a lone carriage return, as on old Macs. Else that is a character like others. */
  constructor(sink: LineSink, endsWithReturn = false) {
    this.#sink = sink;
    this.#end = endsWithReturn ? CR : LF;
    this.#endText = endsWithReturn ? "\r" : "\n";
  }

  write(chunk: Buffer): void {
    const end = chunk.lastIndexOf(this.#end);
    if (end < 0) {
      this.#keep(chunk);
      return;
    }
    const before = this.#left;
    let from = 0;
    if (before.length > 0) {
      const first = chunk.indexOf(this.#end);
      this.#left = Buffer.alloc(0);
      this.#cut(textOf(Buffer.concat([before, chunk.subarray(0, first)])));
      from = first + 1;
    }
    while (from <= end) {
      const last = from + PIECE < end ? chunk.lastIndexOf(this.#end, from + PIECE) : end;
      const to = last < from ? end : last;
      this.#cut(textOf(chunk.subarray(from, to)));
      from = to + 1;
    }
    this.#keep(chunk.subarray(end + 1));
  }

  /** Answers the half-written last line, "" where the text ended in a line end. It has not been handed on. */
  end(): string {
    const left = this.#skipping ? "" : textOf(this.#left);
    this.#left = Buffer.alloc(0);
    return left.slice(firstOf(left, 0, left.length), lastOf(left, 0, left.length));
  }

  /** No line end yet: what is kept is bounded, and of a line beyond the maximum only its beginning is told. */
  #keep(bytes: Buffer): void {
    if (this.#skipping || bytes.length === 0) return;
    // A copy in any case: the chunk's buffer is filled again.
    const left = withoutNuls(Buffer.concat([this.#left, bytes]));
    this.#left = left;
    if (left.length <= (left[0] === BRACE ? jsonLineLengthMax : lineLengthMax)) return;
    this.#skipping = true;
    this.#sink.overlong(textOf(left.subarray(0, START_LENGTH)));
    this.#left = Buffer.alloc(0);
  }

  #cut(text: string): void {
    let from = 0;
    if (this.#skipping) {
      from = text.indexOf(this.#endText) + 1;
      this.#skipping = false;
      if (from === 0) return;
    }
    for (;;) {
      const next = text.indexOf(this.#endText, from);
      const end = next < 0 ? text.length : next;
      const first = firstOf(text, from, end);
      const last = lastOf(text, first, end);
      if (last - first <= lineLengthMax) this.#sink.line(text.slice(first, last));
      else this.#long(text, first, last);
      if (next < 0) return;
      from = next + 1;
    }
  }

  #long(text: string, first: number, last: number): void {
    const isJson = text.charCodeAt(first) === BRACE && last - first <= jsonLineLengthMax;
    if (isJson) this.#sink.line(text.slice(first, last));
    else this.#sink.overlong(text.slice(first, first + START_LENGTH));
  }
}

const textOf = (bytes: Buffer): string => bytes.toString(isAscii(bytes) ? "latin1" : "utf8");

function firstOf(text: string, from: number, end: number): number {
  let first = from;
  while (first < end && text.charCodeAt(first) === NUL) first += 1;
  return first;
}

/** Where the line ends without a carriage return and NULs. */
function lastOf(text: string, from: number, end: number): number {
  let last = end;
  while (last > from && text.charCodeAt(last - 1) === NUL) last -= 1;
  return last > from && text.charCodeAt(last - 1) === CR ? last - 1 : last;
}

function withoutNuls(bytes: Buffer): Buffer {
  let first = 0;
  while (first < bytes.length && bytes[first] === NUL) first += 1;
  return first === 0 ? bytes : bytes.subarray(first);
}
