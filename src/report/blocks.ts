/**
 * What of a campaign could be shut out at a firewall, and whom that would hit: single addresses, and a whole network where several of
 * its addresses take part and nobody of the institution's own signs in from it. It knows nothing of how it will be told.
 */
import { networkKey } from "#/familiarity/networks.ts";
import type { Campaign, Origin } from "#/incidents/conclusion.ts";
import { isPrivate } from "#/signin/address.ts";
import { networkText } from "./networks.ts";

export type Block = {
  /** "203.0.113.9", or "203.0.113.0/24" and "2001:db8:1::/48". Raw. */
  readonly what: string;
  readonly kind: "address" | "network";
  /** Addresses of the campaign in it. */
  readonly addresses: number;
  readonly attempts: number;
  /** Accounts that signed in from it and did not fall in doing so. */
  readonly members: number;
};

/** So many addresses of one network do not meet in a campaign by chance. */
const addressesMin = 3;

/** Most attempts first. Addresses of the institution's own networks, and of those it shares, are left out. */
export function blocksOf(campaigns: readonly Campaign[]): readonly Block[] {
  return [...networksOf(campaigns).values()]
    .flatMap((origins) => (isWhole(origins) ? [networkBlock(origins)] : origins.map(addressBlock)))
    .sort((left, right) => right.attempts - left.attempts);
}

/** Networks of which several addresses take part, and from which members sign in as well. */
export const sharedNetworks = (campaigns: readonly Campaign[]): readonly Block[] =>
  [...networksOf(campaigns).values()]
    .filter((origins) => origins.length >= addressesMin && !isWhole(origins))
    .map(networkBlock)
    .sort((left, right) => right.attempts - left.attempts);

const isWhole = (origins: readonly Origin[]): boolean =>
  origins.length >= addressesMin && origins.every(({ networkMembers }) => networkMembers === 0);

/** The addresses of the campaigns by network, each address once. */
function networksOf(campaigns: readonly Campaign[]): ReadonlyMap<string, readonly Origin[]> {
  const byAddress = new Map<string, Origin>();
  for (const origin of campaigns.flatMap(({ origins }) => origins)) {
    const before = byAddress.get(origin.address);
    const attempts = origin.attempts + (before?.attempts ?? 0);
    if (origin.address !== "" && !isOwn(origin)) byAddress.set(origin.address, { ...origin, attempts });
  }
  return Map.groupBy(byAddress.values(), ({ address }) => networkKey(address));
}

const addressBlock = ({ address, attempts, members }: Origin): Block => ({
  what: address,
  kind: "address",
  addresses: 1,
  attempts,
  members,
});

const networkBlock = (origins: readonly Origin[]): Block => ({
  what: networkText(origins[0]?.address ?? ""),
  kind: "network",
  addresses: origins.length,
  attempts: origins.reduce((sum, { attempts }) => sum + attempts, 0),
  members: Math.max(...origins.map(({ networkMembers }) => networkMembers)),
});

/** Never to be shut out: the institution's own networks, and those from which its people sign in as a matter of course. */
export const isOwn = ({ address, isShared }: Origin): boolean => isShared === true || isPrivate(address);

/** A few addresses or networks that make nearly all the attempts can be shut out; thousands that come once each cannot. */
const blocksMax = 20;
const concentratedShare = 0.8;

/** The few that make nearly all the attempts of the campaign; undefined where it takes too many. */
export function concentrated(campaign: Campaign): readonly Block[] | undefined {
  const wanted = campaign.origins.reduce((sum, { attempts }) => sum + attempts, 0) * concentratedShare;
  const inside = campaign.origins.filter(isOwn);
  let attempts = inside.reduce((sum, origin) => sum + origin.attempts, 0);
  const top: Block[] = [];
  for (const block of blocksOf([campaign])) {
    if (attempts >= wanted || top.length === blocksMax) break;
    top.push(block);
    attempts += block.attempts;
  }
  return attempts >= wanted ? top : undefined;
}
