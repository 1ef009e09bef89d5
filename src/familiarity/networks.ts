// The networks that an address is in, as text keys, found without parsing: addresses are canonical by now.

/** IPv4 /24 ("192.0.2"), IPv6 /48 ("2001:db8:1::"), or the name itself for a host name. */
export function networkKey(address: string): string {
  const colon = address.indexOf(":");
  if (colon >= 0) return hextets(address, 3);
  const last = address.lastIndexOf(".");
  return isQuad(address) ? address.slice(0, last) : address;
}

/** IPv4 /16 ("192.0"), IPv6 /32 ("2001:db8::"), or the registered end of a host name ("example.net"). */
export function areaOf(address: string): string {
  const colon = address.indexOf(":");
  if (colon >= 0) return hextets(address, 2);
  if (!isQuad(address)) return address.split(".").slice(-2).join(".");
  return address.slice(0, address.indexOf(".", address.indexOf(".") + 1));
}

/** What one host has: an IPv4 address, or an IPv6 /64, in which it takes another address whenever it likes. */
export const hostKey = (address: string): string => (address.includes(":") ? hextets(address, 4) : address);

function isQuad(address: string): boolean {
  const code = address.charCodeAt(address.length - 1);
  const first = address.charCodeAt(0);
  return code >= 48 && code <= 57 && first >= 48 && first <= 57;
}

/** The first `count` groups of a compressed IPv6 address, "::" filled with zeros. */
function hextets(address: string, count: number): string {
  const [head = "", tail] = address.split("::");
  const front = head === "" ? [] : head.split(":");
  const back = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - front.length - back.length);
  const groups = [...front, ...Array.from({ length: zeros }, () => "0"), ...back];
  return `${groups.slice(0, count).join(":")}::`;
}
