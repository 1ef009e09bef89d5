/** Runs a program to its end and says what it took: wall-clock time, CPU time of it and its children, peak memory. */
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { systemClock } from "#/platform/clock.ts";

export type Usage = {
  readonly wall: number;
  /** User and system seconds; NaN where GNU time is missing. */
  readonly cpu: number;
  /** Resident memory at its highest, MB. */
  readonly peak: number;
};

export type Command = {
  readonly program: string;
  readonly args: readonly string[];
  /** Exit statuses that are no failure. */
  readonly statuses: readonly number[];
};

const timeTool = "/usr/bin/time";

export const hasTimeTool = (): boolean => isInstalled(timeTool);

export function isInstalled(program: string): boolean {
  return spawnSync("sh", ["-c", `command -v "$1"`, "sh", program], { stdio: "ignore" }).status === 0;
}

/** Seconds after which a run is ended: CrowdSec now and then reads its log and then never ends. */
const limit = 180;

/**
 * Undefined where the run came to no end within the limit.
 * @param scratch a file that may be overwritten.
 */
export function measure({ program, args, statuses }: Command, scratch: string): Usage | undefined {
  const timed = hasTimeTool();
  const limited = ["timeout", "-s", "KILL", String(limit), program, ...args];
  const all = timed ? [timeTool, "-f", "%U %S %M", "-o", scratch, ...limited] : limited;
  const [first = "", ...rest] = all;
  const start = systemClock.ticks();
  // Output goes into a pipe: grep stops at the first match where it sees that nobody reads (/dev/null).
  const done = spawnSync(first, rest, { stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 28 });
  const wall = (systemClock.ticks() - start) / 1000;
  // 137 is what `timeout` ends with when it had to kill.
  if (wall >= limit || done.status === 137) return undefined;
  if (!statuses.includes(done.status ?? -1)) {
    throw new Error(`${program} ended with ${done.status}: ${done.stderr.toString().slice(-500)}`);
  }
  if (!timed) return { wall, cpu: Number.NaN, peak: Number.NaN };
  // Before its figures GNU time may say that the program's exit status was not zero.
  const [user = 0, system = 0, peak = 0] = (readFileSync(scratch, "utf8").trimEnd().split("\n").at(-1) ?? "")
    .split(" ")
    .map(Number);
  rmSync(scratch);
  return { wall, cpu: user + system, peak: peak / 1024 };
}

export function medianOf(usages: readonly Usage[]): Usage {
  const middle = (pick: (usage: Usage) => number): number => {
    const sorted = usages.map(pick).sort((one, other) => one - other);
    return sorted[sorted.length >> 1] ?? Number.NaN;
  };
  return { wall: middle((one) => one.wall), cpu: middle((one) => one.cpu), peak: middle((one) => one.peak) };
}
