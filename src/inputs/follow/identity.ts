/**
 * Which file it is, whatever it is called: device and number, and how it begins. A file that was renamed keeps all of them; a copy of one
 * that was then cut off (copytruncate), or its compressed copy, keeps its beginning; one that was cut off and begun anew keeps its number.
 */
import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { openBytes } from "#/sources/reading/bytes.ts";
import { kindOf } from "#/sources/reading/magic.ts";

/** Of lines with times in them two files never have so much in common by chance. */
export const HEAD_LENGTH = 1_024;
/** A shorter beginning alone says nothing. */
const HEAD_LENGTH_MIN = 40;

/** As it is kept with a position. */
export type Identity = {
  readonly dev: string;
  readonly ino: string;
  /** SHA-256 of the first `length` bytes. */
  readonly head: string;
  readonly length: number;
};

/** A file as it lies there now. */
export type Found = {
  readonly path: string;
  readonly dev: string;
  readonly ino: string;
  readonly size: number;
  readonly changedAt: number;
  readonly isCompressed: boolean;
};

export const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

export const identityOf = ({ dev, ino }: Pick<Identity, "dev" | "ino">, head: Buffer): Identity => ({
  dev,
  ino,
  head: hashOf(head),
  length: head.length,
});

/** Undefined where there is no such regular file, or it may not be read. */
export async function find(path: string): Promise<Found | undefined> {
  let status: BigIntStats;
  try {
    status = await stat(path, { bigint: true });
  } catch {
    return undefined;
  }
  if (!status.isFile()) return undefined;
  return {
    path,
    dev: String(status.dev),
    ino: String(status.ino),
    size: Number(status.size),
    changedAt: Number(status.mtimeMs),
    isCompressed: /\.(?:gz|zst)$/i.test(path),
  };
}

/** The first bytes of an open file, `HEAD_LENGTH` at most. */
export async function headOf(file: FileHandle, length: number = HEAD_LENGTH): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** Whether this is the file, or a copy of it. */
export async function isSame(found: Found, identity: Identity): Promise<boolean> {
  const isSameNumber = found.dev === identity.dev && found.ino === identity.ino;
  if (identity.length < HEAD_LENGTH_MIN && !isSameNumber) return false;
  const head = await readHead(found, identity.length);
  return head !== undefined && head.length === identity.length && hashOf(head) === identity.head;
}

async function readHead(found: Found, length: number): Promise<Buffer | undefined> {
  try {
    if (found.isCompressed) return await readCompressed(found, length);
    const file = await open(found.path);
    try {
      const head = await headOf(file, length);
      return kindOf(head) === "text" ? head : await readCompressed(found, length);
    } finally {
      await file.close();
    }
  } catch {
    return undefined;
  }
}

async function readCompressed({ path, size }: Found, length: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let filled = 0;
  for await (const chunk of contentOf(path, size)) {
    parts.push(Buffer.from(chunk));
    filled += chunk.length;
    if (filled >= length) break;
  }
  return Buffer.concat(parts).subarray(0, length);
}

/** What is in a file, decompressed where it is compressed. */
export const contentOf = (path: string, size: number): AsyncIterable<Buffer> =>
  openBytes({ path, size, changed: undefined, isFound: true, notes: [] }, 65_536).chunks;
