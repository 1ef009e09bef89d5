/** How OpenVPN names the client that a line is about. */
export type Peer = {
  /** The certificate's or, after a sign-in, the account's name; "" where it is not known yet. */
  readonly name: string;
  readonly address: string;
};

/** Before 2.4 an IPv6 address stood without brackets and port. */
const endpoint =
  /^(?:(?:udp|tcp)[46a-z-]{0,12}:)?(?:\[AF_INET6?\])?(?:(\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?|\[([\da-fA-F:.%\w]{2,60})\](?::\d{1,5})?|([\da-fA-F]{0,4}:[\da-fA-F:.]{1,44}))$/;

/** Reads "NAME/192.0.2.1:1194", "[2001:db8::1]:1194", "udp4:192.0.2.1:1194", with " rx-peer-id=3" after it or not. */
export function peerOf(text: string): Peer | undefined {
  if (text.length > 300) return undefined;
  const place = text.trimEnd().replace(/ rx-peer-id=\d{1,10}$/, "");
  const slash = place.lastIndexOf("/");
  const found = endpoint.exec(place.slice(slash + 1));
  if (found === null) return undefined;
  return { name: slash < 0 ? "" : place.slice(0, slash), address: found[1] ?? found[2] ?? found[3] ?? "" };
}
