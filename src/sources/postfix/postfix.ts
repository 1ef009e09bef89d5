/**
 * Postfix's SMTP server (smtpd on any port): SASL failures, the sign-ins behind accepted messages, and the summary with
 * which a connection closes. Other Postfix programs have no sign-ins; postscreen sees none.
 *
 * The client's name comes from the DNS, but Postfix lets only letters, digits, "-", "_" and "." through, so that the
 * first "[" after it opens the address. Of what the client itself typed, the mechanism and the account stand after the
 * address.
 *
 * It does not know a success of which no message came, but for the summary, which has no account; nor, before Postfix
 * 3.9, the account of a failure: that stands in the log of the SASL service alone.
 */
import type { Millis } from "#/platform/units.ts";
import type { Reason } from "#/signin/signin.ts";
import {
  type Entry,
  type Evidence,
  type Reading,
  type Source,
  ended,
  evidence,
  ignored,
  malformed,
} from "#/sources/source.ts";

const SLASH = 47;
const COLON = 58;
const SPACE = 32;
const BRACKET = 91;

/** A host name of the DNS, and an IPv6 address with a zone, and some room. */
const CLIENT_LENGTH_MAX = 400;
/** Queue ids are shorter. */
const QUEUE_ID_LENGTH_MAX = 24;

export const postfix: Source = {
  id: "postfix",
  title: "Postfix",
  programs: ["postfix*"],
  message(entry: Entry): Reading {
    const { program, text, at } = entry;
    // "postfix/smtpd", "postfix/submission/smtpd", and "postfix" where the rest of the name was cut off.
    if (at === undefined || !(program.endsWith("smtpd") || program === "postfix")) return ignored;
    switch (text.charCodeAt(0)) {
      case 119: // w
        if (text.startsWith("warning: ")) return warning(entry, at);
        break;
      case 99: // c
        if (text.startsWith("connect from ")) return connected(entry);
        break;
      case 100: // d
        if (text.startsWith("disconnect from ")) return disconnected(entry, at);
        break;
      default:
        break;
    }
    return accepted(entry, at);
  },
};

/** "warning: mail.example.com[192.0.2.1]: SASL LOGIN authentication failed: why, sasl_username=bob". */
function warning(entry: Entry, at: Millis): Reading {
  const { text } = entry;
  const sasl = text.indexOf(": SASL ", 9);
  if (sasl < 0) return text.startsWith("AUTH command rate limit exceeded: ", 9) ? rateLimited(entry, at) : ignored;
  // Anything between the client's name and "SASL" is another warning that repeats what somebody typed.
  const close = text.indexOf("]", 9);
  const clientEnd = text.charCodeAt(close + 1) === COLON ? digitsEnd(text, close + 2) : close + 1;
  if (sasl !== clientEnd && sasl !== close + 1) return ignored;
  const methodFrom = sasl + 7;
  const methodEnd = text.indexOf(" authentication ", methodFrom);
  if (methodEnd < 0 || !text.startsWith("failed", methodEnd + 16)) return ignored;
  const address = addressFrom(text, 9);
  if (address === undefined) return malformed("no [address] after the client's name");
  const whyFrom = text.startsWith(": ", methodEnd + 22) ? methodEnd + 24 : methodEnd + 22;
  const userAt = text.indexOf(", sasl_username=", whyFrom);
  const why = text.slice(whyFrom, userAt < 0 ? text.length : userAt);
  // No password was tried. The summary at the end still counts it where it is all that the connection did.
  if (why.startsWith("Invalid authentication mechanism")) return ignored;
  const user = userAt < 0 ? "" : text.slice(userAt + 16);
  const result = attempt(entry, at, "failure", user === "(unavailable)" ? "" : user, address);
  result.reason = reasonFor(why);
  result.channel = method(text.slice(methodFrom, methodEnd));
  return result;
}

function attempt(entry: Entry, at: Millis, outcome: "success" | "failure", account: string, address: string): Evidence {
  const result = evidence(at, outcome, account, address, "submission");
  result.key = connectionKey(entry, address);
  return result;
}

/** One smtpd process serves one connection at a time. */
function connectionKey(entry: Entry, address: string): string {
  return `postfix:${entry.host}:${entry.pid}:${address}`;
}

/**
 * The mechanism as a channel: a client that tries PLAIN and then LOGIN has tried once. What is none is the client's
 * invention.
 */
function method(typed: string): string {
  return /^[A-Za-z0-9_-]{1,20}$/.test(typed) ? typed.toUpperCase() : "other";
}

/** The address of the client whose "name[address]" begins at `from`; undefined where none stands there. */
function addressFrom(text: string, from: number): string | undefined {
  let open = from;
  for (let code = 0; open - from < CLIENT_LENGTH_MAX; open += 1) {
    code = text.charCodeAt(open);
    if (code === BRACKET) break;
    if (!(code > SPACE)) return undefined;
  }
  const close = text.indexOf("]", open);
  if (close <= open + 1 || close - from > CLIENT_LENGTH_MAX) return undefined;
  const address = text.slice(open + 1, close);
  return address === "unknown" ? "" : address;
}

