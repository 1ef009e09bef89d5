/**
 * Files that rotation would make one log by their names, and that begin with the same lines: auth.log and its copy auth.log.1
 * or auth.log.old. One is no forerunner of the other, so they are logs of their own, and copies.ts finds what is in both.
 */
import { closeSync, openSync, readSync } from "node:fs";
import type { InputFile, Log } from "./inputs.ts";

/** Of lines of one program two logs never have so many in common by chance. */
const LENGTH = 4_096;
/** Shorter than one line of a log, a beginning says nothing. */
const LENGTH_MIN = 40;

/** The logs that these files are: mostly one. */
export function separate(log: Log): Log[] {
  if (log.length < 2) return [log];
  const logs: InputFile[][] = [[]];
  const beginnings: Buffer[][] = [[]];
  for (const file of log) {
    const beginning = beginningOf(file);
    const free = beginnings.findIndex((others) => !others.some((other) => isSame(beginning, other)));
    const place = free < 0 ? logs.length : free;
    (logs[place] ??= []).push(file);
    (beginnings[place] ??= []).push(beginning);
  }
  return logs;
}

function isSame(one: Buffer, other: Buffer): boolean {
  const length = Math.min(one.length, other.length);
  return length >= LENGTH_MIN && one.compare(other, 0, length, 0, length) === 0;
}

/** Empty where there is none to be had: the reading will say why. */
function beginningOf({ path, size, changed }: InputFile): Buffer {
  const bytes = Buffer.alloc(Math.min(LENGTH, changed === undefined ? 0 : size));
  if (bytes.length === 0) return bytes;
  try {
    const file = openSync(path, "r");
    try {
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return Buffer.alloc(0);
  }
}
