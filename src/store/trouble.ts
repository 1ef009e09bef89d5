/** What went wrong beneath a store, as a Failure that says what to do. What no operator can mend is thrown on as the bug it is. */
import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import { Failure } from "#/platform/failure.ts";

/** Less than this is a full disk, whatever the error was called. */
const BYTES_FREE_MIN = 1 << 20;

/** SQLite's primary result codes, https://www.sqlite.org/rescode.html, and the system's, by what can be done about them. */
const fullCodes: ReadonlySet<unknown> = new Set([13, "ENOSPC", "EDQUOT"]);
const unwritableCodes: ReadonlySet<unknown> = new Set([
  3,
  8,
  10,
  14,
  "EACCES",
  "EPERM",
  "EROFS",
  "ENOENT",
  "ENOTDIR",
  "EEXIST",
  "EIO",
  "EMFILE",
  "ENFILE",
]);
const busyCodes: ReadonlySet<unknown> = new Set([5, 6, "EBUSY"]);
const damagedCodes: ReadonlySet<unknown> = new Set([11, 26]);

/** @param path the file that it happened to. */
export function troubleOf(error: unknown, path: string): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error;
  const code = codeOf(error);
  // Where no room is left, SQLite may say no more than that writing failed.
  if (fullCodes.has(code) || (unwritableCodes.has(code) && isFull(path))) return full(path, error);
  if (unwritableCodes.has(code)) return unwritable(path, error.message, error);
  if (busyCodes.has(code)) return unwritable(path, "another program holds it", error);
  if (damagedCodes.has(code)) return damaged(path, error);
  return error;
}

const damaged = (path: string, cause: Error): Failure =>
  new Failure(
    "store-damaged",
    `${path} is damaged (${cause.message}). Stop Portcullis, move the file and those beside it whose names begin likewise away, ` +
      "and put a copy from your backup there, or start without: what was learned is learned anew.",
    { cause },
  );

function full(path: string, cause: unknown): Failure {
  return new Failure(
    "store-full",
    `No room is left for ${path}. Make room on that disk (or shorten store.retention once there is some); Portcullis goes on by itself. ` +
      "Until then nothing new is kept or acknowledged.",
    { cause },
  );
}

export function unwritable(path: string, what: string, cause?: unknown): Failure {
  return new Failure(
    "store-unwritable",
    `${path} cannot be written: ${what}. Make sure that the folder ${dirname(path)} is there, belongs to the user that Portcullis runs as, ` +
      "and that its disk is mounted for writing; Portcullis goes on by itself. Until then nothing new is kept or acknowledged.",
    { cause },
  );
}

const codeOf = (error: Error): unknown => {
  if ("errcode" in error && typeof error.errcode === "number") return error.errcode & 0xff;
  return "code" in error ? error.code : undefined;
};

function isFull(path: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(dirname(path));
    return bavail * bsize < BYTES_FREE_MIN;
  } catch {
    // The folder is not there: that is not for want of room.
    return false;
  }
}
