// Addresses as Windows writes them: "-", "::1" and 127.0.0.1 mean that the attempt came from the machine itself.
import { isAddress } from "#/sources/address-text.ts";

/** The client's address as the server wrote it; "" where it was the machine itself, or is not said. */
export function remoteAddress(text: string): string {
  if (text === "" || text === "-" || text === "::1" || text === "::" || text === "0.0.0.0") return "";
  const bare = text.startsWith("::ffff:") ? text.slice(7) : text;
  return bare.startsWith("127.") || !isAddress(bare) ? "" : bare;
}
