/**
 * One spelling for each address, and the network that it is in. It takes what a server wrote ("[::ffff:192.0.2.1]:443",
 * "FE80::1%eth0", "unknown") and gives the text under which that address is counted everywhere. It knows nothing of
 * which address is whose. What it is given may be hostile: host names come from reverse DNS, which attackers own.
 */
import ipaddr from "ipaddr.js";

/** RFC 1035: a name is at most 253 characters as text. What is longer is cut, and so still counts as one and the same. */
export const hostNameLengthMax = 253;

const DOT = 46;
const COLON = 58;
const ZERO = 48;
const NINE = 57;

/** What servers write where they know no address. */
const unknowns = new Set([
  "",
  "-",
  "--",
  "?",
  "*",
  "unknown",
  "unavailable",
  "undefined",
  "null",
  "(null)",
  "<null>",
  "nil",
  "none",
  "(none)",
  "n/a",
  "na",
  "unspecified",
  "[unknown]",
  "not available",
]);

/**
 * The canonical text of an address: IPv4 as a dotted quad, IPv6 as RFC 5952 has it, IPv4-mapped IPv6 as IPv4; zone,
 * brackets and port off. "" where the server knew none. Anything else is taken for a host name: lower case, without
 * control characters and the final dot, at most `hostNameLengthMax` long.
 *
 * A quad with leading zeros ("192.0.2.010") is no address, since resolvers disagree on whether 010 is ten or eight.
 */
export function canonicalAddress(given: string): string {
  if (isDottedQuad(given)) return given;
  const plain = given.includes(":") ? ipv6(given) : undefined;
  if (plain !== undefined) return plain;
  // Junk may hold one wrapping within another ("[[x]:1]:2"). What is not done after a few is nobody's address.
  let text = unwrapped(given);
  for (let pass = 0; pass < wrappingsMax; pass += 1) {
    const next = unwrapped(text);
    if (next === text) return text;
    text = next;
  }
  return "";
}

const wrappingsMax = 4;

function unwrapped(given: string): string {
  let text = visible(given);
  if (unknowns.has(text.toLowerCase())) return "";
  if (text.charCodeAt(0) === 91) {
    const close = text.indexOf("]");
    if (close > 0) text = text.slice(1, close);
  }
  if (/^ipv6:/i.test(text)) text = text.slice(5);
  const colon = text.indexOf(":");
  if (colon < 0) return isDottedQuad(text) ? text : hostName(text);
  if (colon === text.lastIndexOf(":")) return withoutPort(text, colon);
  return ipv6(text) ?? hostName(text);
}

/**
 * The network that stands for an address's neighbourhood: IPv4 /24 ("192.0.2.0/24"), IPv6 /48 ("2001:db8::/48"), for a
 * host name the name itself, "" for "". Takes a canonical address.
 */
export function networkOf(address: string): string {
  if (isDottedQuad(address)) return `${address.slice(0, address.lastIndexOf("."))}.0/24`;
  if (!address.includes(":") || !ipaddr.IPv6.isValid(address)) return address;
  const [first = 0, second = 0, third = 0] = ipaddr.IPv6.parse(address).parts;
  return `${new ipaddr.IPv6([first, second, third, 0, 0, 0, 0, 0]).toRFC5952String()}/48`;
}

/** Loopback, private (RFC 1918, ULA), carrier-shared and link-local addresses: the institution's own, and often a proxy or gateway of its own. */
export const isPrivate = (address: string): boolean =>
  /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|169\.254\.|::1$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/.test(
    address,
  );

/** Four decimal numbers from 0 to 255 without leading zeros, and nothing else. */
export const isDottedQuad = (text: string): boolean => quadOf(text) >= 0;

/** The 32 bits of a dotted quad as a number from 0; -1 where the text is none. Runs once per sign-in: no allocation. */
export function quadOf(text: string): number {
  const length = text.length;
  if (length < 7 || length > 15) return -1;
  let bits = 0;
  let parts = 1;
  let value = -1;
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= ZERO && code <= NINE) {
      if (value === 0) return -1;
      value = (value < 0 ? 0 : value * 10) + code - ZERO;
      if (value > 255) return -1;
    } else if (code === DOT && value >= 0) {
      bits = bits * 256 + value;
      parts += 1;
      value = -1;
    } else return -1;
  }
  return parts === 4 && value >= 0 ? bits * 256 + value : -1;
}

/** "192.0.2.1:443" or "host.example:443". A colon before anything but a port belongs to the name. */
function withoutPort(text: string, colon: number): string {
  const port = text.slice(colon + 1);
  if (!/^\d{1,5}$/.test(port)) return hostName(text);
  const host = text.slice(0, colon);
  return isDottedQuad(host) ? host : hostName(host);
}

function ipv6(text: string): string | undefined {
  const zone = text.indexOf("%");
  const bare = zone < 0 ? text : text.slice(0, zone);
  // The longest spelling, with an IPv4 tail, has 45 characters. ipaddr.js must not be given more: its patterns are slow.
  const parsed = bare.length > 45 || hasLooseTail(bare) ? undefined : parsedIpv6(bare);
  return parsed?.isIPv4MappedAddress() === true ? parsed.toIPv4Address().toString() : parsed?.toRFC5952String();
}

/** ipaddr.js offers a test beside this, which does all of the work a second time. */
function parsedIpv6(text: string): ipaddr.IPv6 | undefined {
  try {
    return ipaddr.IPv6.parse(text);
  } catch {
    return undefined;
  }
}

/** An IPv4 tail that is no strict quad ("::ffff:192.0.2.010"), which ipaddr.js would read as octal. */
function hasLooseTail(text: string): boolean {
  return text.includes(".") && !isDottedQuad(text.slice(text.lastIndexOf(":") + 1));
}

/** Without blanks, control and format characters, which no address or name has. */
function visible(text: string): string {
  return /[^!-~]/.test(text)
    ? text
        .slice(0, 4 * hostNameLengthMax)
        .toWellFormed()
        .replace(/[\s\p{Cc}\p{Cf}]+/gu, "")
    : text;
}

function hostName(text: string): string {
  let name = text.toLowerCase().slice(0, hostNameLengthMax).toWellFormed();
  while (name.charCodeAt(name.length - 1) === DOT) name = name.slice(0, -1);
  return unknowns.has(name) || name.charCodeAt(name.length - 1) === COLON ? "" : name;
}
