/** The files of one log as they lie there now, oldest first: mail.log.2.gz, mail.log.1, mail.log. */
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { placeOf } from "#/sources/reading/rotation.ts";
import { type Found, find } from "./identity.ts";

/** A log by what all its files are called. */
export type LogName = {
  /** Where it is written, and where its rotated files may be as well (logrotate's olddir). */
  readonly folders: readonly string[];
  /** The name without what rotation adds to it. */
  readonly name: string;
};

/** Files of one log that are looked at; the oldest are left out. */
const FILES_MAX = 1_000;

export const logNameOf = (path: string): string => placeOf(basename(path)).log;

/** Whether it is one by its name that rotation has put away: not where a log is written. */
export const isPutAway = (path: string): boolean => {
  const { age, isCompressed } = placeOf(basename(path));
  return isCompressed || age < 0;
};

/** Looked at again while rotation is under way: half of its renamings would hide a file. */
const LOOKS_MAX = 10;

export async function siblingsOf(logName: LogName): Promise<readonly Found[]> {
  let last = await listed(logName);
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const now = await listed(logName);
    if (isSameList(last, now)) return now;
    last = now;
  }
  return last;
}

const isSameList = (one: readonly Found[], other: readonly Found[]): boolean =>
  one.length === other.length &&
  one.every(({ path, dev, ino }, index) => {
    const found = other[index];
    return found?.path === path && found.dev === dev && found.ino === ino;
  });

async function listed({ folders, name }: LogName): Promise<readonly Found[]> {
  const paths: string[] = [];
  for (const folder of folders) {
    for (const entry of await entriesOf(folder)) if (placeOf(entry).log === name) paths.push(join(folder, entry));
  }
  paths.sort(byAge);
  const found: Found[] = [];
  for (const path of paths.slice(-FILES_MAX)) {
    const file = await find(path);
    if (file !== undefined) found.push(file);
  }
  return found;
}

async function entriesOf(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    // It may not be there yet.
    return [];
  }
}

function byAge(left: string, right: string): number {
  const [one, other] = [placeOf(basename(left)), placeOf(basename(right))];
  return one.age - other.age || Number(other.isCompressed) - Number(one.isCompressed) || (left < right ? -1 : 1);
}
