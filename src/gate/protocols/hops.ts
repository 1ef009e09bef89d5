/**
 * Whose address it is that a proxy asks about. Each hop adds the address that it was called from at the right end of X-Forwarded-For; what stands
 * further left was written by whoever called, who may write anything. So the list is read from the right, for as long as the hops are trusted.
 */
import { canonicalAddress } from "#/signin/address.ts";

/** More hops than any site has: what lies beyond them is a stranger's writing. */
const HOPS_MAX = 16;

/**
 * @param peer who asks, canonical; "" for a Unix socket, which only the machine's own can reach
 * @param forwarded X-Forwarded-For, as it came
 * @param real X-Real-IP, which nginx's users set; used where there is no X-Forwarded-For
 */
export function clientAddress(
  peer: string,
  forwarded: string,
  real: string,
  isForwarder: (address: string) => boolean,
): string {
  if (peer !== "" && !isForwarder(peer)) return peer;
  const hops = forwarded.split(",").slice(-HOPS_MAX);
  let last = peer;
  for (const hop of hops.toReversed()) {
    const address = canonicalAddress(hop);
    if (address === "") break;
    last = address;
    if (!isForwarder(address)) return address;
  }
  return last === peer ? canonicalAddress(real) || peer : last;
}
