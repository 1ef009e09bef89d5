/** A server that is measured, as a process of its own on one core, and what is measured of it: by wrk, which is on the other cores. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";

export type Kind = "bare" | "node-http" | "gate";

export type Running = {
  readonly kind: Kind;
  readonly process: ChildProcess;
  readonly port: number;
  /** Bytes when it had been filled: resident, and of those in use. */
  readonly rss: number;
  readonly used: number;
};

export type Measured = {
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of processor time for each request, of all its threads. */
  readonly cpu: number;
};

const here = import.meta.dirname;
const hasTaskset = spawnSync("taskset", ["-c", "0", "true"], { stdio: "ignore" }).status === 0;
/** Clock ticks of /proc, of which Linux has a hundred a second. */
const TICK = 10_000;

const pinned = (cores: string, command: readonly string[]): readonly string[] =>
  hasTaskset ? ["taskset", "-c", cores, ...command] : command;

/** @param cores where it may run: "0", or "0,1" so that its two threads have one each */
export async function start(kind: Kind, folder: string, accounts: number, cores: string): Promise<Running> {
  const [program = "", ...args] = pinned(cores, [
    process.execPath,
    "--expose-gc",
    join(here, "server.ts"),
    kind,
    folder,
    String(accounts),
  ]);
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  const { port, rss, used } = JSON.parse(line) as Pick<Running, "port" | "rss" | "used">;
  return { kind, process: child, port, rss, used };
}

export async function stop({ process: child }: Running): Promise<void> {
  const ended = once(child, "exit");
  child.kill();
  await ended;
}

/** @throws Error where wrk is not installed, or an answer was none */
export async function measure(
  { process: child, port }: Running,
  command: string,
  connections: number,
  seconds: number,
): Promise<Measured> {
  const load = ["-t1", `-c${connections}`, `-d${seconds}s`, "-s", join(here, "load.lua")];
  const [program = "", ...args] = pinned("1", ["wrk", ...load, `http://127.0.0.1:${port}`, "--", command]);
  const before = cpuOf(child.pid ?? 0);
  const loading = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  loading.stdout.setEncoding("utf8");
  loading.stdout.on("data", (piece: string) => (text += piece));
  await once(loading, "close");
  const spent = cpuOf(child.pid ?? 0) - before;
  const done = JSON.parse(text.trimEnd().split("\n").at(-1) ?? "") as Readonly<Record<string, number>>;
  const { requests = 0, microseconds = 1, p50 = 0, p99 = 0, errors = 0 } = done;
  if (errors > 0) throw new Error(`${errors} of ${requests} requests failed`);
  return { rate: (requests / microseconds) * 1e6, p50: p50 / 1e3, p99: p99 / 1e3, cpu: (spent * TICK) / requests };
}

/** User and system time, in ticks. The name, in parentheses, may hold blanks. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return Number(fields[11]) + Number(fields[12]);
}