/**
 * Why it failed, in the words of Dovecot, of libsasl, of Postfix, or (before Postfix 2.10) the server's last challenge.
 */
function reasonFor(why: string): Reason {
  const code = why.charCodeAt(0);
  // The usual ones: "authentication failure", "UGFzc3dvcmQ6", "(reason unavailable)".
  if (why === "authentication failure" || why === "UGFzc3dvcmQ6" || code === 40 || why === "") return "bad-password";
  const words = why.slice(0, 200).toLowerCase();
  for (const [part, reason] of reasons) if (words.includes(part)) return reason;
  return "bad-password";
}

const reasons: readonly (readonly [string, Reason])[] = [
  ["connection lost to authentication server", "fault"],
  ["connect to authentication server", "fault"],
  ["authentication backend error", "fault"],
  ["generic failure", "fault"],
  ["temporar", "fault"],
  ["server unavailable", "fault"],
  ["internal", "fault"],
  ["out of memory", "fault"],
  ["timed out", "fault"],
  ["user not found", "unknown-account"],
  ["user unknown", "unknown-account"],
  ["disabled", "disabled"],
  ["expired", "expired"],
  ["locked", "locked"],
  ["policy", "policy"],
  ["invalid base64", "other"],
];

/** "warning: AUTH command rate limit exceeded: 12 from mail.example.com[192.0.2.1] for service submission". */
function rateLimited(entry: Entry, at: Millis): Reading {
  const from = entry.text.indexOf(" from ", 43);
  const address = from < 0 ? undefined : addressFrom(entry.text, from + 6);
  if (address === undefined) return malformed("no [address] after the client's name");
  const result = attempt(entry, at, "failure", "", address);
  result.reason = "policy";
  result.channel = "limit";
  return result;
}

function connected(entry: Entry): Reading {
  const address = addressFrom(entry.text, 13);
  return address === undefined ? ignored : ended(connectionKey(entry, address));
}

/**
 * "disconnect from mail.example.com[192.0.2.1] ehlo=1 auth=0/3 quit=1 commands=2/5" (Postfix 3). It counts every AUTH
 * command, also those with which one attempt goes on under another mechanism, so that only as much of it is an attempt
 * as is sure whatever the client did.
 */
function disconnected(entry: Entry, at: Millis): Reading {
  const { text } = entry;
  const address = addressFrom(text, 16);
  if (address === undefined) return ignored;
  const key = connectionKey(entry, address);
  const auth = text.indexOf(" auth=", text.indexOf("]", 16));
  if (auth < 0) return ended(key);
  const slash = digitsEnd(text, auth + 6);
  const succeeded = number(text, auth + 6, slash);
  const total = text.charCodeAt(slash) === SLASH ? number(text, slash + 1, digitsEnd(text, slash + 1)) : succeeded;
  if (total === 0) return ended(key);
  const result = attempt(entry, at, succeeded > 0 ? "success" : "failure", "", address);
  // Where smtpd says nothing more of it, AUTH was not on offer, or the client gave up.
  if (succeeded === 0) result.reason = "other";
  result.count = succeeded > 0 ? 1 : Math.ceil(total / MECHANISMS_MAX);
  result.channel = "summary";
  result.ends = true;
  return result;
}

/** CRAM-MD5, LOGIN and PLAIN, one after the other, is as much as clients do for one password. */
const MECHANISMS_MAX = 3;

function digitsEnd(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at += 1;
  return at;
}

/** At most four digits are taken seriously. */
function number(text: string, from: number, to: number): number {
  return to - from > 4 ? 9999 : Number(text.slice(from, to));
}

/**
 * "4F1qX2: client=mail.example.com[192.0.2.1], sasl_method=PLAIN, sasl_username=bob@example.com, sasl_sender=..., ..."
 * Each message of a connection has such a line: with the queue id as the channel they count as one sign-in.
 */
function accepted(entry: Entry, at: Millis): Reading {
  const { text } = entry;
  const colon = text.indexOf(": ");
  if (colon < 1 || colon > QUEUE_ID_LENGTH_MAX || !text.startsWith("client=", colon + 2)) return ignored;
  const userAt = text.indexOf(", sasl_username=", colon + 9);
  if (userAt < 0) return ignored;
  const address = addressFrom(text, colon + 9);
  if (address === undefined) return malformed("no [address] after client=");
  const user = text.slice(userAt + 16, userEnd(text, userAt + 16));
  const result = attempt(entry, at, "success", user, address);
  const id = text.slice(0, colon);
  result.channel = id === "NOQUEUE" ? `${id}@${at}` : id;
  return result;
}

/** The account ends where the fields begin that Postfix may write after it, in this order and free of ", ". */
function userEnd(text: string, from: number): number {
  let end = text.length;
  for (const field of [", orig_client=", ", orig_queue_id=", ", sasl_sender="]) {
    const at = text.lastIndexOf(field, end - 1);
    if (at >= from) end = at;
  }
  return end;
}
