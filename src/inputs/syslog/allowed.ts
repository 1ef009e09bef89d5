/** Who may send syslog: addresses and networks. What a sender says counts as what a server saw, so that a port is not for everybody. */
import { BlockList, isIP } from "node:net";
import { Failure } from "#/platform/failure.ts";

export type Allowed = (address: string) => boolean;

/** @param from addresses ("192.0.2.7") and networks ("192.0.2.0/24"); none for anybody. @throws Failure settings-invalid */
export function createAllowed(from: readonly string[]): Allowed {
  if (from.length === 0) return () => true;
  const list = new BlockList();
  for (const entry of from) {
    const [address = "", bits] = entry.split("/");
    const kind = isIP(address);
    const length = bits === undefined ? (kind === 4 ? 32 : 128) : Number(bits);
    const isLength = Number.isInteger(length) && length >= 0 && length <= (kind === 4 ? 32 : 128);
    if (kind === 0 || !isLength || entry.split("/").length > 2)
      throw new Failure(
        "settings-invalid",
        `inputs.syslogFrom: "${entry}" is no address and no network. Write one such as 192.0.2.7 or 192.0.2.0/24.`,
      );
    list.addSubnet(address, length, kind === 4 ? "ipv4" : "ipv6");
  }
  return (address) => {
    // A socket for both families shows IPv4 within IPv6.
    const plain = address.startsWith("::ffff:") && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
    return list.check(plain, isIP(plain) === 6 ? "ipv6" : "ipv4");
  };
}
