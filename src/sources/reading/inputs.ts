/**
 * Which files to read, and in which order: paths, directories and standard input to logs. A log is one stream of entries, whose
 * rotated forerunners (mail.log.2.gz, mail.log.1, mail.log-20260101) come before it, oldest first.
 */
import { type Dirent, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Failure } from "#/platform/failure.ts";
import { type Millis, millis } from "#/platform/units.ts";

export type InputFile = {
  /** As it is shown; "-" for standard input. */
  readonly path: string;
  /** Bytes on disk; 0 where unknown. */
  readonly size: number;
  /** Last change; undefined for a stream. */
  readonly changed: Millis | undefined;
};

/** The files of one log, oldest first. */
export type Log = readonly InputFile[];

/** Files in one directory, and how deep: a path given by mistake ("/") must not read the whole machine. */
const FILES_MAX = 10_000;
const DEPTH_MAX = 8;

/** @throws Failure file-not-found, file-unreadable. */
export function findLogs(paths: readonly string[]): Log[] {
  const files = [...new Set(paths)].flatMap((path) => filesAt(path));
  const logs = new Map<string, InputFile[]>();
  for (const file of files) {
    const name = file.path === "-" ? "-" : join(dirname(file.path), logName(basename(file.path)));
    logs.set(name, [...(logs.get(name) ?? []), file]);
  }
  return [...logs.values()].map((log) => log.sort(byAge));
}

function filesAt(path: string): InputFile[] {
  if (path === "-") return [{ path, size: 0, changed: undefined }];
  const status = statOf(path);
  if (status.isDirectory()) return filesUnder(path, DEPTH_MAX, { left: FILES_MAX });
  return [toFile(path, status)];
}

function statOf(path: string): ReturnType<typeof statSync> & object {
  try {
    return statSync(path);
  } catch (error) {
    throw fileFailure(path, error);
  }
}

/** What went wrong with a file, as something that can be mended. */
export function fileFailure(path: string, error: unknown): Failure {
  const code = error instanceof Error && "code" in error ? error.code : "";
  if (code === "ENOENT") return new Failure("file-not-found", `${path}: there is no such file. Is the path right?`, { cause: error });
  if (code === "EACCES" || code === "EPERM") {
    return new Failure("file-unreadable", `${path}: you may not read it. Try with sudo, or as a member of the group adm.`, { cause: error });
  }
  return new Failure("file-unreadable", `${path}: cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
}

function filesUnder(folder: string, depth: number, budget: { left: number }): InputFile[] {
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return depth > 1 ? filesUnder(path, depth - 1, budget) : [];
    // Links are not followed: they may lead out of the directory, or to what is read already.
    if (!entry.isFile() || budget.left === 0) return [];
    budget.left -= 1;
    return [toFile(path, statOf(path))];
  });
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((left, right) => (left.name < right.name ? -1 : 1));
  } catch (error) {
    throw fileFailure(folder, error);
  }
}

const toFile = (path: string, status: { size: number | bigint; mtimeMs: number | bigint }): InputFile => ({
  path,
  size: Number(status.size),
  changed: millis(Math.floor(Number(status.mtimeMs))),
});

const compressed = /\.(?:gz|zst|bz2|xz)$/i;
const rotation = /[.-](?:\d{1,4}|\d{8}(?:-?\d{1,10})?|\d{4}-\d\d-\d\d)$/;

/** "mail.log" for mail.log, mail.log.1, mail.log.2.gz and mail.log-20260101. */
export const logName = (name: string): string => name.replace(compressed, "").replace(rotation, "") || name;

/** Oldest first: by date where the name has one, by falling number, the log itself last. */
function byAge(left: InputFile, right: InputFile): number {
  return ageOf(left) - ageOf(right) || (left.changed ?? 0) - (right.changed ?? 0) || (left.path < right.path ? -1 : 1);
}

function ageOf({ path }: InputFile): number {
  const suffix = rotation.exec(basename(path).replace(compressed, ""))?.[0].slice(1);
  if (suffix === undefined) return Number.MAX_SAFE_INTEGER;
  const digits = suffix.replaceAll("-", "");
  // Dates rise with time, rotation numbers fall.
  return digits.length >= 8 ? Number(digits.slice(0, 8)) * 1e5 + Number(digits.slice(8, 13) || "0") : -Number(digits);
}
