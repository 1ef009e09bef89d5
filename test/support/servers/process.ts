/**
 * A server as a process of the tests: bounded in time whatever becomes of the tests, waited for until it listens, ended when they are done. Its output
 * is kept, to be shown when something fails.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type Socket, connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** No test of ours takes longer; a server that outlives its tests ends by itself. */
const LIVES_SECONDS_MAX = 300;
const ENDS_WITHIN_MS = 5_000;

export type Running = AsyncDisposable & {
  readonly child: ChildProcess;
  /** Everything that it has said so far. */
  readonly output: () => string;
  /** At once and without notice, with all its own. */
  readonly kill: () => Promise<void>;
};

export type StartOptions = { readonly env?: NodeJS.ProcessEnv; readonly cwd?: string };

const running = new Set<() => void>();
process.on("exit", () => {
  for (const kill of running) kill();
});

/** Starts it under `timeout`, which makes it a process group of its own: what it starts ends with it. */
export function start(command: string, args: readonly string[], options: StartOptions = {}): Running {
  const child = spawn("timeout", ["--kill-after=5", String(LIVES_SECONDS_MAX), command, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
    ...options,
  });
  let output = "";
  child.stdout.on("data", (part: Buffer) => (output += part.toString()));
  child.stderr.on("data", (part: Buffer) => (output += part.toString()));
  const ended = once(child, "close");
  const signal = (name: NodeJS.Signals, wholeGroup: boolean): void => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    try {
      process.kill(wholeGroup ? -child.pid : child.pid, name);
    } catch {
      // It ended just now.
    }
  };
  const killAll = (): void => signal("SIGKILL", true);
  running.add(killAll);
  child.once("close", () => running.delete(killAll));
  return {
    child,
    output: () => output,
    async kill() {
      signal("SIGKILL", true);
      await ended;
    },
    async [Symbol.asyncDispose]() {
      signal("SIGTERM", false);
      const late = new AbortController();
      const hasEnded = await Promise.race([
        ended.then(() => true),
        sleep(ENDS_WITHIN_MS, false, { signal: late.signal }).catch(() => false),
      ]);
      late.abort();
      if (!hasEnded) signal("SIGKILL", true);
      await ended;
    },
  };
}

/** Resolves when something listens there. Tries for some ten seconds. */
export async function listens(port: number, { child, output }: Running): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) break;
    if (await answers(port)) return;
    await sleep(50);
  }
  throw new Error(`nothing listens on port ${port}. It said:\n${output()}`);
}

/** Tries for some ten seconds until that holds. */
export async function eventually(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await holds()) return;
    await sleep(50);
  }
  throw new Error(`still not so: ${what}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket: Socket = connect({ port, host: "127.0.0.1" });
    const end = (value: boolean): void => {
      socket.destroy();
      resolve(value);
    };
    socket.once("connect", () => end(true));
    socket.once("error", () => end(false));
  });
}

/** A port on loopback that nobody uses just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const bound = server.address();
  server.close();
  await once(server, "close");
  if (typeof bound !== "object" || bound === null) throw new Error("no port");
  return bound.port;
}
