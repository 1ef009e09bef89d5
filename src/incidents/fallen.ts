/**
 * The accounts that a campaign opened: successes of strangers from addresses that took part in it, from the network that it works from, or
 * with its client, and of those that are a thief's by all that is usual. Hindsight: the address may have failed on others before or after.
 *
 * One rule for every kind of campaign. A stranger's sign-in from an address that guessed counts from the campaign's first attempt on,
 * however late; more than a week after its last attempt it is only suspected, since addresses change hands. What merely lies near
 * (its network, its client) counts up to that week. An address that the campaign held for long may have signed in before it began:
 * the attacker's own way in, told as suspected.
 */
import type { Familiarity } from "#/familiarity/familiarity.ts";
import { Familiar, type Origin, type Pair, isNeighbourhood } from "#/familiarity/records.ts";
import { counted, days, hours, inWords, millis } from "#/platform/units.ts";
import type { Confidence, Fallen } from "./conclusion.ts";
import type { Entered, Group } from "./group.ts";
import type { Judge } from "./judge.ts";
import { clientsOf, usersOf } from "./manner.ts";
import { type Stolen, stolenOf } from "./stolen-passwords.ts";
import { isMembers, slips } from "./suspects.ts";

export type FallenContext = { readonly judge: Judge; readonly familiarity: Familiarity; readonly last: number };

/** What a campaign opened, and how many of the guesses that takes; and sign-ins of which that can only be asked, likeliest first. */
export type Opened = { readonly fallen: Fallen[]; readonly opened: number; readonly doubtful: readonly Stolen[] };

export function fallenOf(group: Group, context: FallenContext): Opened {
  const found = new Map<string, Fallen>();
  const entered = group.entered ?? new Map<Pair, Entered>();
  let opened = entered.size;
  for (const origin of group.origins) {
    // A guess that is known by its password may come from where members sign in, and says nothing of them.
    if (group.entered !== undefined && isMembers(origin)) continue;
    for (const pair of origin.pairs.values()) {
      if (pair.successes === 0 || entered.has(pair) || !isStrangers(pair) || isTooEarly(pair, group)) continue;
      const othersFailed = failedOthers(origin, pair);
      if (othersFailed === 0 && pair.failures === 0) continue;
      // Two members on their telephone company's network, one of whom slipped; or one who was given the address since.
      const isWeak = (othersFailed <= 2 && pair.failures < 10) || isLate(pair, group);
      if (isWeak && isNeighbourhood(origin) && !pair.strangeClient) continue;
      opened += 1;
      group.pairs.add(pair);
      note(found, toFallen(pair, group, othersFailed, ""));
    }
  }
  for (const [pair, { why }] of entered) {
    group.pairs.add(pair);
    group.origins.add(pair.origin);
    note(found, toFallen(pair, group, failedOthers(pair.origin, pair), why));
  }
  for (const [pair, why] of [...strangersFromItsNetworks(group, context), ...strangersWithItsClient(group, context)]) {
    if (found.has(pair.account.name)) continue;
    group.pairs.add(pair);
    group.origins.add(pair.origin);
    opened += 1;
    found.set(pair.account.name, toFallen(pair, group, 0, why));
  }
  const stolen = stolenOf(group, context.judge, found.size).filter(({ pair }) => !found.has(pair.account.name));
  const { tellAt } = context.judge.settings.unusualSignIn;
  for (const { pair, probability, why } of stolen) {
    // Used from elsewhere, and no guess: its address is none that guessed.
    if (probability < tellAt || found.has(pair.account.name)) continue;
    found.set(pair.account.name, toFallen(pair, group, 0, `${why.join(", ")}: ${likely(probability)}`));
  }
  return {
    fallen: [...found.values()].sort((left, right) => left.at - right.at),
    opened,
    doubtful: stolen.filter(({ pair }) => !found.has(pair.account.name)),
  };
}

const likely = (probability: number): string =>
  `${Math.min(99, Math.floor(100 * probability))}% likely a thief's with the right password`;

/** The earliest of each account counts. */
function note(found: Map<string, Fallen>, one: Fallen): void {
  const before = found.get(one.account);
  if (before === undefined || one.at < before.at) found.set(one.account, one);
}

/** A network (/24 or /48) is where a campaign works from with this many addresses of it ... */
const NETWORK_ADDRESSES_MIN = 3;
/** ... and this many times those from which others signed in. */
const NETWORK_TIMES_OTHERS = 3;

