/**
 * Exim's main log and the same by syslog: authenticators that failed, the messages of those who signed in, and sessions
 * that signed in and sent nothing (log_selector smtp_no_mail).
 *
 * What the client calls itself (HELO) stands in parentheses before its address; Exim lets only letters, digits and few
 * signs through unless told otherwise. The account, which the client may choose freely, stands last.
 */
import { isoTime } from "#/sources/local-time.ts";
import type { Millis } from "#/platform/units.ts";
import {
  type Context,
  type Entry,
  type Evidence,
  type Reading,
  type Source,
  ended,
  evidence,
  foreign,
  ignored,
  malformed,
} from "#/sources/source.ts";
import { type Client, clientAt } from "./client.ts";

const SPACE = 32;
const DASH = 45;
const BRACKET = 91;
const QUOTE = 34;
const BACKSLASH = 92;

export const exim: Source = {
  id: "exim",
  title: "Exim",
  programs: ["exim", "exim4"],
  message(entry: Entry): Reading {
    if (entry.at === undefined) return ignored;
    const stamp = stampEnd(entry.text, 0);
    return readLine(entry.text, stamp < 0 ? 0 : stamp, { at: entry.at, host: entry.host, pid: entry.pid });
  },
  line(entry: Entry, context: Context): Reading {
    const { text } = entry;
    const first = stampEnd(text, 0);
    // "2019-10-22 03:39:17 mx1.example.org exim[29786]: ..." or, from a journal without times, the other way round.
    const program = programEnd(text, Math.max(first, 0));
    const end = first < 0 && program > 0 ? stampEnd(text, program) : first;
    if (end < 0 && entry.at === undefined) return foreign;
    const begin = Math.max(program, end, 0);
    if (!isExim(text, begin)) return foreign;
    const at = entry.at ?? isoTime(stampText(text, first < 0 ? program : 0, end), context.time);
    if (at === undefined) return malformed("no readable time");
    return readLine(text, begin, { at, host: entry.host, pid: entry.pid });
  },
};

type Where = { readonly at: Millis; readonly host: string; readonly pid: string };

/**
 * Past "2026-11-20 08:00:00 ", with a fraction and a zone where the operator has them; -1 where no time begins at
 * `from`.
 */
function stampEnd(text: string, from: number): number {
  if (text.charCodeAt(from + 4) !== DASH || text.charCodeAt(from + 10) !== SPACE || text.charCodeAt(from + 13) !== 58) {
    return -1;
  }
  let end = text.indexOf(" ", from + 19);
  if (end < 0 || end > from + 24) return -1;
  const sign = text.charCodeAt(end + 1);
  if ((sign === 43 || sign === DASH) && text.charCodeAt(end + 6) === SPACE) end += 6;
  return end + 1;
}

/** The time without the blanks around it and before its zone. */
function stampText(text: string, from: number, end: number): string {
  return text
    .slice(from, end)
    .trimEnd()
    .replace(/ (?=[+-])/, "");
}

/** Past "mail.example.com exim[3751842]: " or "exim[8003]: " at `from`; 0 where that does not stand there. */
function programEnd(text: string, from: number): number {
  const program = text.indexOf("exim[", from);
  if (program < 0 || program - from > 80) return 0;
  const close = text.indexOf("]: ", program);
  if (close < 0 || close - program > 16) return 0;
  // Nothing but names of a host and a facility stand before it.
  for (let at = from; at < program; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BRACKET || code === 40 || code === 61) return 0;
  }
  return close + 3;
}

/** Whether Exim wrote what begins at `from`: a message's line, or one that begins as Exim's lines do. */
function isExim(text: string, from: number): boolean {
  const begin = pidEnd(text, from);
  if (messageIdEnd(text, begin) > 0) return true;
  const space = text.indexOf(" ", begin);
  if (space > 0 && text.startsWith(" authenticator failed for ", space)) return true;
  return beginnings.some((words) => text.startsWith(words, begin));
}

const beginnings = [
  "H=",
  "SMTP ",
  "no MAIL in ",
  "no host name found for IP address ",
  "no IP address found for host ",
  "Start queue run: ",
  "End queue run: ",
  "TLS error on connection from ",
  "unexpected disconnection while reading SMTP command from ",
  "rejected ",
  "exim ",
] as const;

/** Past "[1234] ". */
function pidEnd(text: string, from: number): number {
  if (text.charCodeAt(from) !== BRACKET) return from;
  const close = text.indexOf("] ", from);
  return close < 0 || close - from > 12 ? from : close + 2;
}

/** Past "1tDxyz-0001AB-CD " (or the longer form since 4.97); 0 where no message id stands at `from`. */
function messageIdEnd(text: string, from: number): number {
  if (text.charCodeAt(from + 6) !== DASH) return 0;
  if (text.charCodeAt(from + 13) === DASH && text.charCodeAt(from + 16) === SPACE) return from + 17;
  return text.charCodeAt(from + 18) === DASH && text.charCodeAt(from + 23) === SPACE ? from + 24 : 0;
}

