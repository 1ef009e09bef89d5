/**
 * From a path to its bytes, decompressed: gzip and zstd are known by their first bytes, whatever the name. What was cut short gives
 * what is there, and a note.
 */
import { createReadStream } from "node:fs";
import type { Transform } from "node:stream";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { Failure } from "#/platform/failure.ts";
import { type InputFile, fileFailure } from "./inputs.ts";

const CHUNK = 1 << 20;

export type Bytes = {
  readonly chunks: AsyncIterable<Buffer>;
  /** Bytes taken from the disk so far. */
  readonly taken: () => number;
  /** What the reader must be told, complete once the chunks are through. */
  readonly notes: string[];
};

/** @throws Failure (while iterating) file-unreadable, compression-broken. */
export function openBytes(file: InputFile): Bytes {
  const notes: string[] = [];
  let taken = 0;
  const raw = file.path === "-" ? createReadStream("", { fd: 0, autoClose: false, highWaterMark: CHUNK }) : createReadStream(file.path, { highWaterMark: CHUNK });
  const counted = async function* (): AsyncGenerator<Buffer> {
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
  return { chunks: decompress(file.path, counted(), notes), taken: () => taken, notes };
}

async function* decompress(path: string, chunks: AsyncGenerator<Buffer>, notes: string[]): AsyncGenerator<Buffer> {
  const first = await chunks.next();
  if (first.done === true) return;
  const kind = compressionOf(first.value);
  const rest = async function* (): AsyncGenerator<Buffer> {
    yield first.value;
    yield* chunks;
  };
  switch (kind) {
    case "none":
      yield* rest();
      return;
    case "gzip":
      yield* through(path, createGunzip({ chunkSize: CHUNK }), rest(), notes);
      return;
    case "zstd":
      yield* through(path, createZstdDecompress({ chunkSize: CHUNK }), rest(), notes);
      return;
    case "bzip2":
      throw new Failure("compression-broken", `${path}: bzip2 is not read. Decompress it first: bzip2 -dc "${path}" | portcullis scan -`);
    case "xz":
      throw new Failure("compression-broken", `${path}: xz is not read. Decompress it first: xz -dc "${path}" | portcullis scan -`);
    default:
      kind satisfies never;
  }
}

function compressionOf(bytes: Buffer): "none" | "gzip" | "zstd" | "bzip2" | "xz" {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return "gzip";
  if (bytes.length >= 4 && bytes.readUInt32LE(0) === 0xfd2fb528) return "zstd";
  if (bytes.subarray(0, 3).toString("latin1") === "BZh" && (bytes[3] ?? 0) >= 0x31 && (bytes[3] ?? 0) <= 0x39) return "bzip2";
  if (bytes.length >= 6 && bytes.readUIntBE(0, 6) === 0xfd377a585a00) return "xz";
  return "none";
}

async function* through(path: string, transform: Transform, chunks: AsyncGenerator<Buffer>, notes: string[]): AsyncGenerator<Buffer> {
  let given = false;
  let sourceError: unknown;
  const feed = async (): Promise<void> => {
    try {
      for await (const chunk of chunks) {
        if (!transform.write(chunk)) {
          await new Promise<void>((resolve) => {
            transform.once("drain", resolve);
            transform.once("close", resolve);
          });
        }
        if (transform.destroyed) return;
      }
      transform.end();
    } catch (error) {
      sourceError = error;
      transform.destroy();
    }
  };
  const feeding = feed();
  try {
    for await (const chunk of transform) {
      given = true;
      yield chunk as Buffer;
    }
  } catch (error) {
    if (sourceError === undefined) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!given) throw new Failure("compression-broken", `${path}: cannot be decompressed: ${reason}. Is it whole?`, { cause: error });
      notes.push(`the compressed file is broken or cut short (${reason}); what came before was read`);
    }
  } finally {
    transform.destroy();
  }
  await feeding;
  if (sourceError !== undefined) throw sourceError;
}
