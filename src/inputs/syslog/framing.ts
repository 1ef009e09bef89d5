/**
 * Messages out of a stream, as RFC 6587 has them: octet counting ("57 <34>1 ...", which RFC 5425 asks for) or a line end after each, told
 * apart message by message. A message beyond the maximum is passed over to its end, and told. Nothing that a sender does is kept longer.
 */
const LF = 10;
const CR = 13;
const NUL = 0;
const SPACE = 32;
const ZERO = 48;
const NINE = 57;
const LESS = 60;

/** "16777216 ": no message is longer. */
const DIGITS_MAX = 8;

export type MessageSink = {
  /** One message without its frame. Its bytes are to be used at once. */
  readonly message: (bytes: Buffer) => void;
  readonly malformed: (why: string) => void;
};

/** What begins at a place: a counted message, a line, or too little to tell. */
type Start = { readonly kind: "counted"; readonly from: number; readonly length: number } | "line" | "unclear";

export class Framing {
  readonly #max: number;
  readonly #sink: MessageSink;
  #left: Buffer = Buffer.alloc(0);
  /** Bytes of a counted message, or all up to a line end, that are passed over. */
  #skip = 0;
  #isSkippingLine = false;

  /** @param max bytes of a message. */
  constructor(max: number, sink: MessageSink) {
    this.#max = max;
    this.#sink = sink;
  }

  write(chunk: Buffer): void {
    const bytes = this.#left.length === 0 ? chunk : Buffer.concat([this.#left, chunk]);
    let from = 0;
    for (;;) {
      const next = this.#next(bytes, from);
      if (next < 0) break;
      from = next;
    }
    // A copy: the chunk's buffer is not ours.
    this.#left = Buffer.from(bytes.subarray(from + this.#passed(bytes.length - from)));
  }

  /** The connection is over. Answers a last line without its end, which may be half of one; empty for none. */
  end(): Buffer {
    const left = this.#left;
    this.#left = Buffer.alloc(0);
    if (this.#isSkippingLine || this.#skip > 0 || left.length === 0) return Buffer.alloc(0);
    if (startAt(left, 0) === "line") return left;
    this.#sink.malformed("the connection ended within a message");
    return Buffer.alloc(0);
  }

  /** Takes one step on. Answers where the next begins; -1 where more must come first. */
  #next(bytes: Buffer, from: number): number {
    if (from >= bytes.length) return -1;
    if (this.#skip > 0) {
      const skipped = Math.min(this.#skip, bytes.length - from);
      this.#skip -= skipped;
      return from + skipped;
    }
    if (this.#isSkippingLine) return this.#skipLine(bytes, from);
    const first = bytes[from];
    // Line ends after a counted message, empty lines.
    if (first === LF || first === CR || first === NUL || first === SPACE) return from + 1;
    const start = startAt(bytes, from);
    if (start === "unclear") return -1;
    return start === "line" ? this.#line(bytes, from) : this.#counted(bytes, start);
  }

  #counted(bytes: Buffer, { from, length }: { readonly from: number; readonly length: number }): number {
    if (length > this.#max) {
      this.#sink.malformed(`a message of ${length} bytes, more than ${this.#max}`);
      this.#skip = length;
      return from;
    }
    if (bytes.length < from + length) return -1;
    this.#sink.message(bytes.subarray(from, from + length));
    return from + length;
  }

  #line(bytes: Buffer, from: number): number {
    const end = bytes.indexOf(LF, from);
    if ((end < 0 ? bytes.length : end) - from > this.#max) {
      this.#sink.malformed(`a line of more than ${this.#max} bytes`);
      this.#isSkippingLine = true;
      return from;
    }
    if (end < 0) return -1;
    this.#sink.message(bytes.subarray(from, end));
    return end + 1;
  }

  #skipLine(bytes: Buffer, from: number): number {
    const end = bytes.indexOf(LF, from);
    this.#isSkippingLine = end < 0;
    return end < 0 ? bytes.length : end + 1;
  }

  /** While a line is passed over nothing of it is kept. */
  #passed(length: number): number {
    return this.#isSkippingLine || this.#skip > 0 ? length : 0;
  }
}

/** A count is one only where a message's "<" comes after it: a line may begin with digits, too. */
function startAt(bytes: Buffer, from: number): Start {
  let at = from;
  let length = 0;
  while (at < bytes.length && at - from <= DIGITS_MAX) {
    const code = bytes[at] ?? 0;
    if (code < ZERO || code > NINE) break;
    length = length * 10 + code - ZERO;
    at += 1;
  }
  if (at === from || at - from > DIGITS_MAX || bytes[from] === ZERO) return "line";
  if (at === bytes.length) return "unclear";
  if (bytes[at] !== SPACE) return "line";
  if (at + 1 === bytes.length) return "unclear";
  return bytes[at + 1] === LESS ? { kind: "counted", from: at + 1, length } : "line";
}
