/**
 * Compressed chunks to plain ones. Archives in several parts, which appending makes, are read to their end: a stream of
 * Node's stops after the first part of a zstd file and says nothing. One that breaks gives everything before the break.
 */
import type { Readable, Transform } from "node:stream";
import { Failure } from "#/platform/failure.ts";
import { kindOf } from "./magic.ts";

/** A decompressor of node:zlib. */
export type Decompressor = Transform & { readonly bytesWritten: number };

/** @throws Failure compression-broken where nothing at all can be read. */
export async function* decompressed(
  path: string,
  create: () => Decompressor,
  chunks: AsyncGenerator<Buffer>,
  notes: string[],
): AsyncGenerator<Buffer> {
  try {
    yield* parts(path, create, new Input(chunks), notes);
  } finally {
    await chunks.return(undefined);
  }
}

async function* parts(path: string, create: () => Decompressor, input: Input, notes: string[]): AsyncGenerator<Buffer> {
  let isAnyGiven = false;
  while (await input.isMore()) {
    const stream = create();
    const output = new Output(stream);
    const feeding = input.feed(stream);
    // Whatever goes wrong with the source is thrown below, after what came before it.
    feeding.catch(() => undefined);
    try {
      for (let chunk = await output.next(); chunk !== undefined; chunk = await output.next()) {
        isAnyGiven = true;
        yield chunk;
      }
    } finally {
      stream.destroy();
    }
    await feeding;
    const { error } = output;
    if (error === undefined) continue;
    if (!isAnyGiven) {
      const what = `${path}: cannot be decompressed: ${error.message}. Is it whole?`;
      throw new Failure("compression-broken", what, { cause: error });
    }
    notes.push(`the compressed file is broken or cut short (${error.message}); what came before was read`);
    return;
  }
}

/** The compressed chunks, of which each stream takes as much as is its part. */
class Input {
  readonly #chunks: AsyncGenerator<Buffer>;
  /** Given to the stream, and perhaps not taken by it. */
  #given: Buffer[] = [];
  #isFirst = true;

  constructor(chunks: AsyncGenerator<Buffer>) {
    this.#chunks = chunks;
  }

  /** Whether another part follows. What follows and is no part, padding mostly, is passed over. */
  async isMore(): Promise<boolean> {
    if (this.#given.length === 0) {
      const { done, value } = await this.#chunks.next();
      if (done === true) return false;
      this.#given.push(value);
    }
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    return isFirst || kindOf(Buffer.concat(this.#given)) !== "text";
  }

  /** Gives the stream what it takes. @throws what reading the chunks throws. */
  async feed(stream: Decompressor): Promise<void> {
    // What it did not take is found by counting: it stops in the midst of a chunk where its part ends.
    let total = 0;
    const waiting = this.#given;
    this.#given = [];
    try {
      for (;;) {
        const chunk = waiting.shift() ?? (await this.#chunks.next()).value;
        if (chunk === undefined) break;
        this.#given.push(chunk);
        total += chunk.length;
        await written(stream, chunk);
        this.#forget(total - stream.bytesWritten);
        if (stream.destroyed || stream.readableEnded) return;
      }
      stream.end();
      await closed(stream);
      this.#forget(total - stream.bytesWritten);
    } catch (error) {
      stream.destroy();
      throw error;
    }
  }

  /** Keeps only the last `left` bytes of what was given. */
  #forget(left: number): void {
    let more = this.#given.reduce((sum, { length }) => sum + length, 0) - left;
    while (more > 0) {
      const [first] = this.#given;
      if (first === undefined) return;
      if (first.length > more) this.#given[0] = first.subarray(more);
      else this.#given.shift();
      more -= first.length;
    }
  }
}

/** Gives a chunk to the stream and waits until it was worked off, or until the stream takes no more. */
function written(stream: Decompressor, chunk: Buffer): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const name of ends) stream.off(name, done);
      resolve();
    };
    for (const name of ends) stream.on(name, done);
    stream.write(chunk, done);
  });
}

const ends = ["end", "close"] as const;

const closed = (stream: Readable): Promise<void> =>
  stream.destroyed || stream.readableEnded
    ? Promise.resolve()
    : new Promise((resolve) => {
        stream.once("end", resolve);
        stream.once("close", resolve);
      });

/**
 * What a stream gives, chunk by chunk, down to the last one before it broke. A stream's own iterator forgets the chunks
 * that were not asked for yet when an error comes.
 */
class Output {
  error: Error | undefined;
  readonly #stream: Readable;
  readonly #chunks: Buffer[] = [];
  #isOver = false;
  #wake: (() => void) | undefined;

  constructor(stream: Readable) {
    this.#stream = stream;
    stream.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      stream.pause();
      this.#wake?.();
    });
    stream.on("error", (error: Error) => {
      this.error = error;
      this.#wake?.();
    });
    for (const name of ends) {
      stream.on(name, () => {
        this.#isOver = true;
        this.#wake?.();
      });
    }
  }

  async next(): Promise<Buffer | undefined> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        // The next one is made while this one is read.
        this.#stream.resume();
        return chunk;
      }
      if (this.#isOver || this.error !== undefined) return undefined;
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#stream.resume();
      await woken;
    }
  }
}
