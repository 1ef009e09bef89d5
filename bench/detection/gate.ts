/**
 * node scripts/run.mjs --dev bench/detection/gate.ts [--seeds N] [--only PATTERN] [--accounts N] [--days N] [--processes N] [--out FILE] [--raw FILE]
 *   [--render FILE]
 * Plays attacks and quiet days with the gate enforcing, with fingerprints and without, a campaign's strangers delayed or refused, and writes
 * docs/detection-gate.md. --raw keeps every outcome, --render writes the page from such a file again. It asserts nothing.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { systemClock } from "#/platform/clock.ts";
import { gatePage } from "./gate-page.ts";
import { type GateOutcome, gatePlan } from "./gate-plan.ts";
import { playAll } from "./pool.ts";

const options = {
  seeds: { type: "string", default: "5" },
  only: { type: "string", default: "" },
  accounts: { type: "string", default: "2000" },
  days: { type: "string", default: "14" },
  processes: { type: "string", default: String(availableParallelism()) },
  out: { type: "string", default: join(import.meta.dirname, "..", "..", "docs", "detection-gate.md") },
  raw: { type: "string" },
  render: { type: "string" },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  const outcomes = values.render === undefined ? await play(values) : readOutcomes(values.render);
  if (values.raw !== undefined) writeFileSync(values.raw, JSON.stringify(outcomes));
  writeFileSync(values.out, gatePage(outcomes, commandOf(values)));
}

async function play(values: Values): Promise<GateOutcome[]> {
  const jobs = gatePlan({
    seeds: Number(values.seeds),
    only: new RegExp(values.only),
    accounts: Number(values.accounts),
    days: Number(values.days),
  });
  const start = systemClock.ticks();
  return playAll<GateOutcome>("gate-worker.ts", jobs, Number(values.processes), (outcome, done) => {
    const { scenario, seed, fingerprints, campaign, figures } = outcome;
    const left = ((systemClock.ticks() - start) / 60_000) * (jobs.length / done - 1);
    process.stderr.write(
      `[${done}/${jobs.length}] ${scenario} ${seed}${fingerprints ? " with fingerprints" : ""}, ${campaign}: ` +
        `${figures.answered} of ${figures.guesses} guesses answered; ${left.toFixed(1)} min left\n`,
    );
  });
}

/** As it would be typed, but for where files went and how many processes there were. */
function commandOf({ seeds, only, accounts, days }: Values): string {
  const said = Object.entries({ seeds, only, accounts, days })
    .filter(([name, value]) => value !== options[name as "seeds"].default)
    .map(([name, value]) => `--${name} '${value}'`);
  return ["node scripts/run.mjs --dev bench/detection/gate.ts", ...said].join(" ");
}

/** What this command wrote itself, with --raw. */
function readOutcomes(file: string): GateOutcome[] {
  return JSON.parse(readFileSync(file, "utf8")) as GateOutcome[];
}

if (import.meta.main) await main();
