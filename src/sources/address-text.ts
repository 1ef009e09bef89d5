/**
 * What sources need to know about addresses as they stand in logs: whether a token is one, where its port begins, and
 * which of a list of forwarders is the client. Canonical forms are made elsewhere; here text stays as the server wrote
 * it.
 */
import { isIP } from "node:net";

/** The longest text of an address: an IPv6 address with a zone id. */
const ADDRESS_LENGTH_MAX = 64;

/** An IPv4 or IPv6 address, zone ids and IPv4-mapped ones included, without port and brackets. */
export const isAddress = (text: string): boolean => text.length <= ADDRESS_LENGTH_MAX && isIP(text) !== 0;

const hostPattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,252}$/;

/** An address, or a name that a server may have put in its place (reverse look-up). */
export const isHost = (text: string): boolean => isAddress(text) || hostPattern.test(text);

/**
 * The address in "192.0.2.1:4711", "[2001:db8::1]:4711", "2001:db8::1:4711" (with `port` certain) or without any port.
 */
export function withoutPort(text: string, portCertain = false): string {
  if (text.startsWith("[")) {
    const close = text.indexOf("]");
    return close < 0 ? text : text.slice(1, close);
  }
  const colon = text.lastIndexOf(":");
  if (colon < 0) return text;
  return portCertain || text.indexOf(":") === colon ? text.slice(0, colon) : text;
}

/** The port in an endpoint, "" where it has none. */
export function portOf(endpoint: string): string {
  const colon = endpoint.lastIndexOf(":");
  return colon < 0 || endpoint.endsWith("]") ? "" : endpoint.slice(colon + 1);
}

/**
 * The client in "198.51.100.7, 10.0.0.1", a list to whose end every forwarder adds the address that it saw. What stands
 * left of the first forwarder's entry is typed by the client; so the last address that is not one of the
 * institution's own (private) counts, and where all are private the first.
 */
export function forwardedClient(list: string): string {
  if (!list.includes(",")) return list;
  const hops = list
    .split(",")
    .slice(-HOPS_MAX)
    .map((hop) => hop.trim());
  return hops.findLast((hop) => isAddress(hop) && !isPrivate(hop)) ?? hops.find((hop) => isAddress(hop)) ?? "";
}

/** Nobody has more forwarders; of a longer list the end counts, because the beginning is what a client can type. */
const HOPS_MAX = 64;

/** RFC 1918, 1122, 3927 and 6598, also IPv4-mapped. */
const private4 =
  /^(?:::ffff:)?(?:10|127|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./i;
/** RFC 4291 and 4193. */
const private6 = /^(?:::1$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/i;

const isPrivate = (address: string): boolean => private4.test(address) || private6.test(address);
