/** Outcomes written down as they come, a line each, so that a run of hours that was stopped goes on where it was. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Job, Outcome } from "./outcome.ts";

export type Kept = {
  readonly get: (job: Job) => Outcome | undefined;
  readonly add: (outcome: Outcome) => void;
};

/** With `isResumed` false, what the file holds is of another run and goes. Only the same code makes outcomes comparable. */
export function keptIn(file: string, isResumed: boolean): Kept {
  mkdirSync(dirname(file), { recursive: true });
  const before = isResumed && existsSync(file) ? wholeLines(readFileSync(file, "utf8")) : [];
  writeFileSync(file, before.map(lineOf).join(""));
  const outcomes = new Map(before.map((one) => [nameOf(one), one]));
  return {
    get: (job) => outcomes.get(nameOf(job)),
    add: (outcome) => appendFileSync(file, lineOf(outcome)),
  };
}

/** A run that was killed may have left half a line. */
function wholeLines(text: string): Outcome[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Outcome);
}

const lineOf = (outcome: Outcome): string => `${JSON.stringify(outcome)}\n`;
const nameOf = ({ scenario, seed, accounts, days }: Job): string => `${scenario} ${seed} ${accounts} ${days}`;
