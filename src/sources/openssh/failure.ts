import type { Millis } from "#/platform/units.ts";
import type { Reason } from "#/signin/signin.ts";
import type { Entry, Evidence } from "#/sources/source.ts";
import { evidence } from "#/sources/source.ts";
import { connectionKey } from "./connection.ts";
import type { Place } from "./places.ts";
import { unescapeVisible } from "./visible.ts";

/** One message of sshd, with its frame taken off. */
export type Said = {
  readonly entry: Entry;
  readonly at: Millis;
  readonly text: string;
  /** How often it was said. */
  readonly count: number;
};

/** Solaris writes this in place of a name that it does not know; sshd gives "UNKNOWN" for a caller that is gone. */
const NO_NAME = "<invalid username>";
const NO_ADDRESS = "UNKNOWN";

/**
 * A failure of the name that begins at `nameFrom` and ends with the place; without a place nothing of either is known.
 * @param weak whether a better witness of the same connection may follow.
 */
export function failure(
  said: Said,
  nameFrom: number,
  place: Place | undefined,
  reason: Reason,
  channel: string,
  weak: boolean,
): Evidence {
  const { entry, text } = said;
  let account = "";
  let address = "";
  let endpoint = "";
  if (place !== undefined) {
    account = unescapeVisible(text.slice(nameFrom, place.nameEnd));
    address = text.slice(place.from, place.to);
    if (address === NO_ADDRESS) address = "";
    if (entry.pid === "" && place.portTo > place.portFrom) {
      endpoint = `${address}:${text.slice(place.portFrom, place.portTo)}`;
    }
  }
  const found = evidence(said.at, "failure", account, address, "ssh");
  found.reason = reason;
  if (account === NO_NAME) {
    found.account = "";
    found.reason = "unknown-account";
  }
  found.count = said.count;
  found.key = connectionKey(entry, endpoint);
  found.channel = channel;
  found.hold = weak && found.key !== "";
  return found;
}
