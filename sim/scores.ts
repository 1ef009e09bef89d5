/**
 * How well the score of single sign-ins tells thieves from owners, beside the simulator's truth: of the first sign-ins with a stolen
 * password from each address, the share that would be challenged, and of all that members sign in, the share that would be too, since both
 * move with the threshold. What is not scored (a thief in the account's own network) is never challenged.
 *
 * node24 sim/scores.ts [--only PATTERN] [--seeds N|FROM-TO] [--accounts N] [--days N]
 */
import { parseArgs } from "node:util";
import { challengeAt } from "#/detectors/unusual-sign-in/unusual-sign-in.ts";
import { Judge } from "#/incidents/judge.ts";
import { defaults } from "#/incidents/settings.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { scenarios } from "./scenarios/scenarios.ts";
import { type SimulationOptions, simulate } from "./simulate.ts";
import { seedsOf } from "./run-all.ts";

export type Scores = {
  /** All that members signed in. */
  readonly legitimate: number;
  /** Of them, the log-odds of those that were scored. */
  readonly members: readonly number[];
  /** One for each account and address that a stolen password was used from, after its fall; negative infinity where none was scored. */
  readonly thieves: readonly number[];
  /** The threshold that keeps within the share that the settings allow. */
  readonly challengeAt: number;
};

/** Every scored sign-in is kept, however low. */
const settings = {
  ...defaults,
  unusualSignIn: { ...defaults.unusualSignIn, askAt: 0, keptMax: 10_000_000 },
};

export function scoresOf(scenario: Scenario, options: SimulationOptions): Scores {
  const judge = new Judge(settings);
  const simulation = simulate(scenario, options);
  const used = new Set<string>();
  const opened = new Map<string, string>();
  let legitimate = 0;
  for (const { signIn, label } of simulation) {
    judge.add([signIn]);
    if (signIn.outcome !== "success") continue;
    const key = `${signIn.account} ${signIn.address}`;
    if (label !== "campaign") legitimate += 1;
    else if (!opened.has(signIn.account)) opened.set(signIn.account, key);
    else if (opened.get(signIn.account) !== key) used.add(key);
  }
  const scored = new Map<string, number>();
  const members: number[] = [];
  const guesses = new Set(opened.values());
  for (const { pair, logOdds } of judge.unusual.kept) {
    const key = `${pair.account.name} ${pair.origin.address}`;
    if (used.has(key)) scored.set(key, logOdds);
    else if (!guesses.has(key)) members.push(logOdds);
  }
  const thieves = [...used].map((key) => scored.get(key) ?? Number.NEGATIVE_INFINITY);
  return { legitimate, members, thieves, challengeAt: challengeAt(judge.unusual, defaults.unusualSignIn) };
}

/** Share of thieves flagged where at most this share of the members' sign-ins is challenged. */
export function flaggedAt({ legitimate, members, thieves }: Scores, challenged: number): number {
  const sorted = [...members].sort((left, right) => right - left);
  const threshold = sorted[Math.floor(challenged * legitimate)] ?? Number.NEGATIVE_INFINITY;
  return thieves.filter((logOdds) => logOdds > threshold).length / thieves.length;
}

/** Share of the members' sign-ins that is challenged where this share of the thieves is flagged; NaN where so many were not even scored. */
export function challengedAt({ legitimate, members, thieves }: Scores, flagged: number): number {
  const sorted = [...thieves].sort((left, right) => right - left);
  const threshold = sorted[Math.ceil(flagged * sorted.length) - 1] ?? Number.NEGATIVE_INFINITY;
  if (threshold === Number.NEGATIVE_INFINITY) return Number.NaN;
  return members.filter((logOdds) => logOdds >= threshold).length / legitimate;
}

/** Runs of several seeds as one. */
export const together = (runs: readonly Scores[]): Scores => ({
  legitimate: runs.reduce((sum, { legitimate }) => sum + legitimate, 0),
  members: runs.flatMap(({ members }) => members),
  thieves: runs.flatMap(({ thieves }) => thieves),
  challengeAt: Math.max(...runs.map((run) => run.challengeAt)),
});

const percent = (share: number): string => `${(100 * share).toFixed(2)}%`.padStart(9);

function main(): void {
  const { values } = parseArgs({
    options: {
      only: { type: "string", default: "stolen|then-use" },
      seeds: { type: "string", default: "3" },
      accounts: { type: "string", default: "2000" },
      days: { type: "string", default: "21" },
    },
  });
  const only = new RegExp(values.only);
  const shares = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1];
  process.stdout.write(
    `${"flagged where challenged are".padEnd(30)}${shares.map(percent).join("")}  scored  thieves  of members' \n`,
  );
  for (const scenario of scenarios.filter(({ name }) => only.test(name))) {
    const all = together(
      seedsOf(values.seeds).map((seed) =>
        scoresOf(scenario, { seed, accounts: Number(values.accounts), days: Number(values.days) }),
      ),
    );
    const scored = all.thieves.filter((logOdds) => logOdds > Number.NEGATIVE_INFINITY).length / all.thieves.length;
    const flagged = shares.map((share) => percent(flaggedAt(all, share))).join("");
    process.stdout.write(
      `${scenario.name.padEnd(30)}${flagged}${percent(scored)}${String(all.thieves.length).padStart(7)} ${percent(all.members.length / all.legitimate)}\n`,
    );
  }
}

if (import.meta.main) main();
