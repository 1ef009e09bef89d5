/**
 * Whom it would hit to shut the addresses of a campaign out, or their networks: the accounts that signed in from there and did
 * not fall. Whoever decides about a block must know it before.
 */
import type { Familiarity } from "#/familiarity/familiarity.ts";
import { networkKey } from "#/familiarity/networks.ts";
import type { Campaign } from "./conclusion.ts";

export function withMembers(campaigns: readonly Campaign[], familiarity: Familiarity): Campaign[] {
  const networks = new Map<string, Set<string>>();
  const fallen = new Set<string>();
  for (const campaign of campaigns) {
    for (const { account } of campaign.fallen) fallen.add(account);
    for (const { address } of campaign.origins) networks.set(networkKey(address), new Set());
  }
  if (networks.size === 0) return [...campaigns];
  const addresses = new Map<string, number>();
  for (const origin of familiarity.origins.values()) {
    const members = origin.successes === 0 ? undefined : networks.get(origin.network);
    if (members === undefined) continue;
    let here = 0;
    for (const { account, name, successes } of origin.pairs.values()) {
      if (successes === 0 || fallen.has(name)) continue;
      members.add(account.name);
      here += 1;
    }
    addresses.set(origin.address, here);
  }
  return campaigns.map((campaign) => ({
    ...campaign,
    origins: campaign.origins.map((origin) => ({
      ...origin,
      members: addresses.get(origin.address) ?? 0,
      networkMembers: networks.get(networkKey(origin.address))?.size ?? 0,
    })),
  }));
}
