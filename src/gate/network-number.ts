/**
 * Networks as numbers, so that a million of them need no texts: 24 bits for an IPv4 /24, 48 bits for an IPv6 /48. Takes and gives the keys of
 * familiarity/networks.ts. Host names, which servers write only where they know no address, are given numbers in the order in which they come.
 */

/** IPv6 networks begin here, names beyond them; all below 2^53. */
const SIX = 2 ** 24;
const NAMES = 2 ** 49;

/** Names of hosts that are told apart. Only a success brings one in. When full, further ones are nobody's, and so never familiar. */
const NAMES_MAX = 100_000;

export class NetworkNumbers {
  readonly #byName = new Map<string, number>();
  readonly #names: string[] = [];

  /** -1 where there is none: no address, or a name that is not kept. */
  of(network: string): number {
    return number(network) ?? this.#byName.get(network) ?? -1;
  }

  /** As `of`, and keeps a name that is new. */
  take(network: string): number {
    const known = this.of(network);
    if (known >= 0 || network === "" || this.#names.length >= NAMES_MAX) return known;
    const fresh = NAMES + this.#names.length;
    this.#byName.set(network, fresh);
    this.#names.push(network);
    return fresh;
  }

  /** The network as people write it: "192.0.2.0/24", "2001:db8:1::/48", or the name. */
  textOf(of: number): string {
    if (of < SIX) return `${of >>> 16}.${(of >>> 8) & 255}.${of & 255}.0/24`;
    if (of >= NAMES) return this.#names[of - NAMES] ?? "";
    const bits = of - SIX;
    const groups = [Math.floor(bits / 2 ** 32), Math.floor(bits / 2 ** 16) % 2 ** 16, bits % 2 ** 16];
    return `${groups.map((group) => group.toString(16)).join(":")}::/48`;
  }
}

/** The wider area, IPv4 /16 or IPv6 /32, of a network; -1 for a name, which has none. */
export function areaNumber(of: number): number {
  if (of < 0 || of >= NAMES) return -1;
  return of < SIX ? of >>> 8 : SIX + Math.floor((of - SIX) / 2 ** 16);
}

/** "192.0.2" or "2001:db8:1::". Runs for every attempt: no allocation for IPv4. */
function number(network: string): number | undefined {
  const length = network.length;
  let parts = 1;
  let value = -1;
  let bits = 0;
  for (let at = 0; at < length; at += 1) {
    const code = network.charCodeAt(at);
    if (code >= 48 && code <= 57 && value < 256) value = (value < 0 ? 0 : value * 10) + code - 48;
    else if (code === 46 && value >= 0 && value < 256) {
      bits = bits * 256 + value;
      parts += 1;
      value = -1;
    } else return six(network);
  }
  return parts === 3 && value >= 0 && value < 256 ? bits * 256 + value : undefined;
}

function six(network: string): number | undefined {
  const found = /^([\da-f]{1,4}):([\da-f]{1,4}):([\da-f]{1,4})::$/.exec(network);
  if (found === null) return undefined;
  const [, first = "", second = "", third = ""] = found;
  return SIX + parseInt(first, 16) * 2 ** 32 + parseInt(second, 16) * 2 ** 16 + parseInt(third, 16);
}
