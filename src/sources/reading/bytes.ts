/**
 * From a path to its bytes, decompressed: gzip and zstd are known by their first bytes, whatever the name. What was cut short gives
 * what is there, and a note. Files that hold no text are refused with a word on how to get text out of them.
 */
import { createReadStream } from "node:fs";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { decompressed } from "./decompress.ts";
import { type InputFile, fileFailure } from "./inputs.ts";
import { kindOf, refusal } from "./magic.ts";

/** Of one file read by itself; more does not make it faster. */
export const chunkLengthMax = 1 << 18;

export type Bytes = {
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
    // Opened when it is its turn: a directory may hold more files than a process may have open.
    const raw =
      file.path === "-"
        ? createReadStream("", { fd: 0, autoClose: false, highWaterMark: chunkLength })
        : createReadStream(file.path, { highWaterMark: chunkLength });
    try {
      for await (const chunk of raw) {
        const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
        taken += bytes.length;
        yield bytes;
      }
    } catch (error) {
      throw fileFailure(file.path, error);
    }
  };
  return { chunks: textOf(file.path, counted(), chunkLength, notes), taken: () => taken, notes };
}

async function* textOf(
  path: string,
  chunks: AsyncGenerator<Buffer>,
  chunkSize: number,
  notes: string[],
): AsyncGenerator<Buffer> {
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
}

/** The first bytes, enough to tell what they are of; a pipe may give them one by one. */
async function begin(chunks: AsyncGenerator<Buffer>): Promise<Buffer | undefined> {
  let begun: Buffer | undefined;
  while (begun === undefined || begun.length < 512) {
    const { done, value } = await chunks.next();
    if (done === true) return begun;
    begun = begun === undefined ? value : Buffer.concat([begun, value]);
  }
  return begun;
}
