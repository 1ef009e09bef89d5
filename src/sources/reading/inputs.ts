/**
 * Which files to read, and in which order: paths, directories and standard input to logs. A log is one stream of entries, whose
 * rotated forerunners (mail.log.2.gz, mail.log.1, mail.log-20260101) come before it, oldest first.
 */
import { type BigIntStats, type Dirent, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Failure } from "#/platform/failure.ts";
import { type Millis, millis } from "#/platform/units.ts";
import { Beginnings } from "./beginnings.ts";
import { placeOf } from "./rotation.ts";

export type InputFile = {
  /** As it is shown; "-" for standard input. */
  readonly path: string;
  /** Bytes on disk; 0 where unknown. */
  readonly size: number;
  /** Last change; undefined for a stream. */
  readonly changed: Millis | undefined;
  /** Whether it was found in a directory, not named: what cannot be read of it is told, and does not end the run. */
  readonly isFound: boolean;
  /** What the reader must be told of how it was chosen. */
  readonly notes: readonly string[];
};

/** The files of one log, oldest first. */
export type Log = readonly InputFile[];

export type InputLimits = {
  /** Files of one directory, and how deep: a path given by mistake ("/") must not read the whole machine. */
  readonly filesMax: number;
  readonly depthMax: number;
};

const defaultLimits: InputLimits = { filesMax: 10_000, depthMax: 8 };

/** Directories that may not be read, told by name. */
const NOTES_MAX = 10;

/** A file by what it is, not by its name: the same one is not read twice. */
type Candidate = InputFile & { readonly identity: string };

/** @throws Failure file-not-found, file-unreadable, file-empty. */
export function findLogs(paths: readonly string[], limits: InputLimits = defaultLimits): Log[] {
  const files = new Map<string, Candidate>();
  for (const path of paths) {
    // A file that is named as well as found counts as named.
    for (const file of filesAt(path, limits)) {
      if (files.get(file.identity)?.isFound !== false) files.set(file.identity, file);
    }
  }
  const beginnings = new Beginnings();
  const logs = Map.groupBy(beginnings.dateAlike([...files.values()]), ({ path }) =>
    path === "-" ? "-" : join(dirname(path), placeOf(basename(path)).log),
  );
  return [...logs.values()].flatMap((log) => beginnings.separate(withoutCopies(log.sort(byAge))));
}

function filesAt(path: string, limits: InputLimits): readonly Candidate[] {
  if (path === "-") return [{ path, size: 0, changed: undefined, isFound: false, notes: [], identity: "-" }];
  const status = statOf(path);
  if (!status.isDirectory()) return [toFile(path, status, false)];
  const search = new Search(limits);
  search.into(path, limits.depthMax);
  if (search.files.length === 0) {
    const links =
      search.links === 0
        ? ""
        : ` It has ${search.links} symbolic links, which are not followed: name what they lead to.`;
    throw new Failure("file-empty", `${path}: there is no file in this directory.${links}`);
  }
  const [first, ...others] = search.files;
  return first === undefined ? [] : [{ ...first, notes: search.notes(path) }, ...others];
}

/** The regular files of a directory and of those in it. */
class Search {
  readonly files: Candidate[] = [];
  readonly #unreadable: string[] = [];
  links = 0;
  #left: number;
  #isTooMany = false;
  #isTooDeep = false;

  constructor({ filesMax }: InputLimits) {
    this.#left = filesMax;
  }

  into(folder: string, depth: number): void {
    for (const entry of entriesOf(folder)) this.#entry(entry, join(folder, entry.name), depth);
  }

  /** What vanishes or may not be read within a directory is told, and does not end the run. */
  #entry(entry: Dirent, path: string, depth: number): void {
    try {
      // Links are not followed: they may lead out of the directory, or to what is read already.
      if (entry.isSymbolicLink()) this.links += 1;
      else if (entry.isDirectory()) this.#folder(path, depth - 1);
      else if (entry.isFile()) this.#file(path);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (this.#unreadable.length < NOTES_MAX) this.#unreadable.push(error.message);
    }
  }

  #folder(path: string, depth: number): void {
    if (depth > 0) this.into(path, depth);
    else this.#isTooDeep = true;
  }

  #file(path: string): void {
    if (this.#left === 0) {
      this.#isTooMany = true;
      return;
    }
    this.#left -= 1;
    const status = statOf(path);
    if (status.size > 0n) this.files.push(toFile(path, status, true));
  }

  notes(folder: string): string[] {
    const notes = [...this.#unreadable];
    if (this.#isTooMany) notes.push(`${folder} holds more than ${this.files.length} files: the others were not read`);
    if (this.#isTooDeep) notes.push(`some directories in ${folder} are nested too deeply and were not read`);
    if (this.links > 0) notes.push(`${this.links} symbolic links in ${folder} were not followed`);
    return notes;
  }
}

function statOf(path: string): BigIntStats {
  try {
    return statSync(path, { bigint: true });
  } catch (error) {
    throw fileFailure(path, error);
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((left, right) => (left.name < right.name ? -1 : 1));
  } catch (error) {
    throw fileFailure(folder, error);
  }
}

/** What went wrong with a file, as something that can be mended. */
export function fileFailure(path: string, cause: unknown): Failure {
  const code = cause instanceof Error && "code" in cause ? cause.code : "";
  const failed = (kind: "file-not-found" | "file-unreadable", what: string): Failure =>
    new Failure(kind, `${path}: ${what}`, { cause });
  if (code === "ENOENT") return failed("file-not-found", "there is no such file. Is the path right?");
  if (code === "EACCES" || code === "EPERM") {
    return failed("file-unreadable", "you may not read it. Try with sudo, or as a member of the group adm.");
  }
  return failed("file-unreadable", `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`);
}

const toFile = (path: string, status: BigIntStats, isFound: boolean): Candidate => ({
  path,
  size: Number(status.size),
  changed: status.isFile() ? millis(Number(status.mtimeMs)) : undefined,
  isFound,
  notes: [],
  // Pipes that a shell makes share device and number with nothing that lasts; their path tells them apart.
  identity: status.isFile() ? `${status.dev}:${status.ino}` : path,
});

function byAge(left: InputFile, right: InputFile): number {
  const [one, other] = [placeOf(basename(left.path)), placeOf(basename(right.path))];
  return (
    one.age - other.age || Number(one.isCompressed) - Number(other.isCompressed) || (left.path < right.path ? -1 : 1)
  );
}

/** A rotation that was interrupted leaves auth.log.1 beside auth.log.1.gz, with the same in both. */
function withoutCopies(log: readonly InputFile[]): Log {
  const kept: InputFile[] = [];
  for (const file of log) {
    const before = kept.at(-1);
    if (before === undefined || !isCopy(before, file)) kept.push(file);
    else
      kept[kept.length - 1] = {
        ...before,
        notes: [...before.notes, `${basename(file.path)} is its compressed copy and was not read`],
      };
  }
  return kept;
}

function isCopy(plain: InputFile, file: InputFile): boolean {
  const [one, other] = [placeOf(basename(plain.path)), placeOf(basename(file.path))];
  return one.age === other.age && !one.isCompressed && other.isCompressed;
}
