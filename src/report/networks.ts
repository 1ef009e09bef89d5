// Where the attempts came from, gathered by who runs the network. It knows nothing of how that will be shown.
import { networkKey } from "#/familiarity/networks.ts";
import type { Origin } from "#/incidents/conclusion.ts";
import type { Operator, Operators } from "#/platform/operators.ts";
import { figure } from "./words.ts";

/** All origins of one operator in one country; those of unknown operators are gathered by network. */
export type OriginGroup = {
  readonly operator: Operator;
  /** Raw; "203.0.113.9" where it is one address, "203.0.113.0/24" where one network, "203.0.113.0/24 +12" where more. */
  readonly networks: string;
  readonly addresses: number;
  readonly attempts: number;
};

/** Most attempts first. */
export function groupOrigins(origins: readonly Origin[], operators: Operators): readonly OriginGroup[] {
  const groups = new Map<string, { operator: Operator; origins: Origin[] }>();
  for (const origin of origins) {
    const operator = operators.of(origin.address);
    const key = operator.asn === 0 ? networkKey(origin.address) : `AS${operator.asn} ${operator.country}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { operator, origins: [origin] });
    else group.origins.push(origin);
  }
  return [...groups.values()]
    .map((group) => ({
      operator: group.operator,
      networks: networksText(group.origins),
      addresses: group.origins.length,
      attempts: group.origins.reduce((sum, origin) => sum + origin.attempts, 0),
    }))
    .sort((left, right) => right.attempts - left.attempts || right.addresses - left.addresses);
}

function networksText(origins: readonly Origin[]): string {
  const [only] = origins;
  if (only !== undefined && origins.length === 1) return only.address;
  const attempts = new Map<string, number>();
  for (const origin of origins) {
    const network = networkText(origin.address);
    attempts.set(network, (attempts.get(network) ?? 0) + origin.attempts);
  }
  const [busiest = ""] = [...attempts].sort((left, right) => right[1] - left[1])[0] ?? [];
  return attempts.size === 1 ? busiest : `${busiest} +${figure(attempts.size - 1)}`;
}

/** Distinct networks: IPv4 /24, IPv6 /48, or a host name for itself. */
export const countNetworks = (origins: readonly Origin[]): number =>
  new Set(origins.map((origin) => networkKey(origin.address))).size;

/** "203.0.113.0/24", "2001:db8:1::/48", or the host name. */
export function networkText(address: string): string {
  const key = networkKey(address);
  if (address.includes(":")) return `${key}/48`;
  return key === address ? address : `${key}.0/24`;
}
