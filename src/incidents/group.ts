// A campaign in the making: pairs of account and address that belong together.
import type { Origin, Pair } from "#/familiarity/records.ts";
import type { CampaignKind } from "./conclusion.ts";

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
};

export function newGroup(pairs: readonly Pair[], detectedAt: number, why: string, isDistributed: boolean): Group {
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  const origins = new Set<Origin>();
  for (const pair of pairs) {
    from = Math.min(from, pair.first);
    to = Math.max(to, pair.last);
    origins.add(pair.origin);
  }
  return {
    kind: "password-guessing",
    pairs: new Set(pairs),
    origins,
    from,
    to,
    detectedAt,
    findings: [why],
    usualPerDay: 0,
    distributed: isDistributed,
  };
}