/** Reads a line from after the time. */
function readLine(text: string, from: number, where: Where): Reading {
  const begin = pidEnd(text, from);
  const pid = begin > from ? text.slice(from + 1, begin - 2) : where.pid;
  const origin = pid === where.pid ? where : { ...where, pid };
  const afterId = messageIdEnd(text, begin);
  if (afterId > 0) return text.startsWith("<= ", afterId) ? received(text, begin, afterId + 3, origin) : ignored;
  switch (text.charCodeAt(begin)) {
    case 110: // n
      if (text.startsWith("no MAIL in SMTP connection from ", begin)) return withoutMail(text, begin + 32, origin);
      break;
    case 83: // S
      if (text.startsWith("SMTP connection from ", begin)) return closed(text, begin + 21, origin);
      break;
    default:
      break;
  }
  const space = text.indexOf(" ", begin);
  return space > begin && text.startsWith(" authenticator failed for ", space)
    ? failed(text, begin, space, origin)
    : ignored;
}

/** "dovecot_login authenticator failed for (User) [192.0.2.1]:4711: 535 Incorrect authentication data (set_id=bob)". */
function failed(text: string, nameFrom: number, nameEnd: number, where: Where): Reading {
  const client = clientAt(text, nameEnd + 26, true);
  if (client === undefined) return malformed("no [address] of the client");
  const code = text.slice(client.end, client.end + 3);
  // The client gave up, or spoke no SASL: nobody's password was tried.
  if (code === "501" || code === "503" || code === "504" || code === "553") return ignored;
  const idAt = text.indexOf(" (set_id=", client.end);
  const idEnd = idAt < 0 ? -1 : code.startsWith("4") ? text.indexOf(")", idAt) : text.lastIndexOf(")");
  const account = idEnd < idAt + 9 ? "" : text.slice(idAt + 9, idEnd);
  const result = attempt("failure", account, client, where);
  // "435 Unable to authenticate at present".
  if (code.startsWith("4")) result.reason = "fault";
  // A client that tries PLAIN and then LOGIN has tried once.
  result.channel = text.slice(nameFrom, nameEnd);
  return result;
}

function attempt(outcome: "success" | "failure", account: string, client: Client, where: Where): Evidence {
  const result = evidence(where.at, outcome, account, client.address, "submission");
  result.key = connectionKey(client, where);
  return result;
}

/** What tells one connection from another, as far as the log says: the client's port, or Exim's process. */
function connectionKey(client: Client, where: Where): string {
  if (client.port !== "") return `exim:${client.address}:${client.port}`;
  return where.pid === "" ? "" : `exim:${where.host}:${where.pid}:${client.address}`;
}

/**
 * "1tDxyz-0001AB-CD <= bob@example.com H=laptop (helo) [192.0.2.1]:4711 P=esmtpsa X=... A=login:bob S=1234 id=...".
 * Only the protocol with an "a" says that the sender signed in; what stands after it may come from the client's
 * certificate.
 */
function received(text: string, idFrom: number, senderFrom: number, where: Where): Reading {
  const hostAt = hostField(text, senderFrom);
  if (hostAt < 0) return ignored;
  const client = clientAt(text, hostAt, false);
  if (client === undefined || !isAuthenticated(text, client.end)) return ignored;
  const authenticator = text.indexOf(" A=", client.end);
  if (authenticator < 0) return ignored;
  const result = attempt("success", accountAt(text, authenticator + 3), client, where);
  // All messages of one connection come from one sign-in.
  result.channel = result.key === "" ? "" : text.slice(idFrom, senderFrom - 4);
  return result;
}

/**
 * Where the client begins after the sender's address, which may be quoted, and after "R=..."; -1 if it does not come by
 * SMTP.
 */
function hostField(text: string, from: number): number {
  let at = from;
  let quoted = false;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) quoted = !quoted;
    else if (code === SPACE && !quoted) break;
  }
  if (text.startsWith(" R=", at)) at = text.indexOf(" ", at + 3);
  return at >= 0 && text.startsWith(" H=", at) ? at + 3 : -1;
}

/** "P=esmtpsa" must stand next; behind a "U=", which the client's ident server writes, nothing is believed. */
function isAuthenticated(text: string, from: number): boolean {
  if (!text.startsWith("P=", from)) return false;
  const end = text.indexOf(" ", from);
  return /^P=(?:e?smtps?a|u?utf8e?smtps?a|asmtp)$/.test(text.slice(from, end < 0 ? text.length : end));
}

/** "login:bob@example.com S=1234": the account after the authenticator's name. */
function accountAt(text: string, from: number): string {
  const end = text.indexOf(" ", from);
  const field = text.slice(from, end < 0 ? text.length : end);
  const colon = field.indexOf(":");
  return colon < 0 ? "" : field.slice(colon + 1);
}

/** "no MAIL in SMTP connection from (User) [192.0.2.1]:4711 D=0.3s A=login:bob X=... C=EHLO,AUTH,QUIT". */
function withoutMail(text: string, from: number, where: Where): Reading {
  const client = clientAt(text, from, false);
  if (client === undefined || !text.startsWith("D=", client.end)) return ignored;
  const authenticator = text.indexOf(" ", client.end);
  if (authenticator < 0 || !text.startsWith(" A=", authenticator)) return ignored;
  const result = attempt("success", accountAt(text, authenticator + 3), client, where);
  result.channel = result.key === "" ? "" : "no-mail";
  result.ends = result.key !== "";
  return result;
}

/** "SMTP connection from (User) [192.0.2.1]:4711 closed by QUIT". */
function closed(text: string, from: number, where: Where): Reading {
  const client = clientAt(text, from, false);
  if (client === undefined) return ignored;
  if (!text.startsWith("closed by ", client.end) && !text.startsWith("lost", client.end)) return ignored;
  const key = connectionKey(client, where);
  return key === "" ? ignored : ended(key);
}
