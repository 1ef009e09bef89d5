/**
 * The targets, each a row: what is asked for, which scenarios it is measured on, and what came of it. A scenario that nobody
 * has built yet makes its row say so.
 */
import type { Outcome } from "./outcome.ts";
import {
  addressesOf,
  fallenOf,
  guessesOf,
  hasAttack,
  hoursOf,
  ownPerMillion,
  perSiteYear,
  precision,
  recall,
  siteYears,
} from "./pooling.ts";
import { type Interval, median, pooled, share } from "./stats.ts";
import { counts, percent, percents, plain, withInterval } from "./text.ts";

/** All outcomes but those held out. */
export type Played = { readonly main: readonly Outcome[]; readonly years: readonly Outcome[] };

type Result = { readonly measured: string; readonly isMet: boolean; readonly missedBy: string };

export type Target = {
  /** For misses.ts. */
  readonly id: string;
  readonly title: string;
  readonly goal: string;
  /** Undefined where nothing was played that could say. */
  readonly measure: (played: Played) => Result | undefined;
};

export type Row = Target & { readonly result: Result | undefined };

export const rowsOf = (played: Played): Row[] => targets.map((one) => ({ ...one, result: one.measure(played) }));

const named = (outcomes: readonly Outcome[], names: readonly string[]): Outcome[] =>
  outcomes.filter(({ scenario }) => names.includes(scenario));

/** The median may be so much at most; says how many of the runs kept to it. */
function atMost(interval: Interval, limit: number, unit: string, values: readonly (number | undefined)[]): Result {
  const within = values.filter((value) => value !== undefined && value <= limit).length;
  const factor = interval.value / limit;
  return {
    measured: `${counts(interval)}${unit}; within it in ${within} of ${values.length} runs`,
    isMet: interval.value <= limit,
    missedBy: interval.value === Infinity ? "half the runs or more never declared" : `${factor.toFixed(1)} times`,
  };
}

function guessesAtMost(names: readonly string[], limit: number): Target["measure"] {
  return ({ main }) => {
    const runs = named(main, names);
    if (runs.length === 0) return undefined;
    return atMost(
      guessesOf(runs),
      limit,
      " guesses",
      runs.map(({ own }) => own.guesses),
    );
  };
}

function hoursAtMost(names: readonly string[], limit: number): Target["measure"] {
  return ({ main }) => {
    const runs = named(main, names);
    if (runs.length === 0) return undefined;
    return atMost(
      hoursOf(runs),
      limit,
      " h",
      runs.map(({ own }) => own.hours),
    );
  };
}

function bothMet(one: Target["measure"], other: Target["measure"]): Target["measure"] {
  return (played) => {
    const first = one(played);
    const second = other(played);
    if (first === undefined || second === undefined) return undefined;
    const missed = [first, second].filter(({ isMet }) => !isMet).map(({ missedBy }) => missedBy);
    return {
      measured: `${first.measured}; ${second.measured}`,
      isMet: missed.length === 0,
      missedBy: [...new Set(missed)].join("; "),
    };
  };
}

function shareAtLeast(interval: Interval, limit: number): Result | undefined {
  if (Number.isNaN(interval.value)) return undefined;
  return {
    measured: `${percents(interval)} %`,
    isMet: interval.value >= limit,
    missedBy: `${(100 * (limit - interval.value)).toFixed(2)} points`,
  };
}

function countAtMost(interval: Interval, limit: number, unit: string): Result | undefined {
  if (Number.isNaN(interval.value)) return undefined;
  return {
    measured: `${withInterval(interval, (one) => plain(one, one < 10 ? 2 : 0))} ${unit}`,
    isMet: interval.value <= limit,
    missedBy: limit === 0 ? "all of it" : `${(interval.value / limit).toFixed(1)} times`,
  };
}

const pureFaults = (outcomes: readonly Outcome[]): Outcome[] => outcomes.filter(({ truth }) => truth === "fault");
/** Played at nine in the morning; see variants.ts. */
const atNine = (outcomes: readonly Outcome[]): Outcome[] =>
  outcomes.filter(({ scenario }) => scenario.endsWith("-at-nine"));
const combined = (outcomes: readonly Outcome[]): Outcome[] =>
  outcomes.filter(({ truth }) => truth === "attack-and-fault");

