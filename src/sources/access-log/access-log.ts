/**
 * Access logs of nginx, Apache, lighttpd, Caddy and whoever else writes the common or combined format, with or without
 * the virtual host before it: refused names (401, 403), answers to sign-in forms, and successes where an answer proves
 * one.
 *
 * It does not know the account behind a sign-in form (it is not in the log), and takes a 401 without a name for what it
 * is: the server's question, not the client's attempt.
 */
import { type LocalTime, webTime } from "#/sources/local-time.ts";
import { isAddress, isHost, withoutPort } from "#/sources/address-text.ts";
import {
  type Context,
  type Entry,
  type Evidence,
  type Reading,
  type Source,
  evidence,
  foreign,
  ignored,
  malformed,
} from "#/sources/source.ts";
import type { Millis } from "#/platform/units.ts";
import type { Reason, Service } from "#/signin/signin.ts";
import { closingQuote, unescaped } from "./log-text.ts";
import { authenticatedService, signInPath } from "./sign-in-paths.ts";

export const accessLog: Source = {
  id: "access-log",
  title: "Web server access log (common, combined, with virtual host)",
  programs: [],
  line: (entry: Entry, context: Context): Reading => readAccess(entry.text, entry.at, context.time),
};

/**
 * The key under which a web server's access log and error log tell of the same attempts. It begins with no source's id
 * because the two are read by different sources.
 */
export const httpKey = (address: string, account: string): string =>
  address === "" || account === "" ? "" : `http:${address}:${account}`;

/** Reads `192.0.2.1 - name [22/Jan/2026:10:00:00 +0100] "GET / HTTP/1.1" 401 17 "-" "browser"`. */
export function readAccess(text: string, wrapperAt: Millis | undefined, time: LocalTime): Reading {
  // A name cannot shift this: the quote in it would be escaped.
  const close = text.indexOf('] "');
  if (close < 24) return foreign;
  const open = text.lastIndexOf(" [", close);
  if (open < 0 || text.charCodeAt(open + 4) !== 47 || text.charCodeAt(open + 8) !== 47) return foreign;
  const from = close + 3;
  const end = closingQuote(text, from);
  const status = end < 0 ? -1 : statusAt(text, end + 1);
  if (status < 0) return foreign;
  const named = !(text.charCodeAt(open - 1) === 45 && text.charCodeAt(open - 2) === 32);
  const posted = text.startsWith("POST ", from);
  if (!named && !posted) return ignored;
  const result = judge(text, from, end, status, named, posted);
  if (result === undefined) return ignored;
  const at = wrapperAt ?? webTime(text.slice(open + 2, close), time);
  if (at === undefined) return malformed("no readable time");
  const who = clientAndName(text.slice(0, open));
  // Most likely a wrapper stands before the line, and whoever takes it off will ask again.
  if (who === undefined) return foreign;
  if (who.address === "") return malformed("no client address");
  const account = named ? unescaped(who.name) : "";
  const found = evidence(at, result.reason === "" ? "success" : "failure", account, who.address, result.service);
  found.reason = result.reason;
  found.server = who.virtualHost;
  found.client = userAgent(text, end + 1);
  if (status === 401) witness(found);
  return found;
}

/** The error log may tell the same attempt, and better. */
function witness(found: Evidence): void {
  found.key = httpKey(found.address, found.account);
  found.channel = "access";
  found.hold = found.key !== "";
}

type Result = { readonly reason: Reason | ""; readonly service: Service };

function judge(
  text: string,
  from: number,
  end: number,
  status: number,
  named: boolean,
  posted: boolean,
): Result | undefined {
  const target = targetOf(text, from, end);
  const path = posted ? signInPath(target) : undefined;
  const basic = named ? authenticatedService(target) : undefined;
  const service = basic ?? path?.service ?? "web";
  if (named && status === 401) return { reason: "bad-password", service };
  if (named && status === 403) return { reason: "policy", service };
  if (basic !== undefined && status >= 200 && status < 300 && !text.startsWith("OPTIONS ", from)) {
    return { reason: "", service };
  }
  if (path === undefined) return undefined;
  const reason = formReason(status, path.success, path.failure);
  return reason === undefined ? undefined : { reason, service };
}

/** What the answer to a posted sign-in form says; undefined where it says nothing. */
export function formReason(status: number, success: number, failure: number): Reason | "" | undefined {
  switch (status) {
    case 401:
    case 403:
      return "bad-password";
    case 423:
      return "locked";
    case 429:
      return "policy";
    case 500:
    case 502:
    case 503:
    case 504:
      return "fault";
    default:
      if (status === success || (success === 302 && status === 303)) return "";
      return status === failure ? "bad-password" : undefined;
  }
}

/** The second word of the request line. */
function targetOf(text: string, from: number, end: number): string {
  const blank = text.indexOf(" ", from);
  if (blank < 0 || blank > end) return "";
  const next = text.indexOf(" ", blank + 1);
  return text.slice(blank + 1, next < 0 || next > end ? end : next);
}

/** The status in ` 401 17`, -1 where none stands there or the size after it is no plain number. */
function statusAt(text: string, from: number): number {
  if (text.charCodeAt(from) !== 32 || !isDigit(text, from + 1) || text.charCodeAt(from + 4) !== 32) return -1;
  const status = Number(text.slice(from + 1, from + 4));
  let at = from + 5;
  if (text.charCodeAt(at) === 45) at += 1;
  else while (isDigit(text, at)) at += 1;
  const sizeEnds = at === text.length || text.charCodeAt(at) === 32;
  return status >= 100 && status <= 599 && at > from + 5 && sizeEnds ? status : -1;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

type Who = { readonly virtualHost: string; readonly address: string; readonly name: string };

/**
 * Reads "192.0.2.1 - name" or "host.example:443 192.0.2.1 - name"; names may hold blanks. A list of forwarders, as some
 * put it in the address's place, begins with what the client typed: then the address is "".
 */
function clientAndName(head: string): Who | undefined {
  const first = head.indexOf(" ");
  const second = head.indexOf(" ", first + 1);
  if (first < 0 || second < 0) return undefined;
  const token = head.slice(0, first);
  if (token.endsWith(",")) return { virtualHost: "", address: "", name: "" };
  const next = head.slice(first + 1, second);
  const hasHost = !isAddress(token) && isAddress(next);
  const address = hasHost ? next : token;
  const identAt = hasHost ? head.indexOf(" ", second + 1) : second;
  const isClient = isAddress(address) || (isHost(address) && address.includes("."));
  if (identAt < 0 || !isClient) return undefined;
  return { virtualHost: hasHost ? withoutPort(token) : "", address, name: head.slice(identAt + 1) };
}

/** The second quoted field after the request; "" where the log has none. */
function userAgent(text: string, from: number): string {
  const refererAt = text.indexOf('"', from);
  const refererEnd = refererAt < 0 ? -1 : closingQuote(text, refererAt + 1);
  if (refererEnd < 0 || !text.startsWith(' "', refererEnd + 1)) return "";
  const end = closingQuote(text, refererEnd + 3);
  const agent = end < 0 ? "" : unescaped(text.slice(refererEnd + 3, end));
  return agent === "-" ? "" : agent;
}
