/**
 * Networks of any size with something kept for each, found by address without looking through them all: one look-up for each length of prefix
 * that occurs. It knows nothing of what they stand for.
 */
import ipaddr from "ipaddr.js";
import { Failure } from "#/platform/failure.ts";
import { quadOf } from "#/signin/address.ts";

type Range = { readonly kind: "ipv4" | "ipv6"; readonly parts: readonly number[]; readonly length: number };

export class Ranges<Value> {
  /** By length of prefix, the longest first. IPv4: networks by their 32 bits. */
  readonly #four: { readonly length: number; readonly by: Map<number, Value> }[] = [];
  readonly #six: { readonly length: number; readonly by: Map<string, Value> }[] = [];

  /** @throws Failure option-invalid where the text is no network */
  add(network: string, value: Value): void {
    const { kind, parts, length } = rangeOf(network);
    if (kind === "ipv4") tableFor(this.#four, length).set(bitsOf(parts), value);
    else tableFor(this.#six, length).set(parts.join(":"), value);
  }

  values(): Value[] {
    return [...this.#four, ...this.#six].flatMap(({ by }) => [...by.values()]);
  }

  /** What is kept for the smallest network with that address in it that is accepted. Host names are in none. */
  find(address: string, accept: (value: Value) => boolean = () => true): Value | undefined {
    const quad = this.#four.length > 0 ? quadOf(address) : -1;
    if (quad >= 0) {
      for (const { length, by } of this.#four) {
        const value = by.get(maskedQuad(quad, length));
        if (value !== undefined && accept(value)) return value;
      }
      return undefined;
    }
    if (this.#six.length === 0 || !address.includes(":") || !ipaddr.IPv6.isValid(address)) return undefined;
    const { parts } = ipaddr.IPv6.parse(address);
    for (const { length, by } of this.#six) {
      const value = by.get(masked(parts, length, 16).join(":"));
      if (value !== undefined && accept(value)) return value;
    }
    return undefined;
  }
}

/** A set of networks as it stands in the settings. @throws Failure settings-invalid that names the setting */
export function rangesOf(networks: readonly string[], setting: string): Ranges<string> {
  const ranges = new Ranges<string>();
  for (const network of networks) {
    try {
      ranges.add(network, network);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      throw new Failure("settings-invalid", `${setting}: ${error.message}`, { cause: error });
    }
  }
  return ranges;
}

/** One spelling for a network: "192.0.2.7" is "192.0.2.7/32", "192.0.2.7/24" is "192.0.2.0/24". @throws Failure option-invalid */
export function networkText(given: string): string {
  const { kind, parts, length } = rangeOf(given);
  const address = kind === "ipv4" ? parts.join(".") : new ipaddr.IPv6([...parts]).toRFC5952String();
  return `${address}/${length}`;
}

/** How many bits of a network are fixed. */
export const prefixLength = (network: string): number => Number(network.slice(network.lastIndexOf("/") + 1));

/** Whether two networks, as `networkText` writes them, have an address in common. */
export function overlap(left: string, right: string): boolean {
  const [wide, narrow] = prefixLength(left) <= prefixLength(right) ? [left, right] : [right, left];
  const ranges = new Ranges<true>();
  ranges.add(wide, true);
  return ranges.find(narrow.slice(0, narrow.lastIndexOf("/"))) === true;
}

function rangeOf(given: string): Range {
  const text = given.trim();
  const slash = text.lastIndexOf("/");
  const address = slash < 0 ? text : text.slice(0, slash);
  const quad = quadOf(address);
  const isSix = quad < 0 && address.length <= 45 && ipaddr.IPv6.isValid(address) && !address.includes("%");
  const bits = quad >= 0 ? 32 : 128;
  const length = slash < 0 ? bits : /^\d{1,3}$/.test(text.slice(slash + 1)) ? Number(text.slice(slash + 1)) : -1;
  if ((quad < 0 && !isSix) || length < 0 || length > bits) {
    throw new Failure(
      "option-invalid",
      `"${text.slice(0, 60)}" is no network. Write an address (192.0.2.7) or a network (192.0.2.0/24, 2001:db8::/48).`,
    );
  }
  if (quad >= 0) return { kind: "ipv4", parts: masked(octetsOf(quad), length, 8), length };
  return { kind: "ipv6", parts: masked(ipaddr.IPv6.parse(address).parts, length, 16), length };
}

const octetsOf = (quad: number): number[] => [quad >>> 24, (quad >>> 16) & 255, (quad >>> 8) & 255, quad & 255];

const bitsOf = (octets: readonly number[]): number => octets.reduce((sum, octet) => sum * 256 + octet, 0);

const maskedQuad = (quad: number, length: number): number => (length === 0 ? 0 : quad - (quad % 2 ** (32 - length)));

/** The parts of an address with all bits after the prefix cleared. */
function masked(parts: readonly number[], length: number, width: 8 | 16): number[] {
  return parts.map((part, index) => {
    const kept = Math.min(width, Math.max(0, length - index * width));
    return part - (part % 2 ** (width - kept));
  });
}

function tableFor<Key, Value>(
  tables: { readonly length: number; readonly by: Map<Key, Value> }[],
  length: number,
): Map<Key, Value> {
  const found = tables.find((table) => table.length === length);
  if (found !== undefined) return found.by;
  const by = new Map<Key, Value>();
  tables.push({ length, by });
  tables.sort((left, right) => right.length - left.length);
  return by;
}
