/**
 * Apache httpd 2.2 and 2.4: the error log of basic, digest and form authentication, of the LDAP and PAM providers, and
 * what an application says through PHP; in its own file and through syslog. Apache writes the client's address before
 * everything that a client can type, and escapes control characters, so the order of the line is to be trusted.
 *
 * It does not read refusals without a name ("client denied by server configuration"): they are about addresses and
 * paths, not about sign-ins. The access log is read by the source of that name.
 */
import { type LocalTime, monthOf } from "#/sources/local-time.ts";
import { isAddress, withoutPort } from "#/sources/address-text.ts";
import { readAccess } from "#/sources/access-log/access-log.ts";
import {
  type Context,
  type Entry,
  type Reading,
  type Source,
  evidence,
  foreign,
  ignored,
  malformed,
} from "#/sources/source.ts";
import type { Millis } from "#/platform/units.ts";
import { httpKey } from "#/sources/access-log/access-log.ts";
import { type Attempt, readAttempt } from "./auth-messages.ts";

export const apache: Source = {
  id: "apache",
  title: "Apache 2.2 and 2.4 error log",
  programs: ["httpd", "httpd/*", "apache", "apache2", "apache2/*"],
  message(entry: Entry, context: Context): Reading {
    const { text } = entry;
    if (text.charCodeAt(0) === 91) return readError(text, entry.at, context.time);
    const access = readAccess(text, entry.at, context.time);
    return access.kind === "foreign" ? ignored : access;
  },
  line: (entry: Entry, context: Context): Reading =>
    hasStamp(entry.text) ? readError(entry.text, entry.at, context.time) : foreign,
};

/** Whether the line begins "[Thu Jul 11 01:21:41 " or, with a fraction, "[Thu Jul 11 01:21:41.". */
function hasStamp(text: string): boolean {
  return (
    text.charCodeAt(0) === 91 &&
    text.charCodeAt(4) === 32 &&
    text.charCodeAt(8) === 32 &&
    text.charCodeAt(11) === 32 &&
    text.charCodeAt(14) === 58 &&
    text.charCodeAt(17) === 58 &&
    (text.charCodeAt(20) === 32 || text.charCodeAt(20) === 46)
  );
}

/**
 * Reads "[time] [module:level] [pid 1:tid 2] [client 192.0.2.1:4711] AH01618: message"; through syslog without the
 * time.
 */
function readError(text: string, wrapperAt: Millis | undefined, time: LocalTime): Reading {
  const clientAt = clientGroup(text);
  if (clientAt < 0) return ignored;
  // "[client [2001:db8::1]:4711]": the group ends at the bracket before a blank.
  const end = text.indexOf("] ", clientAt);
  if (end < 0) return ignored;
  const attempt = readAttempt(text, end + 2);
  if (attempt === undefined) return ignored;
  const address = withoutPort(text.slice(clientAt + 8, end));
  if (!isAddress(address)) return malformed("no client address");
  const at = wrapperAt ?? stampTime(text, time);
  return at === undefined ? malformed("no readable time") : toEvidence(attempt, address, at);
}

function toEvidence(attempt: Attempt, address: string, at: Millis): Reading {
  const found = evidence(at, "failure", attempt.account, address, "web");
  found.reason = attempt.reason;
  // A provider (LDAP, PAM) and the module above it log the same attempt, and so does the access log.
  found.key = httpKey(address, attempt.account);
  found.channel = found.key === "" ? "" : attempt.channel;
  return found;
}

/**
 * Where "[client " or, with some modules, "[remote " begins among the groups at the start; -1 without.
 */
function clientGroup(text: string): number {
  let at = 0;
  for (let group = 0; group < GROUPS_MAX && text.charCodeAt(at) === 91; group += 1) {
    if (text.startsWith("[client ", at) || text.startsWith("[remote ", at)) return at;
    const end = text.indexOf("] ", at);
    if (end < 0) return -1;
    at = end + 2;
  }
  return -1;
}

/** Time, module and level, process, and room for one that a custom format adds. */
const GROUPS_MAX = 6;

const stampPattern = /^\[[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ \d]\d) (\d\d):(\d\d):(\d\d)(?:\.\d{1,9})? (\d{4})\]/;

function stampTime(text: string, time: LocalTime): Millis | undefined {
  const found = stampPattern.exec(text.slice(0, 45));
  if (found === null) return undefined;
  const [, month = "", day, hour, minute, second, year] = found;
  return time.at(Number(year), monthOf(month), Number(day), Number(hour), Number(minute), Number(second));
}
