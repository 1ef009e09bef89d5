/**
 * node scripts/run.mjs --dev bench/detection/bench.ts [--seeds N] [--only PATTERN] [--accounts N] [--days N] [--faults N] [--years N]
 *   [--held-out] [--processes N] [--out FILE] [--raw FILE] [--resume] [--render FILE]
 * Plays every scenario on many seeds through the real pipeline and through the peers' rules, and writes docs/detection.md.
 * --faults: pure faults to play at least. --years: years without attack at 9,000 accounts (900, 100,000 and 1,000,000 in
 * proportion). --raw keeps every outcome (and FILE.part those of a run that was stopped: --resume goes on from it), --render
 * writes the page from such a file again. It asserts nothing.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { systemClock } from "#/platform/clock.ts";
import { type Kept, keptIn } from "./kept.ts";
import type { Job, Outcome } from "./outcome.ts";
import { type Results, pageOf } from "./page.ts";
import { type Plan, planOf } from "./plan.ts";
import { playAll } from "./pool.ts";
import { rowsOf } from "./targets.ts";

const root = join(import.meta.dirname, "..", "..");

const options = {
  seeds: { type: "string", default: "30" },
  only: { type: "string", default: "" },
  accounts: { type: "string", default: "9000" },
  days: { type: "string", default: "14" },
  faults: { type: "string", default: "1000" },
  years: { type: "string", default: "10" },
  "held-out": { type: "boolean", default: false },
  processes: { type: "string", default: String(availableParallelism()) },
  out: { type: "string", default: join(root, "docs", "detection.md") },
  raw: { type: "string" },
  resume: { type: "boolean", default: false },
  render: { type: "string" },
} as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  const results = values.render === undefined ? await play(values) : readResults(values.render);
  if (values.raw !== undefined) writeFileSync(values.raw, JSON.stringify(results));
  writeFileSync(values.out, pageOf(results));
  for (const { title, goal, result } of rowsOf(results)) {
    const verdict = result === undefined ? "-     " : result.isMet ? "met   " : "MISSED";
    process.stdout.write(`${verdict} ${title} (${goal}): ${result?.measured ?? "not played"}\n`);
  }
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

async function play(values: Values): Promise<Results> {
  const plan: Plan = planOf({
    seeds: Number(values.seeds),
    only: new RegExp(values.only),
    accounts: Number(values.accounts),
    days: Number(values.days),
    faults: Number(values.faults),
    years: Number(values.years),
    heldOut: values["held-out"],
  });
  // The longest first, so that no process is left with one at the end.
  const jobs = [...plan.years, ...plan.main, ...plan.heldOut].toSorted((one, other) => lengthOf(other) - lengthOf(one));
  const kept = values.raw === undefined ? undefined : keptIn(`${values.raw}.part`, values.resume);
  const left = jobs.filter((job) => kept?.get(job) === undefined);
  const tell = progress(left, kept);
  const played = await playAll<Outcome>("worker.ts", left, Number(values.processes), tell);
  const outcomes = new Map(played.map((one, index) => [left[index], one]));
  const of = (list: readonly Job[]): Outcome[] => list.flatMap((job) => outcomes.get(job) ?? kept?.get(job) ?? []);
  return { command: commandOf(), main: of(plan.main), years: of(plan.years), heldOut: of(plan.heldOut) };
}

const lengthOf = ({ accounts, days }: Job): number => accounts * days;

/** A line for each run; what is left is reckoned by sign-ins, not by runs. */
function progress(jobs: readonly Job[], kept: Kept | undefined): (outcome: Outcome, done: number) => void {
  const start = systemClock.ticks();
  const whole = jobs.reduce((sum, job) => sum + lengthOf(job), 0);
  let played = 0;
  return (outcome, done) => {
    kept?.add(outcome);
    played += lengthOf(outcome);
    const left = ((systemClock.ticks() - start) / 60_000) * (whole / played - 1);
    process.stderr.write(
      `[${done}/${jobs.length}] ${outcome.scenario} ${outcome.seed} at ${outcome.accounts}: ${outcome.own.conclusion}, ` +
        `${outcome.seconds.toFixed(1)} s CPU; ${left.toFixed(0)} min left\n`,
    );
  };
}

/** As it was typed, but for where files went and how many processes there were. */
function commandOf(): string {
  const { tokens } = parseArgs({ options, tokens: true });
  const said = tokens.flatMap((token) =>
    token.kind !== "option" || ["out", "raw", "resume", "render", "processes"].includes(token.name)
      ? []
      : [token.value === undefined ? `--${token.name}` : `--${token.name} ${quoted(token.value)}`],
  );
  return ["node scripts/run.mjs --dev bench/detection/bench.ts", ...said].join(" ");
}

const quoted = (value: string): string => (/^[\w.-]*$/.test(value) ? value : `'${value}'`);

/** What this command wrote itself, with --raw. */
function readResults(file: string): Results {
  return JSON.parse(readFileSync(file, "utf8")) as Results;
}

if (import.meta.main) await main();
