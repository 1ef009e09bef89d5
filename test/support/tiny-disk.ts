/** A disk of a few megabytes in memory, for what happens when one is full or mounted for reading only. Needs the right to mount. */
import { spawnSync } from "node:child_process";
import { freshFolder } from "./folders.ts";

const run = (program: string, ...args: readonly string[]): boolean =>
  spawnSync(program, args, { stdio: "ignore" }).status === 0;

export type TinyDisk = Disposable & {
  readonly folder: string;
  readonly readOnly: () => void;
  readonly writable: () => void;
};

/** Undefined where mounting is refused. */
export function tinyDisk(megabytes: number): TinyDisk | undefined {
  const folder = freshFolder();
  if (!run("mount", "-t", "tmpfs", "-o", `size=${megabytes}m`, "none", folder)) return undefined;
  const remount = (option: string): void => {
    if (!run("mount", "-o", `remount,${option}`, folder)) throw new Error(`${folder} cannot be mounted anew`);
  };
  return {
    folder,
    readOnly: () => remount("ro"),
    writable: () => remount("rw"),
    [Symbol.dispose]: () => void run("umount", "-l", folder),
  };
}

export const noMounting = "mounting a disk is refused here";
