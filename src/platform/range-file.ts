// A CSV file of number ranges sorted by their start, searched where it lies: 20 MB are not read to answer one question.
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** Small enough that reading and scanning one costs microseconds; large enough that all their first keys fit in memory. */
const blockBytes = 4_096;
/** Longer than any line, so that the line which starts at the end of a block is read whole. */
const lineBytesMax = 1_024;

/** A decimal number as text, without leading zeros: of any size, and compared without being parsed. */
export type Key = string;

const isAtMost = (left: Key, right: Key): boolean =>
  left.length === right.length ? left <= right : left.length < right.length;

/** Holds the file open. Lines are "start,end,rest"; both ends of a range belong to it. */
export class RangeFile {
  readonly #file: number;
  readonly #blocks: number;
  readonly #size: number;
  readonly #buffer = Buffer.alloc(blockBytes + lineBytesMax);
  /** The first key of each block, once asked for; "" where no line begins in the block. */
  readonly #firstKeys: (Key | undefined)[];

  constructor(path: string) {
    this.#file = openSync(path, "r");
    this.#size = fstatSync(this.#file).size;
    this.#blocks = Math.ceil(this.#size / blockBytes);
    this.#firstKeys = Array.from({ length: this.#blocks });
  }

  /** What stands after "start,end," on the line whose range holds `key`. */
  find(key: Key): string | undefined {
    let low = 0;
    let high = this.#blocks - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (isAtMost(this.#firstKey(middle), key)) low = middle;
      else high = middle - 1;
    }
    return this.#blocks === 0 ? undefined : this.#findIn(low, key);
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }

  #firstKey(block: number): Key {
    const known = this.#firstKeys[block];
    if (known !== undefined) return known;
    const text = this.#read(block, lineBytesMax);
    const start = lineStart(text, block);
    const key = start < 0 ? "" : text.slice(start, text.indexOf(",", start));
    this.#firstKeys[block] = key;
    return key;
  }

  /** The last line of the block that does not start after `key`, if it reaches as far as `key`. */
  #findIn(block: number, key: Key): string | undefined {
    const text = this.#read(block, blockBytes + lineBytesMax);
    let found = -1;
    let at = lineStart(text, block);
    while (at >= 0 && at <= blockBytes && at < text.length) {
      if (!isAtMost(text.slice(at, text.indexOf(",", at)), key)) break;
      found = at;
      const end = text.indexOf("\n", at);
      at = end < 0 ? -1 : end + 1;
    }
    if (found < 0) return undefined;
    const comma = text.indexOf(",", found) + 1;
    const rest = text.indexOf(",", comma);
    if (!isAtMost(key, text.slice(comma, rest))) return undefined;
    const end = text.indexOf("\n", rest);
    return this.#buffer.toString("utf8", rest + 1, end < 0 ? text.length : end).trimEnd();
  }

  /** One byte per character, so that positions in the text are positions in the buffer. */
  #read(block: number, bytes: number): string {
    const from = block * blockBytes;
    const length = readSync(this.#file, this.#buffer, 0, Math.min(bytes, this.#size - from), from);
    return this.#buffer.toString("latin1", 0, length);
  }
}

/** A block owns the lines that begin after its first line end; the first block also owns the line that it opens with. */
function lineStart(text: string, block: number): number {
  if (block === 0) return 0;
  const end = text.indexOf("\n");
  return end < 0 ? -1 : end + 1;
}
