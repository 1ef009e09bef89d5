/**
 * The composition root: takes what was said on the command line, hands each room what it needs, and turns what went wrong
 * into a sentence and an exit status.
 */
import { userInfo } from "node:os";
import { CommanderError } from "commander";
import { createProgram } from "#/cli/program.ts";
import { tokenLine } from "#/cli/serve-settings.ts";
import { createScreen } from "#/cli/screen.ts";
import { type Choice, welcome } from "#/cli/welcome.ts";
import { systemClock } from "#/platform/clock.ts";
import { Failure } from "#/platform/failure.ts";
import { secretText } from "#/platform/random.ts";
import { visible } from "#/report/escape.ts";
import { prepareThread } from "#/sources/reading/reading-thread.ts";
import type { ConnectName, ConnectOptions } from "#/cli/connect-program.ts";
import type { DoctorOptions } from "#/cli/doctor-program.ts";
import type { GateCommand, GateOptions } from "#/cli/gate-program.ts";
import type { ScanOptions } from "#/cli/scan.ts";
import type { ServeOptions } from "#/cli/serve-program.ts";
import type { SimulateOptions } from "#/cli/simulate.ts";
import { systemTimers } from "#/platform/timers.ts";
import { Worker } from "node:worker_threads";
import type { WatchThreadData } from "./watch-thread.ts";
import manifest from "../package.json" with { type: "json" };

const screen = createScreen(process.env, process.stdout, process.stderr);
// Whoever stops reading what we print (head, less) has seen enough; what it was still stands in the exit status.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") process.exitCode = 1;
  process.exit();
});

// Whoever listened to what is said here has gone, or its disk is full: that is lost, and a gate that answers servers does not end for it.
process.stderr.on("error", () => undefined);

const plainScan: ScanOptions = { timezone: "UTC", workers: 1 };

// The heavy rooms are opened only by those who enter them: help and errors come at once.
async function runScan(paths: readonly string[], options: ScanOptions): Promise<void> {
  if (options.workers > 0) prepareThread();
  const { scan } = await import("#/cli/scan.ts");
  process.exitCode = await scan(paths, options, screen, systemClock);
}

async function runExample(): Promise<void> {
  const { writeExample } = await import("../sim/example.ts");
  const { progressOf } = await import("../sim/progress.ts");
  screen.error("Playing one fortnight of an invented parliament of 9,000 accounts ...\n");
  const { onProgress, finish } = progressOf(screen, systemClock);
  const file = writeExample(onProgress);
  finish();
  screen.print(`The log is ${file}; what truly happened is said by: portcullis simulate june-2017 --seed 2017\n`);
  screen.print("What Portcullis says of it:\n\n");
  await runScan([file], plainScan);
}

async function runSimulate(scenario: string | undefined, options: SimulateOptions): Promise<void> {
  const { simulateCommand } = await import("../sim/command.ts");
  process.exitCode = await simulateCommand(scenario, options, screen, systemClock);
}

async function runGate(command: GateCommand, options: GateOptions): Promise<void> {
  const [{ authorOf, confirmOn, runGate }, { dataFolder, openOffline }, { loadSettings }, { openStore }] =
    await Promise.all([
      import("#/cli/gate.ts"),
      import("#/cli/gate-offline.ts"),
      import("#/cli/settings.ts"),
      import("#/store/sqlite/open.ts"),
    ]);
  const settings = loadSettings(options.settings);
  const folder = dataFolder(options.data, process.env);
  process.exitCode = await runGate(command, options, {
    folder,
    author: authorOf(userInfo().username, process.env),
    screen,
    open: () => openOffline(folder, settings, () => openStore(folder, settings.store), systemClock),
    confirm: confirmOn(process.stdin, process.stdout),
  });
}

async function runConnect(name: ConnectName, { check, json, config, settings }: ConnectOptions): Promise<void> {
  const [{ connectTo }, { runTool }, { loadSettings }] = await Promise.all([
    import("#/cli/connect/connect.ts"),
    import("#/cli/connect/tool.ts"),
    import("#/cli/settings.ts"),
  ]);
  const { serve, gate, inputs } = loadSettings(settings);
  const choice = { check: check === true, json: json === true, config: config ?? "" };
  process.exitCode = connectTo(name, choice, { serve, gate, syslogTcp: inputs.syslogTcp, probe: runTool, screen });
}

