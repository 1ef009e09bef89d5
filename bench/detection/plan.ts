/** Which runs a benchmark consists of. Seeds are none that anybody works with (sim/run-all.ts starts at 1). */
import type { Job } from "./outcome.ts";
import { benchScenarios, heldOut } from "./variants.ts";

export type PlanOptions = {
  readonly seeds: number;
  readonly only: RegExp;
  readonly accounts: number;
  readonly days: number;
  /** Pure faults to play at least, over all their scenarios. */
  readonly faults: number;
  /** Quiet years at 9,000 accounts; other sizes in proportion. */
  readonly years: number;
  readonly heldOut: boolean;
};

const FIRST_SEED = 1001;
const FIRST_HELD_OUT_SEED = 7001;

/** Sizes at which years without attack are played, how many for each at 9,000 accounts, and how long they are. */
export const yearSizes = [
  { accounts: 900, times: 3, days: 364 },
  { accounts: 9_000, times: 1, days: 364 },
  { accounts: 100_000, times: 0.1, days: 364 },
  { accounts: 1_000_000, times: 0.1, days: 14 },
] as const;

/** Years are played of ordinary days, whatever the noise, and of the heaviest noise. */
const yearScenarios = [
  { name: "quiet", times: 1 },
  { name: "quiet-noise-2500", times: 0.5 },
] as const;

export type Plan = {
  readonly main: readonly Job[];
  readonly years: readonly Job[];
  readonly heldOut: readonly Job[];
};

export function planOf({ seeds, only, accounts, days, faults, years, heldOut: withHeldOut }: PlanOptions): Plan {
  const chosen = benchScenarios.filter(({ name }) => only.test(name));
  const pureFaults = chosen.filter(({ conclusion }) => conclusion === "fault").length;
  const faultSeeds = Math.max(seeds, Math.ceil(faults / Math.max(1, pureFaults)));
  const main = chosen.flatMap(({ name, conclusion }) =>
    from(FIRST_SEED, conclusion === "fault" ? faultSeeds : seeds).map((seed) => ({
      scenario: name,
      seed,
      accounts,
      days,
    })),
  );
  return {
    main,
    years: yearJobs(years, only),
    heldOut: withHeldOut ? heldOutJobs(seeds, only, accounts, days) : [],
  };
}

function yearJobs(years: number, only: RegExp): Job[] {
  return yearSizes.flatMap((size) =>
    yearScenarios
      // One scenario is enough where a year takes long.
      .filter(({ name, times }) => only.test(name) && (times === 1 || size.accounts === 9_000))
      .flatMap(({ name, times }) =>
        from(FIRST_SEED, Math.round(years * size.times * times)).map((seed) => ({
          scenario: name,
          seed,
          accounts: size.accounts,
          days: size.days,
        })),
      ),
  );
}

/** The variants, and every other scenario on a third as many seeds that are not among the usual ones. */
function heldOutJobs(seeds: number, only: RegExp, accounts: number, days: number): Job[] {
  const variants = heldOut.flatMap(({ scenario: { name }, accounts: size }) =>
    from(FIRST_HELD_OUT_SEED, seeds).map((seed) => ({ scenario: name, seed, accounts: size, days })),
  );
  const others = benchScenarios.flatMap(({ name }) =>
    from(FIRST_HELD_OUT_SEED, Math.ceil(seeds / 3)).map((seed) => ({ scenario: name, seed, accounts, days })),
  );
  return [...variants, ...others].filter(({ scenario }) => only.test(scenario));
}

const from = (first: number, count: number): number[] => Array.from({ length: count }, (_, index) => first + index);
