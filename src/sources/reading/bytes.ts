/**
 * From a path to its bytes, decompressed: gzip and zstd are known by their first bytes, whatever the name. What was cut short gives
 * what is there, and a note. Files that hold no text are refused with a word on how to get text out of them.
 */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { decompressed } from "./decompress.ts";
import { type InputFile, fileFailure } from "./inputs.ts";
import { kindOf, refusal } from "./magic.ts";

/** Of one file read by itself: large enough that waiting for the disk's thread is rare. */
export const chunkLengthMax = 1 << 20;

export type Bytes = {
  /** Each is what it is until the next is asked for: its buffer is filled again then. */
  readonly chunks: AsyncIterable<Buffer>;
  /** Bytes taken from the disk so far. */
  readonly taken: () => number;
  /** What the reader must be told, complete once the chunks are through. */
  readonly notes: string[];
};

/** @throws Failure (while iterating) file-not-found, file-unreadable, compression-broken. */
export function openBytes(file: InputFile, chunkLength = chunkLengthMax): Bytes {
  const notes: string[] = [];
  let taken = 0;
  const counted = async function* (): AsyncGenerator<Buffer> {
    try {
      const isStream = file.path === "-" || file.changed === undefined;
      for await (const bytes of isStream ? streamed(file.path, chunkLength) : blocks(file.path, chunkLength)) {
        taken += bytes.length;
        yield bytes;
      }
    } catch (error) {
      throw error instanceof Error && "syscall" in error ? fileFailure(file.path, error) : error;
    }
  };
  return { chunks: textOf(file.path, counted(), chunkLength, notes), taken: () => taken, notes };
}

/** Standard input, a pipe or a device: in whatever pieces it comes. */
async function* streamed(path: string, highWaterMark: number): AsyncGenerator<Buffer> {
  const stream =
    path === "-"
      ? createReadStream("", { fd: 0, autoClose: false, highWaterMark })
      : createReadStream(path, { highWaterMark });
  for await (const chunk of stream) yield Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
}

/** A file by turns in two buffers: while one is worked on, the other is filled. */
async function* blocks(path: string, length: number): AsyncGenerator<Buffer> {
  // Opened when it is its turn: a directory may hold more files than a process may have open.
  const file = await open(path);
  let [filling, working] = [Buffer.allocUnsafeSlow(length), Buffer.allocUnsafeSlow(length)];
  let reading = file.read(filling, 0, length);
  try {
    for (;;) {
      const { bytesRead } = await reading;
      if (bytesRead === 0) return;
      [filling, working] = [working, filling];
      reading = file.read(filling, 0, length);
      // It is awaited when the next block is asked for, which may be long after it has failed.
      reading.catch(() => undefined);
      yield working.subarray(0, bytesRead);
    }
  } finally {
    await reading.catch(() => undefined);
    await file.close();
  }
}

async function* textOf(
  path: string,
  chunks: AsyncGenerator<Buffer>,
  chunkSize: number,
  notes: string[],
): AsyncGenerator<Buffer> {
  try {
    const begun = await begin(chunks);
    if (begun === undefined) return;
    const kind = kindOf(begun);
    const all = async function* (): AsyncGenerator<Buffer> {
      yield begun;
      yield* chunks;
    };
    if (kind === "text") yield* all();
    else if (kind === "gzip") yield* decompressed(path, () => createGunzip({ chunkSize }), all(), notes);
    else if (kind === "zstd") yield* decompressed(path, () => createZstdDecompress({ chunkSize }), all(), notes);
    else throw refusal(path, kind);
  } finally {
    // What was begun by hand must be ended by hand, or the file stays open.
    await chunks.return(undefined);
  }
}

/** The first bytes, enough to tell what they are of; a pipe may give them one by one. */
async function begin(chunks: AsyncGenerator<Buffer>): Promise<Buffer | undefined> {
  let begun: Buffer | undefined;
  while (begun === undefined || begun.length < 512) {
    // Its buffer may be filled again by asking for more.
    if (begun !== undefined) begun = Buffer.from(begun);
    const { done, value } = await chunks.next();
    if (done === true) return begun;
    begun = begun === undefined ? value : Buffer.concat([begun, value]);
  }
  return begun;
}
