/**
 * Bytes of whatever encoding to UTF-8, by the first bytes of the file: UTF-16 as Windows writes it, with a byte order mark
 * or without, or UTF-8, whose mark is taken off. What is not valid is replaced, never dropped.
 */

type Encoding = "utf-8" | "utf-16le" | "utf-16be";

export class ToUtf8 {
  #decoder: InstanceType<typeof TextDecoder> | undefined;
  #isFirst = true;

  /** Chunks in their order; characters over their borders are kept whole. */
  convert(chunk: Buffer): Buffer {
    let bytes = chunk;
    if (this.#isFirst && chunk.length > 0) {
      this.#isFirst = false;
      const encoding = encodingOf(chunk);
      if (encoding !== "utf-8") this.#decoder = new TextDecoder(encoding);
      else if (chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf) bytes = chunk.subarray(3);
    }
    return this.#decoder === undefined ? bytes : Buffer.from(this.#decoder.decode(bytes, { stream: true }));
  }
}

function encodingOf(bytes: Buffer): Encoding {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  // Without a mark: ASCII characters with a zero on the same side of each.
  if (isPrintable(first) && isPrintable(third) && second === 0 && fourth === 0) return "utf-16le";
  if (isPrintable(second) && isPrintable(fourth) && first === 0 && third === 0) return "utf-16be";
  return "utf-8";
}

const isPrintable = (code: number | undefined): boolean => code !== undefined && code >= 32 && code < 127;
