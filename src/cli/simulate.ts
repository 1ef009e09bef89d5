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
  readonly background?: number | undefined;
  readonly list?: boolean;
  readonly json?: boolean;
  readonly out?: string | undefined;
  readonly format?: string | undefined;
  readonly untidy?: boolean;
  readonly isoTimes?: boolean;
  readonly reserved?: boolean;
  readonly fingerprints?: boolean;
  readonly gate?: boolean;
};

export function addSimulate(
  program: Command,
  run: (scenario: string | undefined, options: SimulateOptions) => Promise<void>,
): void {
  program
    .command("simulate")
    .summary("play an invented institution, its attackers and its faults, and say what was found beside the truth")
    .description(
      "Invents an institution and plays a scenario on it: attackers, faults of its own, or ordinary days. Its sign-ins go " +
        "through the same detection as scan; then what was found is told beside the truth. With --format they go through the " +
        "log that such a server would have written, with --out that log is kept instead.",
    )
    .argument("[scenario]", "what happens; without it, the scenarios are listed")
    .option("--seed <number>", "another number is another institution and another attacker", whole(0, 2 ** 31 - 1), 1)
    .option("--accounts <count>", "how large the institution is, up to 1,000,000", whole(50, 1_000_000), 9000)
    .option("--days <count>", "how long it is watched", whole(2, 400), 14)
    .option(
      "--background <guesses>",
      "the internet's everyday guesses a day, instead of the scenario's",
      whole(0, 100_000),
    )
    .option("--list", "list the scenarios")
    .option("--json", "print what was found and the truth as JSON and nothing else")
    .option("--out <file>", "judge nothing: write the log, and FILE.labels.json with the truth")
    .option(
      "--format <id>",
      "go through the log of: dovecot-2.3, dovecot-2.3-plain, dovecot-2.4, openssh, postfix, entra, ocsf, csv, csv-fingerprints, json-fingerprints",
    )
    .option("--untidy", "in that log, lose, double and delay a few lines, and let servers' clocks differ")
    .option("--iso-times", "in that log, times with years where syslog's own have none")
    .option("--fingerprints", "every sign-in carries a keyed fingerprint of its password, as some servers write it")
    .option("--gate", "play it again with the gate enforcing, and say what it held off and what that cost")
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
  portcullis simulate spray-classic --gate       what an enforcing gate would have refused, and to whom
  portcullis simulate quiet --accounts 100000 --days 3
  portcullis simulate spray-classic --format openssh --untidy
  portcullis simulate june-2017 --out mail.log --format dovecot-2.3 && portcullis scan mail.log

Exit status: 0 the conclusion is right, 2 it is wrong, 1 error.
`;

function check(options: SimulateOptions): void {
  const { out, json, gate, format, untidy, isoTimes } = options;
  if (gate === true && (out ?? format ?? untidy ?? isoTimes) !== undefined)
    throw new Failure(
      "option-invalid",
      "--gate does not go with --out, --format, --untidy or --iso-times: the gate is asked before anything is logged. Leave one out.",
    );
  if (out === undefined || json !== true) return;
  throw new Failure(
    "option-invalid",
    "--out and --json do not go together: with --out nothing is judged. Leave one out.",
  );
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
