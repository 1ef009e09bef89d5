/**
 * Files that begin with the same lines: one is a copy of the other, whatever they are called. By their names rotation might make them
 * one log (auth.log and its copy auth.log.1), but one is no forerunner of the other; and the copy is younger than its lines.
 * It only looks at the first bytes; copies.ts finds what is in both.
 */
import { closeSync, openSync, readSync } from "node:fs";
import type { Millis } from "#/platform/units.ts";
import type { InputFile, Log } from "./inputs.ts";

/** Of lines of one program two logs never have so many in common by chance. */
const LENGTH = 1_024;
/** Shorter than one line of a log, a beginning says nothing. */
const LENGTH_MIN = 40;

export class Beginnings {
  readonly #known = new Map<string, Buffer>();

  /** The logs that these files are, which their names make one: mostly one. */
  separate(log: Log): Log[] {
    if (log.length < 2) return [log];
    const logs: InputFile[][] = [[]];
    for (const file of log) {
      const free = logs.findIndex((others) => !others.some((other) => this.#areAlike(file, other)));
      (logs[free < 0 ? logs.length : free] ??= []).push(file);
    }
    return logs;
  }

  /** Copies have the age of the oldest: years that lines leave out are inferred from it. */
  dateAlike(files: readonly InputFile[]): InputFile[] {
    if (files.length < 2) return [...files];
    const oldest = new Map<string, Millis>();
    for (const file of files) {
      const { changed } = file;
      const key = this.#keyOf(file);
      if (changed !== undefined && changed < (oldest.get(key) ?? Number.POSITIVE_INFINITY)) oldest.set(key, changed);
    }
    return files.map((file) => {
      const key = this.#keyOf(file);
      return key.length < LENGTH_MIN ? file : { ...file, changed: oldest.get(key) ?? file.changed };
    });
  }

  #areAlike(one: InputFile, other: InputFile): boolean {
    const [left, right] = [this.#of(one), this.#of(other)];
    const length = Math.min(left.length, right.length);
    return length >= LENGTH_MIN && left.compare(right, 0, length, 0, length) === 0;
  }

  #keyOf(file: InputFile): string {
    return this.#of(file).toString("latin1");
  }

  #of(file: InputFile): Buffer {
    const found = this.#known.get(file.path);
    if (found !== undefined) return found;
    const beginning = beginningOf(file);
    this.#known.set(file.path, beginning);
    return beginning;
  }
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
