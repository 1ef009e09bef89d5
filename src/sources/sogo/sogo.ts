/**
 * SOGo 2 to 5: what its root page and its directory sources say about sign-ins, in sogo.log ("Mar 24 08:58:32 sogod
 * [26818]: ...") and through syslog.
 *
 * SOGo puts the address before the name, so a name cannot shift it; behind forwarders it writes their whole list. It
 * does not say whether the account exists. Calendars and address books that sign in through DAV leave no line here,
 * only in the web server's access log.
 */
import { forwardedClient, isHost } from "#/sources/address-text.ts";
import { type Entry, type Reading, type Source, evidence, foreign, ignored, malformed } from "#/sources/source.ts";
import type { Millis } from "#/platform/units.ts";
import type { Reason } from "#/signin/signin.ts";

export const sogo: Source = {
  id: "sogo",
  title: "SOGo",
  programs: ["sogod"],
  message: (entry: Entry): Reading => (entry.at === undefined ? ignored : readMessage(entry.text, 0, entry.at)),
  line(entry: Entry): Reading {
    const { text, at } = entry;
    // "Mar 24 08:58:32 sogod [26818]: message": the header takes the name for the host and leaves the number.
    if (at !== undefined && entry.program === "" && text.charCodeAt(0) === 91) {
      const close = text.indexOf("]: ");
      return entry.host === "sogod" && close > 0 ? readMessage(text, close + 3, at) : foreign;
    }
    // Its log holds its own access lines too, with two sizes ("34/38") and more after them.
    const first = text.charCodeAt(0);
    if (!(first >= 48 && first <= 58) && !(first >= 97 && first <= 102)) return foreign;
    const size = text.indexOf(' HTTP/1.1" ');
    return size > 0 && /^\d{3} \d{1,12}\/\d{1,12} \d/.test(text.slice(size + 11, size + 45)) ? ignored : foreign;
  },
};

const failed = "might not have worked";

function readMessage(text: string, from: number, at: Millis): Reading {
  // The class that logs stands first, and in some versions its level.
  const loginAt = text.indexOf("ogin ", from);
  if (loginAt < 0 || loginAt - from > CLASS_LENGTH_MAX) return ignored;
  if (text.startsWith("successful login ", loginAt - 12)) return readLogin(text, loginAt + 5, at, "success");
  return text.startsWith("Login ", loginAt - 1) ? readLogin(text, loginAt + 5, at, "failure") : ignored;
}

/** "SOGoRootPage", an object's address and a level fit into this. */
const CLASS_LENGTH_MAX = 80;

/** Reads "from '192.0.2.1' for user 'name' - expire = -1 ..." or, in old versions, "for user 'name' ..." */
function readLogin(text: string, from: number, at: Millis, outcome: "success" | "failure"): Reading {
  let nameAt = from;
  let address = "";
  if (text.startsWith("from '", from)) {
    const close = text.indexOf("' for user '", from + 6);
    if (close < 0) return malformed("no user after the address");
    address = forwardedClient(text.slice(from + 6, close));
    if (address !== "" && !isHost(address)) return malformed("no client address");
    nameAt = close + 1;
  }
  if (!text.startsWith(" for user '", nameAt) && !text.startsWith("for user '", nameAt)) return ignored;
  const quote = text.indexOf("'", nameAt) + 1;
  const end = text.lastIndexOf(outcome === "success" ? "' - expire = " : `' ${failed}`);
  const nameEnd = end >= quote ? end : outcome === "success" ? text.lastIndexOf("'") : -1;
  if (nameEnd < quote) return outcome === "success" ? malformed("no end of the name") : ignored;
  const found = evidence(at, outcome, text.slice(quote, nameEnd), address, "webmail");
  if (outcome === "failure") found.reason = policyReason(text.slice(nameEnd));
  return found;
}

/** The directory's answer, by the numbers of SOGoPasswordPolicyError; 65535 is none, which leaves the password. */
function policyReason(tail: string): Reason {
  switch (/password policy: (\d{1,6})/.exec(tail)?.[1] ?? "") {
    case "0":
      return "expired";
    case "1":
      return "locked";
    case "2":
    case "3":
    case "4":
      return "policy";
    default:
      return "bad-password";
  }
}
