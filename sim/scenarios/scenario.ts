/** A scenario: what happens at an institution, as a recipe. The seed decides the numbers within the bounds given here. */
import type { ConclusionKind } from "#/incidents/conclusion.ts";
import type { AttackPlan } from "../attackers/attack.ts";
import type { Rng } from "../rng.ts";
import type { FaultPlan, Habits, World } from "../world.ts";

export type Scenario = {
  /** kebab-case. */
  readonly name: string;
  readonly title: string;
  readonly conclusion: ConclusionKind;
  /** Further conclusions that are right. */
  readonly accepted?: readonly ConclusionKind[];
  /** Guesses a day of the internet's everyday noise; drawn from by the seed. */
  readonly background?: readonly number[];
  readonly habits?: (rng: Rng, days: number) => Partial<Habits>;
  readonly faults?: (world: World, rng: Rng) => readonly FaultPlan[];
  readonly attacks?: (world: World, rng: Rng) => readonly AttackPlan[];
  /** Share of accounts with a password in attackers' lists; by default the seed picks 0.3% to 2%. */
  readonly weakShare?: number;
  /** Every sign-in carries a fingerprint of its password. "worlds": the attackers try the passwords that all bots try. */
  readonly fingerprints?: "own" | "worlds";
};
