/**
 * Cuts bytes into lines and says where each begins. What a line is (its length, NULs, its end) is for the framer to say; here only its bytes
 * are put together, and a line that never ends is passed on in pieces.
 */
import { jsonLineLengthMax } from "#/sources/reading/lines.ts";

const LF = 10;

export class ByteLines {
  readonly #line: (bytes: Buffer, start: number) => Promise<void> | void;
  #pieces: Buffer[] = [];
  #length = 0;
  /** Where the line that has not ended begins. */
  start: number;
  /** Where the next chunk begins. */
  end: number;

  /** @param line gets each line with its end, or pieces of one that is beyond all measure. */
  constructor(start: number, line: (bytes: Buffer, start: number) => Promise<void> | void) {
    this.start = start;
    this.end = start;
    this.#line = line;
  }

  async write(chunk: Buffer): Promise<void> {
    let from = 0;
    for (;;) {
      const at = chunk.indexOf(LF, from);
      if (at < 0) break;
      const whole = this.#with(chunk.subarray(from, at + 1));
      const given = this.#line(whole, this.start);
      if (given !== undefined) await given;
      this.end += at + 1 - from;
      this.start = this.end;
      from = at + 1;
    }
    await this.#keep(chunk.subarray(from));
  }

  /** The half-written last line. */
  rest(): Buffer {
    return this.#with(Buffer.alloc(0));
  }

  async #keep(bytes: Buffer): Promise<void> {
    if (bytes.length === 0) return;
    // A copy: the chunk's buffer is filled again.
    this.#pieces.push(Buffer.from(bytes));
    this.#length += bytes.length;
    this.end += bytes.length;
    if (this.#length > jsonLineLengthMax) await this.#line(this.rest(), this.start);
  }

  #with(bytes: Buffer): Buffer {
    if (this.#pieces.length === 0) return bytes;
    const whole = Buffer.concat([...this.#pieces, bytes]);
    this.#pieces = [];
    this.#length = 0;
    return whole;
  }
}
