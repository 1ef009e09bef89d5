/** Figures over many runs: each with its interval. */
import type { Counts, Outcome, OwnOutcome, ToolOutcome } from "./outcome.ts";
import { type Interval, median, pooled, rate, share } from "./stats.ts";

/** A tool's part of an outcome; "" is ours. */
export const tool = (outcome: Outcome, name: string): ToolOutcome | undefined =>
  name === "" ? outcome.own : outcome.peers[name];

export const hasAttack = ({ truth }: Outcome): boolean => truth === "attack" || truth === "attack-and-fault";

export const guessesOf = (outcomes: readonly Outcome[], name = ""): Interval =>
  median(outcomes.map((one) => tool(one, name)?.guesses));

export const hoursOf = (outcomes: readonly Outcome[], name = ""): Interval =>
  median(outcomes.map((one) => tool(one, name)?.hours));

export const declaredOf = (outcomes: readonly Outcome[], name = ""): Interval =>
  share(outcomes.filter((one) => tool(one, name)?.guesses !== undefined).length, outcomes.length);

type Of<Part> = (outcome: Outcome) => Part | undefined;

export function recall(outcomes: readonly Outcome[], of: Of<Counts>): Interval {
  return pooled(outcomes.map((one) => ({ part: of(one)?.found ?? 0, whole: of(one)?.truly ?? 0 })));
}

export function precision(outcomes: readonly Outcome[], of: Of<Counts>): Interval {
  return pooled(outcomes.map((one) => ({ part: of(one)?.right ?? 0, whole: of(one)?.said ?? 0 })));
}

export const addressesOf =
  (name = ""): Of<Counts> =>
  (outcome) =>
    tool(outcome, name)?.addresses;

export const fallenOf: Of<Counts> = ({ own }) => own.fallen;

export const rightOf = (outcomes: readonly Outcome[]): Interval =>
  share(outcomes.filter(({ own }) => own.right).length, outcomes.length);

/** Years of a site, all runs together. */
export const siteYears = (outcomes: readonly Outcome[]): number =>
  outcomes.reduce((sum, one) => sum + one.days, 0) / 365;

export function perSiteYear(outcomes: readonly Outcome[], of: (one: ToolOutcome) => number, name = ""): Interval {
  const count = outcomes.reduce((sum, one) => {
    const part = tool(one, name);
    return sum + (part === undefined ? 0 : of(part));
  }, 0);
  return rate(count, siteYears(outcomes));
}

/** Per million right passwords of members. */
export function refusedPerMillion(outcomes: readonly Outcome[], name = ""): Interval {
  return perMillion(outcomes, (one) => tool(one, name)?.refused ?? 0);
}

export function ownPerMillion(outcomes: readonly Outcome[], of: (own: OwnOutcome) => number): Interval {
  return perMillion(outcomes, ({ own }) => of(own));
}

function perMillion(outcomes: readonly Outcome[], of: (one: Outcome) => number): Interval {
  const { value, low, high } = pooled(outcomes.map((one) => ({ part: of(one), whole: one.membersSignIns })));
  return { value: value * 1e6, low: low * 1e6, high: high * 1e6 };
}
