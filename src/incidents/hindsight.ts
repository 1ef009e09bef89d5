// What is known only at the end, gathered once for all who look back.
import type { Origin } from "#/familiarity/records.ts";
import type { Judge } from "./judge.ts";
import { noiseTest } from "./noise.ts";
import { slipsTest } from "./without-successes.ts";
import { type Suspect, gatherSuspects } from "./suspects.ts";

export type Hindsight = {
  readonly judge: Judge;
  /** Every pair that still looks like a stranger's guess, earliest first. */
  readonly suspects: readonly Suspect[];
  /** Whether an address is no more than everyday noise. */
  readonly isNoise: (origin: Origin) => boolean;
  /** Whether all that an address did may be people's slips, in a log that shows no success. */
  readonly isSlips: (origin: Origin) => boolean;
};

export function lookBack(judge: Judge): Hindsight {
  // Where hardly any success is logged, nothing says which names exist: unless the source does, they may.
  const blind = judge.isMostlyStrangers || judge.familiarity.accounts.size < 20;
  return {
    judge,
    suspects: gatherSuspects(judge.familiarity, blind),
    isNoise: noiseTest(judge),
    isSlips: slipsTest(judge),
  };
}