export const targets: readonly Target[] = [
  {
    id: "noisy-source",
    title: "One noisy source is declared",
    goal: "<= 10 guesses",
    measure: guessesAtMost(["guessing-noisy", "guessing-few", "guessing-ssh"], 10),
  },
  {
    id: "classic-spray",
    title: "A classic spray is declared",
    goal: "<= 5 guesses",
    measure: guessesAtMost(["spray-classic", "spray-network"], 5),
  },
  {
    id: "fingerprint",
    title: "Low and slow, the same password, fingerprint known, any rate",
    goal: "<= 5 guesses",
    measure: ({ main }) => {
      const runs = main.filter((one) => hasAttack(one) && one.scenario.includes("fingerprint"));
      if (runs.length === 0) return undefined;
      return atMost(
        guessesOf(runs),
        5,
        " guesses",
        runs.map(({ own }) => own.guesses),
      );
    },
  },
  {
    id: "slow-200",
    title: "Low and slow, 200 a day, no fingerprint",
    goal: "<= 20 guesses",
    measure: guessesAtMost(["spray-slow-200"], 20),
  },
  {
    id: "slow-50",
    title: "Low and slow, 50 a day, no fingerprint",
    goal: "<= 4 h",
    measure: hoursAtMost(["spray-slow-50"], 4),
  },
  {
    id: "slow-20",
    title: "Low and slow, 20 a day, background 25 a day",
    goal: "<= 48 h",
    measure: hoursAtMost(["spray-slow-20-noise-25"], 48),
  },
  {
    id: "slow-noise",
    title: "Low and slow, background 2,500 a day",
    goal: "<= 1,000 guesses and 48 h",
    measure: bothMet(guessesAtMost(["spray-slow-noise"], 1_000), hoursAtMost(["spray-slow-noise"], 48)),
  },
  {
    id: "address-precision",
    title: "Campaign addresses: those named are the campaign's",
    goal: ">= 99 %",
    measure: ({ main }) => shareAtLeast(precision(main.filter(hasAttack), addressesOf()), 0.99),
  },
  {
    id: "address-recall-day",
    title: "Campaign addresses found 24 h into 200 a day",
    goal: ">= 90 %",
    measure: ({ main }) =>
      shareAtLeast(
        recall(named(main, ["spray-slow-200"]), ({ own }) => own.addressesAfterDay),
        0.9,
      ),
  },
  {
    id: "address-recall-round",
    title: "Campaign addresses found of a 9,000-account round",
    goal: ">= 98 %",
    measure: ({ main }) => shareAtLeast(recall(named(main, ["june-2017"]), addressesOf()), 0.98),
  },
  {
    id: "fallen-precision",
    title: "Fallen accounts: those named fell",
    goal: ">= 99.5 %",
    measure: ({ main }) => shareAtLeast(precision(main, fallenOf), 0.995),
  },
  {
    id: "fallen-recall",
    title: "Fallen accounts found",
    goal: ">= 99 %",
    measure: ({ main }) => shareAtLeast(recall(main, fallenOf), 0.99),
  },
  {
    id: "false-alarms",
    title: "False attack alarms at 9,000 accounts",
    goal: "<= 1 per site-year",
    measure: ({ years }) => {
      const runs = years.filter(({ accounts }) => accounts === 9_000);
      const rate = perSiteYear(runs, ({ alarmsFalse }) => alarmsFalse);
      return countAtMost(rate, 1, `per site-year, in ${siteYears(runs).toFixed(0)} of them`);
    },
  },
  {
    id: "fault-no-attack",
    title: "Attack declarations in 1,000 pure faults",
    goal: "0",
    measure: ({ main }) => {
      const runs = pureFaults(main);
      if (runs.length === 0) return undefined;
      const wrong = runs.filter(({ own }) => own.conclusion.includes("attack")).length;
      const { low, high } = share(wrong, runs.length);
      return {
        measured: `${wrong} in ${plain(runs.length)} (${percent(low)} to ${percent(high)} %)`,
        isMet: wrong === 0,
        missedBy: `${wrong} of ${runs.length}`,
      };
    },
  },
  {
    id: "fault-minutes",
    title: "A fault from nine in the morning is named",
    goal: "<= 5 min after its onset",
    measure: ({ main }) => {
      const runs = atNine(main);
      if (runs.length === 0) return undefined;
      const values = runs.map(({ fault }) => fault?.namedMinutes);
      return atMost(median(values), 5, " min", values);
    },
  },
  {
    id: "both",
    title: "A fault and a spray together are both named",
    goal: "<= 30 min after the fault's onset",
    measure: ({ main }) => {
      const runs = combined(main);
      if (runs.length === 0) return undefined;
      const values = runs.map(({ fault }) => fault?.bothMinutes);
      return atMost(median(values), 30, " min", values);
    },
  },
  {
    id: "familiar-refused",
    title: "Familiar sign-ins refused, if the named addresses were shut out",
    goal: "0",
    measure: ({ main, years }) =>
      countAtMost(
        ownPerMillion([...main, ...years], ({ refusedFamiliar }) => refusedFamiliar),
        0,
        "per million; a gate that lets familiar origins in refuses none",
      ),
  },
  {
    id: "refused",
    title: "Members' unfamiliar sign-ins refused, if the named addresses were shut out",
    goal: "<= 10 per million",
    measure: ({ main, years }) =>
      countAtMost(
        ownPerMillion([...main, ...years], ({ refused, refusedFamiliar }) => refused - refusedFamiliar),
        10,
        "per million",
      ),
  },
  {
    id: "traveller",
    title: "A traveller is challenged",
    goal: "at most once a trip",
    measure: () => undefined,
  },
  {
    id: "stolen-flagged",
    title: "Use of a stolen password from elsewhere after a spray is flagged by its score",
    goal: ">= 99.9 %",
    measure: ({ main }) =>
      shareAtLeast(
        pooled(
          main.map(({ challenge }) => ({
            part: challenge?.stolenChallenged ?? 0,
            whole: challenge?.stolen ?? 0,
          })),
        ),
        0.999,
      ),
  },
  {
    id: "stolen-challenged",
    title: "while members' sign-ins are challenged",
    goal: "<= 10 %",
    measure: ({ main }) => {
      const challenged = pooled(
        main.map(({ challenge }) => ({ part: challenge?.membersChallenged ?? 0, whole: challenge?.members ?? 0 })),
      );
      if (Number.isNaN(challenged.value)) return undefined;
      return {
        measured: `${percents(challenged)} %`,
        isMet: challenged.value <= 0.1,
        missedBy: `${(100 * (challenged.value - 0.1)).toFixed(1)} points`,
      };
    },
  },
];
