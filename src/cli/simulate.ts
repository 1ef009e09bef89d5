/**
 * `portcullis simulate`: what can be said, and its help. The simulator itself is no part of the program proper; whoever
 * puts the program together hands it in.
 */
import { type Command, InvalidArgumentError } from "commander";
import { Failure } from "#/platform/failure.ts";

export type SimulateOptions = {
  readonly seed: number;
  readonly accounts: number;
  readonly days: number;
  readonly list?: boolean;
  readonly json?: boolean;
  readonly out?: string | undefined;
  readonly format?: string | undefined;
  readonly untidy?: boolean;
  readonly isoTimes?: boolean;
  readonly reserved?: boolean;
};

export function addSimulate(
  program: Command,
  run: (scenario: string | undefined, options: SimulateOptions) => Promise<void>,
): void {
  program
    .command("simulate")
    .summary("play an invented institution, its attackers and its faults, and say what was found beside the truth")
    .description(
      "Invents an institution and plays a scenario on it: attackers, faults of its own, or ordinary days. What would be seen of " +
        "it goes through the same detection as scan; then what was found is told beside the truth. With --out nothing is " +
        "judged: the log is written as that server would write it, with the truth in FILE.labels.json.",
    )
    .argument("[scenario]", "what happens; without it, the scenarios are listed")
    .option(
      "--seed <number>",
      "another number, another institution and attacker; the same, the same",
      whole(0, 2 ** 31 - 1),
      1,
    )
    .option("--accounts <count>", "how large the institution is, up to 1,000,000", whole(50, 1_000_000), 9000)
    .option("--days <count>", "how long it is watched", whole(2, 400), 14)
    .option("--list", "list the scenarios")
    .option("--json", "print what was found and the truth as JSON and nothing else")
    .option("--out <file>", "write the log and FILE.labels.json instead")
    .option("--format <id>", "whose log to write: dovecot-2.3, openssh, postfix, entra, csv, ocsf, ... (with --out)")
    .option("--untidy", "lose, double and delay a few lines, and let servers' clocks differ (with --out)")
    .option("--iso-times", "ISO times with years where syslog's own have none (with --out)")
    .option("--reserved", "take all addresses from 240.0.0.0/4, which nobody holds")
    .addHelpText("after", help)
    .action((scenario: string | undefined, options: SimulateOptions) => {
      check(options);
      return run(scenario, options);
    });
}

const help = `
Examples:
  portcullis simulate                            the scenarios
  portcullis simulate june-2017                  the attack of June 2017, and what is found of it
  portcullis simulate spray-slow-200 --seed 7    another institution, another attacker
  portcullis simulate quiet --accounts 100000 --days 3
  portcullis simulate june-2017 --out mail.log --format dovecot-2.3 && portcullis scan mail.log

Exit status: 0 the conclusion is right, 2 it is wrong, 1 error.
`;

const forOut = ["format", "untidy", "isoTimes"] as const;
const optionNames = { format: "--format", untidy: "--untidy", isoTimes: "--iso-times" } as const;

function check(options: SimulateOptions): void {
  if (options.out !== undefined) {
    if (options.json !== true) return;
    throw new Failure(
      "option-invalid",
      "--out and --json do not go together: with --out nothing is judged. Leave one out.",
    );
  }
  const given = forOut.find((option) => options[option] !== undefined);
  if (given === undefined) return;
  throw new Failure("option-invalid", `${optionNames[given]} says how to write a log: say where to with --out FILE.`);
}

function whole(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(
      `Write a whole number from ${least.toLocaleString("en-US")} to ${most.toLocaleString("en-US")}, without commas.`,
    );
  };
}
