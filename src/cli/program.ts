/**
 * The command line: what can be said, and the help that teaches it. What a command does stands in its own file; where a
 * value is wrong, the error says what would be right.
 */
import { Command, InvalidArgumentError, Option } from "commander";
import { LocalTime, isoTime } from "#/sources/local-time.ts";
import { type Millis, days, millis } from "#/platform/units.ts";
import { Failure } from "#/platform/failure.ts";
import { type ConnectName, type ConnectOptions, addConnect } from "./connect-program.ts";
import { type DoctorOptions, addDoctor } from "./doctor-program.ts";
import { type RunGate, addGate } from "./gate-program.ts";
import type { ScanOptions } from "./scan.ts";
import { type ServeOptions, addServe, addToken } from "./serve-program.ts";
import { type SimulateOptions, addSimulate } from "./simulate.ts";

export type Commands = {
  scan(paths: readonly string[], options: ScanOptions): Promise<void>;
  example(): Promise<void>;
  simulate(scenario: string | undefined, options: SimulateOptions): Promise<void>;
  serve(options: ServeOptions): Promise<void>;
  token(name: string): void;
  gate: RunGate;
  connect(name: ConnectName, options: ConnectOptions): Promise<void>;
  doctor(options: DoctorOptions): Promise<void>;
  formats(): Promise<void>;
  welcome(): Promise<void>;
};

type Given = Omit<ScanOptions, "since" | "until"> & { readonly since?: string; readonly until?: string };

export function createProgram(commands: Commands, version: string): Command {
  const program = new Command("portcullis")
    .description("Defends the e-mail and sign-in accounts of an institution. Start with: portcullis scan FILE...")
    .version(version, "-V, --version", "say which version this is")
    .helpOption("-h, --help", "say what can be said")
    .showHelpAfterError("(portcullis --help says what can be said)")
    .action(() => commands.welcome());
  addScan(program, commands);
  program
    .command("example")
    .description("play an attack on an invented institution and scan its log")
    .action(() => commands.example());
  addSimulate(program, (scenario, options) => commands.simulate(scenario, options));
  addServe(program, (options) => commands.serve(options));
  addToken(program, (name) => commands.token(name));
  addGate(program, (command, options) => commands.gate(command, options));
  addConnect(program, (name, options) => commands.connect(name, options));
  addDoctor(program, (options) => commands.doctor(options));
  program
    .command("formats")
    .description("list the log formats that are read")
    .action(() => commands.formats());
  return program;
}

function addScan(program: Command, commands: Commands): void {
  program
    .command("scan")
    .summary("say what happened in these logs: an attack, an IT fault, or nothing")
    .description(
      "Reads sign-in logs and says in plain words whether this was an attack, an IT fault or nothing; which accounts were " +
        "tried, which fell, from where, since when, and what to do next. Needs no settings, changes nothing, sends nothing.",
    )
    .argument("<files...>", "log files, directories, or - for standard input; .gz and .zst are read as they are")
    .option(
      "--format <id>",
      "read everything as this format (portcullis formats lists them); otherwise it is recognised line by line",
    )
    .option("--map <fields>", "read any CSV or JSON lines: time=when,account=user,address=ip,outcome=result")
    .option("--timezone <zone>", "zone of times that have none, such as Europe/London", checkZone, "UTC")
    .option("--since <time>", "leave out what was before: 2026-11-23, or 2026-11-23T02:00 (in --timezone)")
    .option("--until <time>", "leave out what came after: 2026-11-23 keeps that whole day, 2026-11-23T02:00 ends there")
    .option("--json", "print the conclusion as JSON and nothing else (docs/scan.schema.json)")
    .option("--html <file>", "also write a page to read, print or send on")
    .option("--csv <prefix>", "also write PREFIX-addresses.csv and PREFIX-accounts.csv of the campaigns")
    .option("--ocsf <file>", "also write all sign-ins as OCSF Authentication JSON lines")
    .option("--quiet", "print nothing; the exit status tells")
    .option("--explain", "show every finding with its reason")
    .option("--sources", "show every file, its format, and what was read from it")
    .option("--malformed", "show lines that look like sign-ins and cannot be read, with the reason")
    .option("--settings <file>", "settings, instead of portcullis.yaml in this folder (docs/settings.md)")
    .addOption(
      new Option("--workers <count>", "threads that read beside the one that judges; 0 for none")
        .default(1)
        .argParser(checkWorkers),
    )
    .addHelpText("after", scanHelp)
    .action((files: string[], given: Given) => commands.scan(files, timesOf(given)));
}

const scanHelp = `
Examples:
  portcullis scan /var/log/mail.log              one log
  portcullis scan /var/log/mail.log*             with its rotated and compressed forerunners, in the right order
  portcullis scan mail.log auth.log signins.json several at once, merged in time
  journalctl -o json -u ssh | portcullis scan -  whatever comes in
  portcullis scan export.csv --map time=Date,account=User,address=IP,outcome=Result

Exit status: 0 nothing, 3 attack, 4 fault, 5 both, 1 error.
`;

function timesOf(given: Given): ScanOptions {
  const since = timeOf(given.since, given.timezone, "since");
  const until = timeOf(given.until, given.timezone, "until");
  if (since !== undefined && until !== undefined && since >= until) {
    throw new Failure(
      "option-invalid",
      `--since ${given.since} is not before --until ${given.until}: nothing lies between them. Were they swapped?`,
    );
  }
  return { ...given, since, until };
}

/** A day alone is the whole of it: --since begins with it, --until ends after it. */
function wholeTime(text: string, option: "since" | "until"): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return text;
  const midnight = Date.parse(`${text}T00:00Z`);
  if (option === "since" || Number.isNaN(midnight)) return `${text}T00:00`;
  return `${new Date(midnight + days(1)).toISOString().slice(0, 10)}T00:00`;
}

function timeOf(text: string | undefined, zone: string, option: "since" | "until"): Millis | undefined {
  if (text === undefined) return undefined;
  const at = isoTime(wholeTime(text, option), new LocalTime(zone, millis(0)));
  if (at === undefined) {
    throw new Failure(
      "option-invalid",
      `--${option} ${text}: not a time. Write 2026-11-23, 2026-11-23T02:00 or 2026-11-23T02:00:00+01:00.`,
    );
  }
  return at;
}

function checkZone(zone: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidArgumentError("Not a time zone. Write one such as Europe/London, America/New_York or UTC.");
  }
}

const WORKERS_MAX = 16;

function checkWorkers(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 0 && count <= WORKERS_MAX) return count;
  throw new InvalidArgumentError(`Write a whole number from 0 to ${WORKERS_MAX}.`);
}
