// A campaign in the making: pairs of account and address that belong together.
import type { Origin, Pair } from "#/familiarity/records.ts";
import { hours } from "#/platform/units.ts";
import type { CampaignKind, Confidence } from "./conclusion.ts";

/** A campaign in the making: pairs that took part, and when the running state first said so. */
export type Group = {
  kind: CampaignKind;
  readonly pairs: Set<Pair>;
  readonly origins: Set<Origin>;
  from: number;
  to: number;
  /** The end of the log where only hindsight saw it. */
  detectedAt: number;
  readonly findings: string[];
  /** Usual strangers' failures a day beside it, for campaigns seen in the aggregate; 0 otherwise. */
  usualPerDay: number;
  distributed: boolean;
  /** Pairs that got in where it is known to be the campaign, by its password or by a decoy, and what says so. */
  entered?: ReadonlyMap<Pair, Entered>;
  /** Of the pairs, how many are known by the password that they tried: of those nobody need guess who got in. */
  byPassword?: number;
  /** Whether the kind is known otherwise than from its shape. */
  isKindSure?: boolean;
  /** Where it is known otherwise than from its size. */
  confidence?: Confidence;
};

export type Entered = { readonly isDecoy: boolean; readonly why: string };

/** The times between which a group's attempts are looked for. */
export type Window = { readonly from: number; readonly to: number };

const ALWAYS: Window = { from: 0, to: Number.POSITIVE_INFINITY };
/** A success so soon after the last failure is the guess that hit, and the last attempt. */
const HIT_WITHIN = hours(1);

/** Group of those of the pairs that guessed within the window. What signed in before, or long after, made no attempt. */
export function newGroup(
  pairs: readonly Pair[],
  detectedAt: number,
  why: string,
  isDistributed: boolean,
  window: Window = ALWAYS,
): Group {
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  for (const pair of pairs) {
    if (pair.failures === 0) continue;
    // Of a pair only the first and the last failure are known.
    from = Math.min(from, pair.firstFailure >= window.from ? pair.firstFailure : pair.lastFailure);
    to = Math.max(to, pair.lastFailure <= window.to ? pair.lastFailure : pair.firstFailure);
  }
  const isAttempt = (pair: Pair): boolean =>
    pair.failures > 0 || (pair.firstSuccess >= from && pair.firstSuccess <= to + HIT_WITHIN);
  const taking = pairs.filter(isAttempt);
  for (const pair of taking) if (pair.failures === 0) to = Math.max(to, pair.firstSuccess);
  return {
    kind: "password-guessing",
    pairs: new Set(taking),
    origins: new Set(taking.map(({ origin }) => origin)),
    from,
    to,
    detectedAt,
    findings: [why],
    usualPerDay: 0,
    distributed: isDistributed,
  };
}
