/** Which runs the gate's benchmark consists of. Seeds are none that anybody works with. */
import type { GateFigures } from "../../sim/gate-figures.ts";

/** How a run was set up, beside what is usual. */
export type GateVariant = {
  readonly fingerprints: boolean;
  /** The setting gate.campaign. */
  readonly campaign: "delay" | "refuse";
};

export type GateJob = GateVariant & {
  readonly scenario: string;
  readonly seed: number;
  readonly accounts: number;
  readonly days: number;
};

export type GateOutcome = GateJob & { readonly figures: GateFigures };

export const variants: readonly GateVariant[] = [
  { fingerprints: false, campaign: "delay" },
  { fingerprints: true, campaign: "delay" },
  { fingerprints: false, campaign: "refuse" },
];

const FIRST_SEED = 3001;

const attacks = [
  "guessing-noisy",
  "guessing-few",
  "guessing-targeted",
  "spray-classic",
  "spray-network",
  "spray-slow-5000",
  "spray-slow-500",
  "spray-slow-50",
  "spray-slow-20",
  "spray-slow-unpopular",
  "spray-slow-carriers",
  "spray-slow-inside-10",
  "spray-one-sixth",
  "stuffing",
  "stuffing-slow",
  "june-2017",
  "stolen-passwords-sold",
  "spray-and-outage",
];

const quiet = ["quiet", "quiet-noise-2500", "quiet-travel", "quiet-newcomers", "quiet-stale-phones", "fault-outage"];

export function gatePlan(options: { seeds: number; only: RegExp; accounts: number; days: number }): GateJob[] {
  const { seeds, only, accounts, days } = options;
  return [...attacks, ...quiet]
    .filter((name) => only.test(name))
    .flatMap((scenario) =>
      Array.from({ length: seeds }, (_, index) => FIRST_SEED + index).flatMap((seed) =>
        variants.map((variant) => ({ scenario, seed, accounts, days, ...variant })),
      ),
    );
}
