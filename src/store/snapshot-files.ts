/**
 * Snapshots as files of a folder. Each is written under another name, flushed and then renamed, so that only whole ones have a snapshot's name; a checksum
 * finds those that went bad later, and the one before is taken instead.
 */
import { createHash } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { Snapshots } from "#/watch/ports.ts";
import { troubleOf } from "./trouble.ts";

/** The newest and the one before. */
const KEPT = 2;
/** One that was interrupted is written over by the next. */
const partialName = "partial";
/** Sequences are padded to this, so that names sort as they do. */
const DIGITS = 16;
const LINE_END = 10;
/** The head is a line of JSON; whatever has none within so many bytes is no snapshot. */
const HEAD_MAX = 4_096;

type Head = { readonly sequence: number; readonly version: string; readonly sha256: string };

export class SnapshotFiles implements Snapshots {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  save(sequence: number, version: string, body: Uint8Array): void {
    const path = join(this.#folder, nameOf(sequence));
    const partial = join(this.#folder, partialName);
    try {
      mkdirSync(this.#folder, { recursive: false, mode: 0o700 });
    } catch (error) {
      if (!isThere(error)) throw troubleOf(error, path);
    }
    try {
      writeFlushed(partial, [headOf(sequence, version, body), body]);
      renameSync(partial, path);
      flushFolder(this.#folder);
      for (const name of this.#names().slice(KEPT)) rmSync(join(this.#folder, name), { force: true });
    } catch (error) {
      removeIfPossible(partial);
      throw troubleOf(error, path);
    }
  }

  newest(version: string): { readonly sequence: number; readonly body: Uint8Array } | undefined {
    for (const name of this.#names()) {
      const found = read(join(this.#folder, name), version);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /**
   * Deletes those that know more sign-ins than the log: a power cut may have taken the log's last ones, whose sequences will be given to others.
   * @throws Failure store-unwritable
   */
  dropAfter(sequence: number): void {
    for (const name of this.#names()) {
      const path = join(this.#folder, name);
      if (name <= nameOf(sequence)) continue;
      try {
        rmSync(path, { force: true });
      } catch (error) {
        throw troubleOf(error, path);
      }
    }
  }

  /** Newest first. */
  #names(): readonly string[] {
    if (statSync(this.#folder, { throwIfNoEntry: false }) === undefined) return [];
    return readdirSync(this.#folder)
      .filter((name) => /^\d{16}\.snapshot$/.test(name))
      .sort()
      .reverse();
  }
}

const nameOf = (sequence: number): string => `${String(sequence).padStart(DIGITS, "0")}.snapshot`;

const isThere = (error: unknown): boolean => error instanceof Error && "code" in error && error.code === "EEXIST";

function headOf(sequence: number, version: string, body: Uint8Array): Uint8Array {
  const head: Head = { sequence, version, sha256: checksumOf(sequence, version, body) };
  return Buffer.from(`${JSON.stringify(head)}\n`);
}

function checksumOf(sequence: number, version: string, body: Uint8Array): string {
  return createHash("sha256")
    .update(JSON.stringify([sequence, version]))
    .update(body)
    .digest("hex");
}

function writeFlushed(path: string, parts: readonly Uint8Array[]): void {
  const file = openSync(path, "w", 0o600);
  try {
    for (const part of parts) {
      for (let written = 0; written < part.length;) written += writeSync(file, part, written);
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** So that a full disk has the room again; where even that fails, the next one writes over it. */
function removeIfPossible(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // What is in the way is told already.
  }
}

/** A rename is durable only once its folder is. */
function flushFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Undefined for one of another version, and for one that is damaged or cannot be read. */
function read(path: string, version: string): { readonly sequence: number; readonly body: Uint8Array } | undefined {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch {
    return undefined;
  }
  const end = bytes.subarray(0, HEAD_MAX).indexOf(LINE_END);
  const head = end < 0 ? undefined : readHead(Buffer.from(bytes.subarray(0, end)).toString());
  if (head === undefined || head.version !== version) return undefined;
  const body = new Uint8Array(bytes.buffer, bytes.byteOffset + end + 1, bytes.length - end - 1);
  return checksumOf(head.sequence, version, body) === head.sha256 ? { sequence: head.sequence, body } : undefined;
}

function readHead(line: string): Head | undefined {
  let head: unknown;
  try {
    head = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof head !== "object" || head === null) return undefined;
  if (!("sequence" in head && "version" in head && "sha256" in head)) return undefined;
  const { sequence, version, sha256 } = head;
  if (typeof sequence !== "number" || typeof version !== "string" || typeof sha256 !== "string") return undefined;
  return { sequence, version, sha256 };
}
