/**
 * node24 sim/run-all.ts [--only PATTERN] [--seeds N|FROM-TO] [--accounts N] [--days N] [--bare] [--fingerprints] [--year] [--each] [--json FILE]
 * Plays scenarios through the pipeline and prints a row for each, with medians over the seeds. --year plays quiet years
 * and counts the alarms; --each prints every run; --bare hides reasons, clients and servers, as in a plain CSV;
 * --fingerprints has every sign-in carry a fingerprint of its password.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Figures, figuresOf } from "./figures.ts";
import { play } from "./pipeline.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { scenarios } from "./scenarios/scenarios.ts";
import { simulate } from "./simulate.ts";

type Run = Figures & {
  readonly scenario: string;
  readonly seed: number;
  /** Addresses said to attack from which members signed in and the campaign never did. */
  readonly membersAddresses: number;
  /** CPU seconds, the simulation's own included. */
  readonly seconds: number;
};

type Options = {
  readonly accounts: number;
  readonly days: number;
  readonly bare: boolean;
  readonly fingerprints: boolean;
};

function runOne(scenario: Scenario, seed: number, { accounts, days, bare, fingerprints }: Options): Run {
  const start = process.cpuUsage();
  const members = new Set<string>();
  const played = play(
    simulate(scenario, { seed, accounts, days, fingerprints }),
    bare ? "bare" : "full",
    ({ label, signIn }) => {
      if (label === "benign" && signIn.outcome === "success") members.add(signIn.address);
    },
  );
  const used = process.cpuUsage(start);
  const theirs = new Set(played.answer.campaigns.flatMap((campaign) => [...campaign.addresses, ...campaign.usedFrom]));
  const said = new Set(played.verdict.campaigns.flatMap((campaign) => campaign.addresses));
  let membersAddresses = 0;
  for (const address of said) if (members.has(address) && !theirs.has(address)) membersAddresses += 1;
  const seconds = (used.user + used.system) / 1e6;
  return { ...figuresOf(played.verdict, played.answer), scenario: scenario.name, seed, membersAddresses, seconds };
}

function median(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value)).sort((one, other) => one - other);
  const middle = known.length >> 1;
  const upper = known[middle];
  if (upper === undefined) return Number.NaN;
  return known.length % 2 === 1 ? upper : ((known[middle - 1] ?? upper) + upper) / 2;
}

const percent = (value: number): string => (Number.isNaN(value) ? "-" : (100 * value).toFixed(value === 1 ? 0 : 1));
const number = (value: number, digits = 0): string => (Number.isNaN(value) ? "-" : value.toFixed(digits));

const columns = [
  "scenario",
  "right",
  "guesses",
  "hours",
  "addr R",
  "addr P",
  "acct R",
  "acct P",
  "fall R",
  "fall P",
  "false C",
  "false F",
  "kind",
  "member a.",
  "fault",
  "onset m",
  "CPU s",
  "wrong",
];

function row(scenario: string, runs: readonly Run[]): string[] {
  const of = (pick: (run: Run) => number): number => median(runs.map(pick));
  const sum = (pick: (run: Run) => number): string => String(runs.reduce((total, run) => total + pick(run), 0));
  const wrong = runs.filter((run) => !run.right).map((run) => `${run.seed}:${run.said}`);
  return [
    scenario,
    `${runs.filter((run) => run.right).length}/${runs.length}`,
    number(of((run) => run.guesses)),
    number(
      of((run) => run.hours),
      1,
    ),
    percent(of((run) => run.addresses.recall)),
    percent(of((run) => run.addresses.precision)),
    percent(of((run) => run.targets.recall)),
    percent(of((run) => run.targets.precision)),
    percent(of((run) => run.fallen.recall)),
    percent(of((run) => run.fallen.precision)),
    sum((run) => run.campaignsFalse),
    sum((run) => run.faultsFalse),
    sum((run) => Number(run.kindRight)),
    sum((run) => run.membersAddresses),
    sum((run) => Number(run.faultNamed)),
    number(of((run) => run.faultMinutes)),
    number(
      of((run) => run.seconds),
      1,
    ),
    wrong.slice(0, 6).join(" "),
  ];
}

/** Prints each row as it comes, under a header, in columns wide enough for what usually stands in them. */
function table(names: readonly string[], firstWidth: number): (cells: readonly string[]) => void {
  const widths = names.map((name, index) => (index === 0 ? firstWidth : Math.max(name.length, 6)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join(" ");
  process.stdout.write(`${line(names).trimEnd()}\n`);
  return (cells) => process.stdout.write(`${line(cells).trimEnd()}\n`);
}

/** A year without an attack, in one go: what was said that was not so. */
function quietYears(seeds: readonly number[], options: Options, only: RegExp): void {
  const print = table(["year of", "seed", "signIns", "attacks", "faults", "addresses", "fallen", "CPU s"], 26);
  const quiet = scenarios.filter(
    (scenario) => scenario.conclusion === "quiet" && scenario.attacks === undefined && only.test(scenario.name),
  );
  for (const scenario of quiet) {
    for (const seed of seeds) {
      const start = process.cpuUsage();
      const { verdict, signIns } = play(
        simulate(scenario, { seed, accounts: options.accounts, days: 364, fingerprints: options.fingerprints }),
        options.bare ? "bare" : "full",
      );
      const used = process.cpuUsage(start);
      const { campaigns, faults } = verdict;
      const counts = [
        signIns,
        campaigns.length,
        faults.length,
        campaigns.flatMap((one) => one.addresses).length,
        campaigns.flatMap((one) => one.fallen).length,
      ];
      print([scenario.name, String(seed), ...counts.map(String), number((used.user + used.system) / 1e6, 1)]);
    }
  }
}

/** "5" is 1 to 5, "7-9" is 7 to 9. */
export function seedsOf(text: string): number[] {
  const [from = 1, to = from] = text.includes("-") ? text.split("-").map(Number) : [1, Number(text)];
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function main(): void {
  const { values } = parseArgs({
    options: {
      only: { type: "string", default: "" },
      seeds: { type: "string", default: "3" },
      accounts: { type: "string", default: "9000" },
      days: { type: "string", default: "14" },
      bare: { type: "boolean", default: false },
      year: { type: "boolean", default: false },
      each: { type: "boolean", default: false },
      fingerprints: { type: "boolean", default: false },
      json: { type: "string" },
    },
  });
  const only = new RegExp(values.only);
  const seeds = seedsOf(values.seeds);
  const { bare, fingerprints } = values;
  const options: Options = { accounts: Number(values.accounts), days: Number(values.days), bare, fingerprints };
  if (values.year) return quietYears(seeds, options, only);
  const print = table(columns, 30);
  const all: Run[] = [];
  for (const scenario of scenarios.filter(({ name }) => only.test(name))) {
    const runs = seeds.map((seed) => runOne(scenario, seed, options));
    if (values.each) for (const run of runs) print(row(`${scenario.name} ${run.seed}`, [run]));
    else print(row(scenario.name, runs));
    all.push(...runs);
  }
  process.stdout.write(`${all.filter((run) => run.right).length} of ${all.length} conclusions right\n`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(all, null, 1)}\n`);
}

if (import.meta.main) main();
