/** What we found, scenario by scenario. */
import type { Outcome } from "./outcome.ts";
import {
  addressesOf,
  declaredOf,
  fallenOf,
  guessesOf,
  hasAttack,
  hoursOf,
  ownPerMillion,
  precision,
  recall,
  rightOf,
} from "./pooling.ts";
import { type Interval, median } from "./stats.ts";
import { counts, percents, plain, table, withInterval } from "./text.ts";

/** Runs by scenario, in the order of playing. */
export function byScenario(outcomes: readonly Outcome[]): [string, Outcome[]][] {
  const groups = new Map<string, Outcome[]>();
  for (const one of outcomes) groups.set(one.scenario, [...(groups.get(one.scenario) ?? []), one]);
  return [...groups];
}

const ofRuns = ({ value, low, high }: Interval, runs: number): string =>
  `${Math.round(value * runs)}/${runs} (${percents({ value: low, low, high: low })} to ${percents({ value: high, low: high, high })} %)`;

const total = (runs: readonly Outcome[], of: (one: Outcome) => number): string =>
  plain(runs.reduce((sum, one) => sum + of(one), 0));

const nothing = "None in this run.";

export function attackTable(outcomes: readonly Outcome[]): string {
  const groups = byScenario(outcomes.filter(hasAttack));
  if (groups.length === 0) return nothing;
  return table(
    [
      "scenario",
      "declared",
      "guesses",
      "hours",
      "addresses found %",
      "addresses right %",
      "fallen found %",
      "fallen right %",
      "conclusion right",
    ],
    groups.map(([name, runs]) => [
      name,
      ofRuns(declaredOf(runs), runs.length),
      counts(guessesOf(runs)),
      withInterval(hoursOf(runs), (one) => plain(one, 1)),
      percents(recall(runs, addressesOf())),
      percents(precision(runs, addressesOf())),
      percents(recall(runs, fallenOf)),
      percents(precision(runs, fallenOf)),
      ofRuns(rightOf(runs), runs.length),
    ]),
  );
}

export function faultTable(outcomes: readonly Outcome[]): string {
  const groups = byScenario(outcomes.filter(({ fault }) => fault !== undefined));
  if (groups.length === 0) return nothing;
  return table(
    [
      "scenario",
      "named in the end",
      "any fault, minutes",
      "named, minutes",
      "attack too, minutes",
      "attacks said that were none",
      "conclusion right",
    ],
    groups.map(([name, runs]) => [
      name,
      `${runs.filter(({ fault }) => fault?.named === true).length}/${runs.length}`,
      counts(median(runs.map(({ fault }) => fault?.anyMinutes))),
      counts(median(runs.map(({ fault }) => fault?.namedMinutes))),
      runs.some(hasAttack) ? counts(median(runs.map(({ fault }) => fault?.bothMinutes))) : "-",
      total(runs, ({ own }) => own.alarmsFalse),
      ofRuns(rightOf(runs), runs.length),
    ]),
  );
}

export function quietTable(outcomes: readonly Outcome[]): string {
  const groups = byScenario(outcomes.filter(({ truth }) => truth === "quiet"));
  if (groups.length === 0) return nothing;
  return table(
    ["scenario", "conclusion right", "attacks said", "faults said", "refused per million"],
    groups.map(([name, runs]) => [
      name,
      ofRuns(rightOf(runs), runs.length),
      total(runs, ({ own }) => own.alarmsFalse),
      total(runs, ({ own }) => own.faultsFalse),
      withInterval(
        ownPerMillion(runs, ({ refused }) => refused),
        (one) => plain(one, 1),
      ),
    ]),
  );
}