/** A guess that hits from a fresh address of the network that the others came from has failed on nobody there. */
function strangersFromItsNetworks(group: Group, { familiarity }: FallenContext): [Pair, string][] {
  const own = new Map<string, number>();
  for (const { network } of group.origins) own.set(network, (own.get(network) ?? 0) + 1);
  for (const [network, addresses] of own) if (addresses < NETWORK_ADDRESSES_MIN) own.delete(network);
  if (own.size === 0) return [];
  const near: Origin[] = [];
  const others = new Map<string, number>();
  for (const origin of familiarity.origins.values()) {
    if (origin.successes === 0 || !own.has(origin.network) || group.origins.has(origin)) continue;
    near.push(origin);
    others.set(origin.network, (others.get(origin.network) ?? 0) + 1);
  }
  const found: [Pair, string][] = [];
  for (const origin of near) {
    const addresses = own.get(origin.network) ?? 0;
    if (addresses < NETWORK_TIMES_OTHERS * (others.get(origin.network) ?? 0)) continue;
    const why = `in the network that ${counted(addresses, "address")} of the campaign guessed from`;
    for (const pair of origin.pairs.values()) {
      if (pair.successes === 0 || !isStrangers(pair) || !isMeanwhile(pair, group)) continue;
      if (!isNeighbourhood(origin) || pair.strangeClient) found.push([pair, why]);
    }
  }
  return found;
}

/**
 * Where every guess comes from another address, the one that hits has failed on nobody. What gives it away: it comes while the
 * campaign runs, from nowhere near, with the campaign's client, with which this account never signed in, and it is the only sign-in
 * from that address.
 */
function strangersWithItsClient(group: Group, context: FallenContext): [Pair, string][] {
  const own = clientsOf([...group.pairs]);
  own.delete("");
  if (own.size === 0 || !group.distributed) return [];
  for (const client of own) if (usersOf(client, context.familiarity) > USERS_SHARE_MAX) own.delete(client);
  const found: [Pair, string][] = [];
  for (const origin of context.familiarity.origins.values()) {
    if (origin.pairs.size !== 1 || origin.successes === 0 || origin.failures > 2 || group.origins.has(origin)) continue;
    for (const pair of origin.pairs.values()) {
      if (!pair.strangeClient || !own.has(pair.client) || pair.familiarAtFirst !== Familiar.no) continue;
      if (isStrangers(pair) && isMeanwhile(pair, group))
        found.push([pair, `with the client that the campaign uses (${pair.client})`]);
    }
  }
  return found;
}

/** A client that more of the members use than this tells nothing. */
const USERS_SHARE_MAX = 0.02;

/** Clocks differ, and a campaign's first attempts may not be known for what they are. */
const EARLY = hours(1);
/** After this long an address may be somebody else's. */
const LATE = days(7);

const isEarly = (pair: Pair, group: Group): boolean => pair.firstSuccess < group.from - EARLY;
const isLate = (pair: Pair, group: Group): boolean => pair.firstSuccess > group.to + LATE;
const isMeanwhile = (pair: Pair, group: Group): boolean => !isEarly(pair, group) && !isLate(pair, group);

/** Before the campaign, only an address that was found guilty by itself is the attacker's already. */
const isTooEarly = (pair: Pair, group: Group): boolean => isEarly(pair, group) && pair.origin.held === undefined;

/** The account had no business there when it first signed in. */
function isStrangers(pair: Pair): boolean {
  if (pair.familiarAtFirst >= Familiar.network) return false;
  // The account signed in from this network by another address before: its owner's neighbourhood.
  return !pair.account.networks.some(
    (known) => known.network === pair.origin.network && known.first < pair.firstSuccess,
  );
}

function failedOthers(origin: Origin, pair: Pair): number {
  return origin.accountsFailed - slips(origin) - (pair.successes === 0 ? 1 : 0);
}

/** @param near what ties it to the campaign where its address failed on nobody. */
function toFallen(pair: Pair, group: Group, othersFailed: number, near: string): Fallen {
  const elsewhere = pair.account.networks.filter(
    (known) => known.network !== pair.origin.network && known.first < pair.firstSuccess,
  );
  let confidence: Confidence = othersFailed >= 3 || pair.failures >= 10 ? "confirmed" : "probable";
  const entry = group.entered?.get(pair);
  if ((entry === undefined && othersFailed === 0 && pair.failures < 10) || !isMeanwhile(pair, group))
    confidence = "suspected";
  else if (entry !== undefined && (entry.isDecoy || !isNeighbourhood(pair.origin))) confidence = "confirmed";
  const parts = [`signed in from ${pair.origin.address}`];
  if (near !== "") parts.push(near);
  if (othersFailed > 0) parts.push(`which failed on ${counted(othersFailed, "other account")}`);
  if (pair.firstFailure > 0 && pair.firstFailure <= pair.firstSuccess)
    parts.push(
      `${pair.lastFailure <= pair.firstSuccess ? "after" : "among"} ${counted(pair.failures, "failure")} on this one`,
    );
  if (isEarly(pair, group))
    parts.push(`${inWords(group.from - pair.firstSuccess)} before the campaign's first attempt`);
  if (isLate(pair, group)) parts.push(`${inWords(pair.firstSuccess - group.to)} after the campaign's last attempt`);
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
    ...(entry?.isDecoy === true ? { isDecoy: true } : {}),
    why: parts.join(", "),
  };
}
