/**
 * Sendmail: AUTH failures, sign-ins ("AUTH=server"), and its warning that a connection makes more AUTH commands than it
 * should, which is all that it says of failures at usual log levels.
 *
 * The account that the client typed stands before the address in failures and after it in sign-ins: the last "relay="
 * of a failure is the server's own, and the first of a sign-in.
 */
import type { Millis } from "#/platform/units.ts";
import { isSaslTalk, saslCode, saslReason, saslUser } from "#/sources/cyrus/sasl-words.ts";
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

/** Queue ids are shorter. */
const QUEUE_ID_LENGTH_MAX = 24;

export const sendmail: Source = {
  id: "sendmail",
  title: "Sendmail",
  programs: ["sendmail", "sm-*"],
  message(entry: Entry): Reading {
    if (entry.at === undefined) return ignored;
    const { text } = entry;
    const from = queueIdEnd(text);
    if (text.startsWith("AUTH failure (", from)) return failure(entry, from + 14, entry.at);
    if (text.startsWith("AUTH=server, relay=", from)) return success(entry, from + 19, entry.at);
    if (text.includes(": possible SMTP attack: command=AUTH, count=", from)) return tooMany(entry, from, entry.at);
    return text.endsWith(" did not issue MAIL/EXPN/VRFY/ETRN during connection to MTA") ? ended(keyOf(entry)) : ignored;
  },
};

/** Past "s1GNXHYB005133: ". */
function queueIdEnd(text: string): number {
  let at = 0;
  while (at < QUEUE_ID_LENGTH_MAX && isWord(text.charCodeAt(at))) at += 1;
  return at > 0 && text.startsWith(": ", at) ? at + 2 : 0;
}

function isWord(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** Each connection has a process of its own. */
function keyOf(entry: Entry): string {
  return entry.pid === "" ? "" : `sendmail:${entry.host}:${entry.pid}`;
}

function attempt(entry: Entry, at: Millis, outcome: "success" | "failure", account: string, address: string): Evidence {
  const result = evidence(at, outcome, account, address, "submission");
  result.key = keyOf(entry);
  return result;
}

/** The address in "mail.example.com [192.0.2.1] (may be forged)"; undefined where it was cut off. */
function addressIn(text: string, from: number): string | undefined {
  const open = text.indexOf("[", from);
  const close = open < 0 ? -1 : text.indexOf("]", open);
  if (close <= open + 1) return undefined;
  const address = text.slice(open + 1, close);
  return address.startsWith("IPv6:") ? address.slice(5) : address;
}

/**
 * "AUTH failure (LOGIN): authentication failure (-13) SASL(-13): authentication failure: why, user=bob,
 * relay=[192.0.2.1]".
 */
function failure(entry: Entry, from: number, at: Millis): Reading {
  const { text } = entry;
  const relay = text.lastIndexOf(", relay=");
  const address = relay < from ? undefined : addressIn(text, relay);
  if (address === undefined) return malformed("no relay= field with an [address]");
  const methodEnd = text.indexOf("): ", from);
  const user = text.indexOf(", user=", from);
  const sasl = text.indexOf("SASL(", from);
  const detailEnd = user < 0 || user > relay ? relay : user;
  const detail = sasl < 0 || sasl > detailEnd ? "" : text.slice(sasl, detailEnd);
  const code = codeIn(text.slice(from, detailEnd)) || saslCode(detail);
  if (isSaslTalk(code)) return ignored;
  const account = detailEnd === user ? text.slice(user + 7, relay) : saslUser(detail);
  const result = attempt(entry, at, "failure", account, address);
  result.reason = saslReason(code, detail);
  result.channel = methodEnd < 0 ? "" : method(text.slice(from, methodEnd));
  return result;
}

/** The code that Sendmail puts behind the words of the error: "user not found (-20)". */
function codeIn(words: string): string {
  return /^[^()]{0,40}\): [a-z /]{1,60} \((-?\d{1,3})\)/.exec(words)?.[1] ?? "";
}

/** A client that tries PLAIN and then LOGIN has tried once. */
function method(typed: string): string {
  return /^[A-Za-z0-9_-]{1,20}$/.test(typed) ? typed.toUpperCase() : "other";
}

/** "AUTH=server, relay=mail.example.com [192.0.2.1], authid=bob, mech=PLAIN, bits=0". */
function success(entry: Entry, from: number, at: Millis): Reading {
  const { text } = entry;
  const user = text.indexOf(", authid=", from);
  const mech = text.lastIndexOf(", mech=");
  const address = user < 0 ? undefined : addressIn(text.slice(0, user), from);
  if (address === undefined) return malformed("no relay= field with an [address]");
  const account = text.slice(user + 9, mech < user ? text.length : mech);
  const result = attempt(entry, at, "success", account, address);
  result.channel = "AUTH";
  return result;
}

/** CRAM-MD5, LOGIN and PLAIN, one after the other, is as much as clients do for one password. */
const MECHANISMS_MAX = 3;

/** "mail.example.com [192.0.2.1] (may be forged): possible SMTP attack: command=AUTH, count=5", and nothing else. */
const attackShape = new RegExp(
  /^(?:[\w.-]{1,255} )?\[(?:IPv6:)?([0-9A-Fa-f:.]{2,45})\](?: \(may be forged\))?/.source +
    /: possible SMTP attack: command=AUTH, count=(\d{1,4})$/.source,
);

function tooMany(entry: Entry, from: number, at: Millis): Reading {
  const found = attackShape.exec(entry.text.slice(from));
  // A line that only quotes these words.
  if (found === null) return ignored;
  const result = attempt(entry, at, "failure", "", found[1] ?? "");
  result.count = Math.max(1, Math.ceil(Number(found[2]) / MECHANISMS_MAX));
  result.reason = "other";
  result.channel = "count";
  return result;
}