async function runDoctor(options: DoctorOptions): Promise<void> {
  const [{ diagnose, doctorText, isWell }, { askGate, controlSocket }, { dataFolder }, { loadSettings }, { runTool }] =
    await Promise.all([
      import("#/cli/doctor.ts"),
      import("#/gate/control-socket.ts"),
      import("#/cli/gate-offline.ts"),
      import("#/cli/settings.ts"),
      import("#/cli/connect/tool.ts"),
    ]);
  const folder = dataFolder(options.data, process.env);
  const reply = await askGate(controlSocket(folder), { ask: "status" });
  const status = reply?.is === "status" ? reply : undefined;
  const answered = status === undefined ? undefined : await askGate(controlSocket(folder), { ask: "service" });
  const service = answered?.is === "service" ? answered.state : undefined;
  const settings = loadSettings(options.settings);
  const all = diagnose({ status, service, settings, folder, probe: runTool, now: systemClock.now() });
  screen.print(options.json === true ? `${JSON.stringify({ isWell: isWell(all), all }, null, 2)}\n` : doctorText(all));
  process.exitCode = isWell(all) ? 0 : 1;
}

async function runServe(options: ServeOptions): Promise<void> {
  const [{ serve }, { Gate }, { dataFolder }, { loadSettings }, { createLog }] = await Promise.all([
    import("#/cli/serve.ts"),
    import("#/gate/gate.ts"),
    import("#/cli/gate-offline.ts"),
    import("#/cli/settings.ts"),
    import("#/platform/log.ts"),
  ]);
  const settings = loadSettings(options.settings);
  const folder = dataFolder(options.data, process.env);
  const file = import.meta.url.endsWith(".ts") ? "./watch-thread.ts" : "./watch-thread.js";
  const workerData: WatchThreadData = { folder, settings };
  await serve({
    folder,
    settings,
    gate: new Gate(settings.gate, settings.familiarity),
    startThread: () => new Worker(new URL(file, import.meta.url), { workerData }),
    log: createLog({ write: (line) => screen.error(line), isForPeople: screen.errorIsTerminal }),
    clock: systemClock,
    timers: systemTimers,
    version: manifest.version,
    stopped: new Promise((resolve) => {
      // Where there is a certificate, SIGHUP means to read it again.
      const ends =
        settings.serve.certificate === ""
          ? (["SIGTERM", "SIGINT", "SIGHUP"] as const)
          : (["SIGTERM", "SIGINT"] as const);
      for (const signal of ends) process.once(signal, () => resolve(signal));
    }),
    onReload: (reload) => void process.on("SIGHUP", reload),
  });
}

function makeToken(name: string): void {
  const token = secretText();
  screen.print(`The token, for ${name} (it is not kept, and not shown again):\n\n  ${token}\n\n`);
  screen.print(`The line for the file that serve.tokens names:\n\n  ${tokenLine(name, token)}`);
}

async function runFormats(): Promise<void> {
  const { sources } = await import("#/sources/all.ts");
  const { listFormats } = await import("#/cli/formats.ts");
  listFormats(sources, screen);
}

async function follow(choice: Choice): Promise<void> {
  switch (choice.kind) {
    case "scan":
      return runScan(choice.paths, plainScan);
    case "example":
      return runExample();
    case "serve":
      return runServe({});
    case "none":
      return undefined;
    default:
      return choice satisfies never;
  }
}

const program = createProgram(
  {
    scan: runScan,
    example: runExample,
    simulate: runSimulate,
    serve: runServe,
    token: makeToken,
    gate: runGate,
    connect: runConnect,
    doctor: runDoctor,
    formats: runFormats,
    welcome: async () => follow(await welcome(screen, program.helpInformation(), process.stdin)),
  },
  manifest.version,
);

try {
  await program.exitOverride().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 1;
  else if (error instanceof Failure) {
    // File names are in it, which may be anything.
    screen.error(`portcullis: ${error.message.split("\n").map(visible).join("\n")}\n`);
    process.exitCode = 1;
  } else throw error;
}
