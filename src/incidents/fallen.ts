/**
 * The accounts that a campaign opened: successes of strangers from addresses that took part in it. Hindsight: the address may have
 * failed on others before or after.
 */
import type { Familiarity } from "#/familiarity/familiarity.ts";
import { Familiar, type Origin, type Pair } from "#/familiarity/records.ts";
import { days, hours, millis } from "#/platform/units.ts";
import type { Confidence, Fallen } from "./conclusion.ts";
import type { Group } from "./campaigns.ts";
import { slips } from "./suspects.ts";

export type FallenContext = { readonly familiarity: Familiarity; readonly last: number };

export function fallenOf(group: Group, context: FallenContext): { fallen: Fallen[]; opened: number } {
  const found = new Map<string, Fallen>();
  let opened = 0;
  for (const origin of group.origins) {
    for (const pair of origin.pairs.values()) {
      if (pair.successes === 0 || !isOpening(pair, group)) continue;
      const othersFailed = failedOthers(origin, pair);
      if (othersFailed === 0 && pair.failures === 0) continue;
      opened += 1;
      group.pairs.add(pair);
      const one = toFallen(pair, othersFailed);
      const before = found.get(one.account);
      if (before === undefined || one.at < before.at) found.set(one.account, one);
    }
  }
  void context;
  return { fallen: [...found.values()].sort((left, right) => left.at - right.at), opened };
}

/** A stranger's success while the campaign ran, or within a week after it. */
function isOpening(pair: Pair, group: Group): boolean {
  if (pair.familiarAtFirst >= Familiar.network) return false;
  if (pair.firstSuccess < group.from - hours(1) || pair.firstSuccess > group.to + days(7)) return false;
  // The account signed in from this network by another address before: its owner's neighbourhood.
  return !pair.account.networks.some((known) => known.network === pair.origin.network && known.first < pair.firstSuccess);
}

function failedOthers(origin: Origin, pair: Pair): number {
  return origin.accountsFailed + origin.accountsUnlisted - slips(origin) - (pair.successes === 0 ? 1 : 0);
}

function toFallen(pair: Pair, othersFailed: number): Fallen {
  const elsewhere = pair.account.networks.filter((known) => known.network !== pair.origin.network && known.first < pair.firstSuccess);
  let confidence: Confidence = othersFailed >= 3 || pair.failures >= 10 ? "confirmed" : "probable";
  if (othersFailed === 0 && pair.failures < 10) confidence = "suspected";
  const parts = [`signed in from ${pair.origin.address}`];
  if (othersFailed > 0) parts.push(`which failed on ${othersFailed} other ${othersFailed === 1 ? "account" : "accounts"}`);
  if (pair.firstFailure > 0 && pair.firstFailure <= pair.firstSuccess) parts.push(`after ${pair.failures} failures on this one`);
  parts.push(
    elsewhere.length > 0
      ? `from where this account never signed in before (it is known from ${elsewhere.length} other ${elsewhere.length === 1 ? "network" : "networks"})`
      : "and this account is not known from anywhere else",
  );
  return {
    account: pair.account.name,
    at: millis(pair.firstSuccess),
    address: pair.origin.address,
    service: pair.service,
    confidence,
    why: parts.join(", "),
  };
}
