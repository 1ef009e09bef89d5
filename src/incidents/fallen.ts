/**
 * The accounts that a campaign opened: successes of strangers from addresses that took part in it. Hindsight: the address may have
 * failed on others before or after.
 */
import type { Familiarity } from "#/familiarity/familiarity.ts";
import { Familiar, type Origin, type Pair, isNeighbourhood } from "#/familiarity/records.ts";
import { counted, days, hours, millis } from "#/platform/units.ts";
import type { Confidence, Fallen } from "./conclusion.ts";
import type { Group } from "./group.ts";
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
      // Two members on their telephone company's network, one of whom slipped.
      if (othersFailed <= 2 && pair.failures < 10 && isNeighbourhood(origin) && !pair.strangeClient) continue;
      opened += 1;
      group.pairs.add(pair);
      const one = toFallen(pair, othersFailed);
      const before = found.get(one.account);
      if (before === undefined || one.at < before.at) found.set(one.account, one);
    }
  }
  for (const pair of strangersWithItsClient(group, context)) {
    if (found.has(pair.account.name)) continue;
    group.pairs.add(pair);
    group.origins.add(pair.origin);
    opened += 1;
    found.set(pair.account.name, toFallen(pair, 0));
  }
  return { fallen: [...found.values()].sort((left, right) => left.at - right.at), opened };
}

/** A client is the campaign's own where at least this share of its attempts name it. */
const CLIENT_SHARE_MIN = 0.1;

/**
 * Where every guess comes from another address, the one that hits has failed on nobody. What gives it away: it comes while the
 * campaign runs, from nowhere near, with the campaign's client, with which this account never signed in, and it is the only sign-in
 * from that address.
 */
function strangersWithItsClient(group: Group, context: FallenContext): Pair[] {
  const clients = new Map<string, number>();
  for (const { client } of group.pairs) if (client !== "") clients.set(client, (clients.get(client) ?? 0) + 1);
  const own = new Set(
    [...clients].filter(([, count]) => count >= group.pairs.size * CLIENT_SHARE_MIN).map(([client]) => client),
  );
  if (own.size === 0 || !group.distributed) return [];
  for (const client of own) if (usersOf(client, context) > USERS_SHARE_MAX) own.delete(client);
  const found: Pair[] = [];
  for (const origin of context.familiarity.origins.values()) {
    if (origin.pairs.size !== 1 || origin.successes === 0 || origin.failures > 2 || group.origins.has(origin)) continue;
    for (const pair of origin.pairs.values()) {
      if (pair.strangeClient && own.has(pair.client) && pair.familiarAtFirst === Familiar.no && isOpening(pair, group))
        found.push(pair);
    }
  }
  return found;
}

/** A client that more of the members use than this tells nothing. */
const USERS_SHARE_MAX = 0.02;

/** The share of the accounts that have signed in with this client. */
function usersOf(client: string, { familiarity }: FallenContext): number {
  let members = 0;
  let users = 0;
  for (const account of familiarity.accounts.values()) {
    if (account.clients.length === 0) continue;
    members += 1;
    if (account.clients.includes(client)) users += 1;
  }
  return users / Math.max(1, members);
}

/** A stranger's success while the campaign ran, or within a week after it. */
function isOpening(pair: Pair, group: Group): boolean {
  if (pair.familiarAtFirst >= Familiar.network) return false;
  if (pair.firstSuccess < group.from - hours(1) || pair.firstSuccess > group.to + days(7)) return false;
  // The account signed in from this network by another address before: its owner's neighbourhood.
  return !pair.account.networks.some(
    (known) => known.network === pair.origin.network && known.first < pair.firstSuccess,
  );
}

function failedOthers(origin: Origin, pair: Pair): number {
  return origin.accountsFailed - slips(origin) - (pair.successes === 0 ? 1 : 0);
}

function toFallen(pair: Pair, othersFailed: number): Fallen {
  const elsewhere = pair.account.networks.filter(
    (known) => known.network !== pair.origin.network && known.first < pair.firstSuccess,
  );
  let confidence: Confidence = othersFailed >= 3 || pair.failures >= 10 ? "confirmed" : "probable";
  if (othersFailed === 0 && pair.failures < 10) confidence = "suspected";
  const parts = [`signed in from ${pair.origin.address}`];
  if (othersFailed === 0 && pair.failures === 0) parts.push(`with the client that the campaign uses (${pair.client})`);
  if (othersFailed > 0) parts.push(`which failed on ${counted(othersFailed, "other account")}`);
  if (pair.firstFailure > 0 && pair.firstFailure <= pair.firstSuccess)
    parts.push(
      `${pair.lastFailure <= pair.firstSuccess ? "after" : "among"} ${counted(pair.failures, "failure")} on this one`,
    );
  parts.push(
    elsewhere.length > 0
      ? `from where this account had not signed in before (it is known from ${counted(elsewhere.length, "other network")})`
      : "and this account is not known from anywhere else",
  );
  return {
    account: pair.name,
    at: millis(pair.firstSuccess),
    address: pair.origin.address,
    service: pair.service,
    confidence,
    why: parts.join(", "),
  };
}
