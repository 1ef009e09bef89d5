/** `portcullis serve` as a process of its own, as an operator has it: on a data folder, with settings, asked by real servers, stopped and killed. */
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../command.ts";
import { freshFolder } from "../folders.ts";
import { eventually, freePort, start } from "./process.ts";

export type Told = { readonly status: number; readonly out: string; readonly error: string };

export type Portcullis = AsyncDisposable & {
  readonly url: string;
  readonly httpPort: number;
  readonly postfixPort: number;
  readonly dataFolder: string;
  readonly settingsFile: string;
  /** What it has said of itself since it was started last. */
  readonly log: () => string;
  /** At once, without notice. */
  readonly kill: () => Promise<void>;
  /** Starts it again, on the same data and ports; resolves when it knows everybody. */
  readonly start: () => Promise<void>;
  /** `portcullis ARGS`, with the data folder and settings of this one. */
  readonly run: (...args: readonly string[]) => Promise<Told>;
};

const main = join(root, "src/main.ts");

/** @param settings portcullis.yaml but for `serve`, as text. @param dataFolder a new one where none is named */
export async function startPortcullis(settings = "", dataFolder = join(freshFolder(), "data")): Promise<Portcullis> {
  mkdirSync(dataFolder, { recursive: true });
  const [httpPort, postfixPort] = [await freePort(), await freePort()];
  const settingsFile = join(freshFolder(), "portcullis.yaml");
  writeFileSync(
    settingsFile,
    `serve:\n  http: "127.0.0.1:${httpPort}"\n  postfix: "127.0.0.1:${postfixPort}"\n${settings}`,
  );
  const places = ["--data", dataFolder, "--settings", settingsFile];
  let running = start(process.execPath, [main, "serve", ...places]);
  const url = `http://127.0.0.1:${httpPort}/`;
  const ready = async (): Promise<void> => {
    try {
      await eventually("Portcullis is ready", () => isReady(url));
    } catch (error) {
      throw new Error(`Portcullis does not start. It said:\n${running.output()}`, { cause: error });
    }
  };
  await ready();
  return {
    url,
    httpPort,
    postfixPort,
    dataFolder,
    settingsFile,
    log: () => running.output(),
    kill: () => running.kill(),
    async start() {
      running = start(process.execPath, [main, "serve", ...places]);
      await ready();
    },
    run: (...args) => runCommand(...args, ...places),
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}readyz`).then(
    ({ status }) => status === 200,
    () => false,
  );

/** `portcullis ARGS`, without holding up this process, which may be what it asks. */
export function runCommand(...args: readonly string[]): Promise<Told> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [main, ...args],
      { env: { ...process.env, NO_COLOR: "1", LANG: "C.UTF-8" }, timeout: 60_000 },
      (_error, out, error) => resolve({ status: child.exitCode ?? -1, out, error }),
    );
  });
}
