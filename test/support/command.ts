/**
 * The command as people run it: a process of its own, in a folder of its own, on logs that the simulator wrote as servers
 * would. It is started as `npm start` starts it, from the build.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import { writeLog } from "../../sim/write.ts";

export const root = join(import.meta.dirname, "../..");

export type Run = { readonly status: number | null; readonly out: string; readonly error: string };

export type RunOptions = { readonly input?: Buffer | string; readonly env?: Readonly<Record<string, string>> };

export type Command = {
  /** Where it runs, and where its files are. */
  readonly folder: string;
  /** What the shell would be given to start it, for tests that put it into a pipe. */
  readonly start: readonly [command: string, ...rest: readonly string[]];
  readonly env: Readonly<NodeJS.ProcessEnv>;
  run(args: readonly string[], options?: RunOptions): Run;
  /** Writes such a log, and answers its path. */
  simulated(scenario: string, format: string, size?: { readonly accounts?: number; readonly days?: number }): string;
};

export function createCommand(): Command {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-command-"));
  after(() => rmSync(folder, { recursive: true }));
  const start = [process.execPath, join(root, "scripts/run.mjs")] as const;
  const env = { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled"), NO_COLOR: "1", LANG: "C.UTF-8" };
  return {
    folder,
    start,
    env,
    run(args, { input = "", env: more = {} } = {}) {
      const [command, ...rest] = start;
      const options = { cwd: folder, input, env: { ...env, ...more }, maxBuffer: 1 << 28 };
      const { status, stdout, stderr } = spawnSync(command, [...rest, ...args], options);
      return { status, out: stdout.toString(), error: stderr.toString() };
    },
    simulated(scenario, format, { accounts = 300, days = 6 } = {}) {
      const file = join(folder, `${scenario}.${format}.log`);
      writeLog(scenario, format, file, { seed: 5, accounts, days, isoTimes: true, reserved: false });
      return file;
    },
  };
}

/** What `scan --json` prints, as far as tests look at it. */
export type Answer = {
  readonly conclusion: string;
  readonly read: {
    readonly signIns: number;
    readonly failures: number;
    readonly files: readonly {
      readonly path: string;
      readonly format: string;
      readonly signIns: number;
      readonly malformed: number;
      readonly from?: string;
    }[];
  };
  readonly campaigns: readonly { readonly addresses: readonly string[]; readonly fallen: readonly unknown[] }[];
  readonly findings: readonly unknown[];
};

export const answer = (run: Run): Answer => JSON.parse(run.out) as Answer;
