/**
 * From bytes to lines. ASCII, which logs mostly are, is taken as it is; what is not valid UTF-8 is replaced, never dropped. UTF-16 with
 * a byte order mark, as Windows writes it, is decoded. Lines that are too long are cut off and reported.
 */
import { isAscii } from "node:buffer";

/** Longer lines are no log lines: an attacker's, or a binary file. */
export const LINE_LENGTH_MAX = 65_536;

export type LineSink = {
  /** One line, its end taken off. */
  line(text: string): void;
  /** A line beyond the maximum; its beginning. */
  overlong(start: string): void;
};

export class LineCutter {
  readonly #sink: LineSink;
  #left: Buffer = Buffer.alloc(0);
  #skipping = false;
  #utf16: InstanceType<typeof TextDecoder> | undefined;
  #started = false;

  constructor(sink: LineSink) {
    this.#sink = sink;
  }

  write(chunk: Buffer): void {
    if (!this.#started) chunk = this.#start(chunk);
    const bytes = this.#utf16 === undefined ? chunk : Buffer.from(this.#utf16.decode(chunk, { stream: true }));
    const end = bytes.lastIndexOf(10);
    if (end < 0) {
      this.#keep(bytes);
      return;
    }
    const whole = this.#left.length === 0 ? bytes.subarray(0, end) : Buffer.concat([this.#left, bytes.subarray(0, end)]);
    this.#left = Buffer.from(bytes.subarray(end + 1));
    this.#cut(whole.toString(isAscii(whole) ? "latin1" : "utf8"));
    if (this.#left.length > LINE_LENGTH_MAX) this.#keep(Buffer.alloc(0));
  }

  /** Answers the half-written last line, "" where the text ended in a line end. It has not been handed on. */
  end(): string {
    const left = this.#skipping ? "" : this.#left.toString("utf8");
    this.#left = Buffer.alloc(0);
    return withoutReturn(left);
  }

  #start(chunk: Buffer): Buffer {
    this.#started = true;
    if (chunk[0] === 0xff && chunk[1] === 0xfe) this.#utf16 = new TextDecoder("utf-16le");
    else if (chunk[0] === 0xfe && chunk[1] === 0xff) this.#utf16 = new TextDecoder("utf-16be");
    else if (chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf) return chunk.subarray(3);
    return chunk;
  }

  /** No line end yet: what is kept is bounded, and of a line beyond the maximum only its beginning is told. */
  #keep(bytes: Buffer): void {
    if (this.#skipping) return;
    this.#left = Buffer.concat([this.#left, bytes]);
    if (this.#left.length <= LINE_LENGTH_MAX) return;
    this.#skipping = true;
    this.#sink.overlong(this.#left.toString("utf8", 0, 400));
    this.#left = Buffer.alloc(0);
  }

  #cut(text: string): void {
    let from = 0;
    if (this.#skipping) {
      this.#skipping = false;
      from = text.indexOf("\n") + 1;
      if (from === 0) return;
    }
    for (;;) {
      const end = text.indexOf("\n", from);
      const to = end < 0 ? text.length : end;
      const last = text.charCodeAt(to - 1) === 13 && to > from ? to - 1 : to;
      if (last - from > LINE_LENGTH_MAX) this.#sink.overlong(text.slice(from, from + 400));
      else this.#sink.line(text.slice(from, last));
      if (end < 0) return;
      from = end + 1;
    }
  }
}

const withoutReturn = (text: string): string => (text.endsWith("\r") ? text.slice(0, -1) : text);
