/**
 * The University of Washington's imapd, ipop3d and ipop2d. Courier's and Cyrus's imapd go by the same names, so what is not
 * in this one's words is left to them.
 */
import type { Outcome, Reason } from "#/signin/signin.ts";
import type { Entry, Reading, Source } from "#/sources/source.ts";
import { evidence, foreign } from "#/sources/source.ts";

export const uwImap: Source = {
  id: "uw-imap",
  title: "UW IMAP",
  programs: ["imapd", "ipop3d", "ipop2d", "uw-imapd"],
  message: readMessage,
};

const words: readonly (readonly [start: string, outcome: Outcome, reason: Reason])[] = [
  ["Login failed user=", "failure", "bad-password"],
  ["Login failure user=", "failure", "bad-password"],
  ["AUTHENTICATE LOGIN failure user=", "failure", "bad-password"],
  ["AUTHENTICATE PLAIN failure user=", "failure", "bad-password"],
  ["Login disabled user=", "failure", "disabled"],
  ["Failed uwmaster override of user=", "failure", "policy"],
  // Not an attempt of its own, but the only witness of those before it where they are not logged.
  ["Login excessive login failures user=", "failure", "bad-password"],
  ["Login user=", "success", "other"],
  ["Authenticated user=", "success", "other"],
  ["Auth user=", "success", "other"],
];

/** "Login failed user=NAME auth=NAME host=client.example.net [192.0.2.1]". */
function readMessage(entry: Entry): Reading {
  const said = words.find(([start]) => entry.text.startsWith(start));
  if (said === undefined || entry.at === undefined) return foreign;
  const [start, outcome, reason] = said;
  // The names are the caller's and come first; the address closes the line.
  const host = entry.text.lastIndexOf(" host=");
  const place =
    host < 0
      ? null
      : /^ host=(\S{0,255}?) ?(?:\[([^\][\s]{1,64})\])?(?: nmsgs=\d{1,9}\/\d{1,9})?\s*$/.exec(entry.text.slice(host));
  if (place === null) return foreign;
  const names = entry.text.slice(start.length, host);
  const auth = names.lastIndexOf(" auth=");
  const account = (auth < 0 ? names : names.slice(0, auth)).trimEnd();
  const address = place[2] ?? place[1] ?? "";
  const result = evidence(entry.at, outcome, account, address, entry.program.startsWith("ipop") ? "pop3" : "imap");
  if (outcome === "failure") result.reason = reason;
  if (entry.pid === "") return result;
  result.key = `uw-imap:${entry.host}:${entry.pid}`;
  const isEcho = start.startsWith("Login excessive");
  result.channel = isEcho ? "excessive" : "login";
  result.hold = isEcho;
  return result;
}
