/** A running `portcullis serve` for tests: started as people start it, on free ports of loopback, ended with the test. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { TestContext } from "node:test";
import type { Command } from "./command.ts";

export type Served = {
  /** Of its HTTP listener. */
  readonly port: number;
  readonly postfixPort: number;
  /** What it has said so far, a line each. */
  readonly said: readonly string[];
  readonly ask: (path: string, body: object) => Promise<Record<string, unknown>>;
  /** The process that was started; the service is a child of it. */
  readonly child: ChildProcess;
  /** Ends it, and waits for it. */
  readonly end: (signal?: NodeJS.Signals) => Promise<void>;
};

/** Settings as they would stand in portcullis.yaml. The first start waits for the port and for all that was kept. */
export async function startServe(t: TestContext, command: Command, settings = "", folder = "data"): Promise<Served> {
  const file = join(command.folder, `${folder}.yaml`);
  writeFileSync(file, settings === "" ? 'serve:\n  http: "127.0.0.1:0"\n  postfix: ""\n' : settings);
  const [program, ...rest] = command.start;
  const child = spawn(program, [...rest, "serve", "--data", join(command.folder, folder), "--settings", file], {
    cwd: command.folder,
    env: command.env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said: string[] = [];
  const lines = createInterface({ input: child.stderr });
  const ended = once(child, "exit");
  // Whatever becomes of the test.
  t.after(async () => {
    child.kill("SIGTERM");
    if (child.exitCode === null && child.signalCode === null) await ended;
  });
  const place = await new Promise<string>((resolve, reject) => {
    let isUpToDate = false;
    let found = "";
    lines.on("line", (line) => {
      said.push(line);
      found ||= /The gate answers at ([^"]*)/.exec(line)?.[1] ?? "";
      isUpToDate ||= line.includes("The watch is up to date");
      if (isUpToDate && found !== "") resolve(found);
    });
    void ended.then(() => reject(new Error(`serve ended:\n${said.join("\n")}`)));
  });
  const port = Number(/:(\d+) \(HTTP\)/.exec(place)?.[1]);
  return {
    port,
    postfixPort: Number(/:(\d+) \(Postfix\)/.exec(place)?.[1]),
    said,
    child,
    ask: async (path, body) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body: JSON.stringify(body) });
      return (await response.json()) as Record<string, unknown>;
    },
    end: async (signal = "SIGTERM") => {
      child.kill(signal);
      await ended;
    },
  };
}
