/**
 * Cyrus IMAP: what imapd, pop3d, timsieved, httpd and nntpd log of sign-ins, "login: " and "badlogin: " up to 3.12 and
 * the logfmt events "login.good" and "login.bad" after that. Every line is one attempt.
 *
 * The client's name and address come first, before anything that the client typed, and the name is one that the
 * resolver let through, so that the first "[" opens the address. In logfmt the address comes first too, and values are
 * quoted.
 *
 * Where the failure came through SASL, versions before 3 do not say whose account it was.
 */
import type { Millis } from "#/platform/units.ts";
import type { Reason, Service } from "#/signin/signin.ts";
import { type Entry, type Reading, type Source, evidence, foreign, ignored, malformed } from "#/sources/source.ts";
import { logfmtFields } from "./logfmt.ts";
import { isSaslTalk, saslCode, saslReason, saslUser } from "./sasl-words.ts";

/** A host name of the DNS and an address with a zone. */
const CLIENT_LENGTH_MAX = 400;

/** Other IMAP servers call their programs so too: what is not Cyrus's there is left to them. */
const shared = new Set(["imapd", "pop3d", "imap", "pop3", "http", "https"]);

/** Programs to which other servers sign in, and nobody else. */
const internal = /^cyrus\/(?:lmtp|sync|mupdate|backup)/;

export const cyrus: Source = {
  id: "cyrus",
  title: "Cyrus IMAP",
  programs: [
    "cyrus/*",
    "cyrus-imapd",
    "imap",
    "imaps",
    "imapd",
    "pop3",
    "pop3s",
    "pop3d",
    "sieve",
    "timsieved",
    "nntp",
    "nntps",
    "http",
    "https",
  ],
  message(entry: Entry): Reading {
    const { text, at } = entry;
    if (at === undefined || internal.test(entry.program)) return ignored;
    if (text.startsWith("badlogin: ")) return failure(text, at, serviceOf(entry.program));
    if (text.startsWith("login: ")) return success(text, at, serviceOf(entry.program));
    if (text.startsWith("event=login.")) return structured(text, at, serviceOf(entry.program));
    return shared.has(entry.program) ? foreign : ignored;
  },
};

function serviceOf(program: string): Service {
  const name = program.startsWith("cyrus/") ? program.slice(6) : program;
  if (name.startsWith("imap")) return "imap";
  if (name.startsWith("pop3")) return "pop3";
  if (name.startsWith("sieve") || name.startsWith("timsieve")) return "managesieve";
  return name.startsWith("http") ? "web" : "mail";
}

type Client = { readonly address: string; /** Where what follows the client begins. */ readonly end: number };

/** Reads "mail.example.com [192.0.2.1] ", "[192.0.2.1] " or "mail[192.0.2.1] ". */
function clientAt(text: string, from: number): Client | undefined {
  const open = text.indexOf("[", from);
  if (open < 0 || open - from > CLIENT_LENGTH_MAX) return undefined;
  // Nothing but one name stands before it.
  const space = text.indexOf(" ", from);
  if (space >= 0 && space < open - 1) return undefined;
  const close = text.indexOf("]", open);
  if (close < 0 || close === open + 1 || close - open > 64) return undefined;
  const address = text.slice(open + 1, close);
  // "[local]" came through a socket of this machine.
  return { address: address === "local" ? "" : address, end: close + 2 };
}

/** "badlogin: mail.example.com [192.0.2.1] plaintext (bob) [SASL(-13): authentication failure: checkpass failed]". */
function failure(text: string, at: Millis, service: Service): Reading {
  const client = clientAt(text, 10);
  if (client === undefined) return malformed("no [address] after the client's name");
  const methodEnd = text.indexOf(" ", client.end);
  const rest = methodEnd < 0 ? text.length : methodEnd + 1;
  const detailAt = detailFrom(text, rest);
  const detail = text.slice(detailAt);
  if (isNoAttempt(detail)) return ignored;
  const method = text.slice(client.end, methodEnd < 0 ? text.length : methodEnd);
  const account = accountIn(text, rest, detailAt, method.toLowerCase()) || saslUser(detail);
  const result = evidence(at, "failure", account, client.address, service);
  result.reason = reasonFor(detail);
  return result;
}

/** Where the reason begins that Cyrus or SASL gives: the last one in the line, for a name may look like one. */
function detailFrom(text: string, from: number): number {
  // SASL repeats the name where it finds no such user, and then what looks like a reason further on is the name's.
  const unknown = text.lastIndexOf("SASL(-13): user not found: user: ");
  const sasl = unknown >= from ? unknown : text.lastIndexOf("SASL(");
  if (sasl >= from) return text.charCodeAt(sasl - 1) === 91 ? sasl - 1 : sasl;
  const bracket = text.lastIndexOf(" [");
  if (bracket >= from - 1 && text.endsWith("]")) return bracket + 1;
  for (const words of ["invalid user", "access denied", "authentication failure", "login refused"]) {
    if (text.endsWith(words) && text.length - words.length >= from) return text.length - words.length;
  }
  return text.length;
}

/** The account between the method and the reason: "(bob) " since Cyrus 3, "bob " before. */
function accountIn(text: string, from: number, to: number, method: string): string {
  // With APOP what stands in parentheses is the challenge.
  if (method === "apop" || method === "kpop" || method === "anonymous") return "";
  const given = text.slice(from, to).trimEnd();
  const name = given.startsWith("(") && given.endsWith(")") ? given.slice(1, -1) : given;
  return name === "(null)" || name === "-notset-" ? "" : name;
}

function isNoAttempt(detail: string): boolean {
  return detail.startsWith("login refused") || isSaslTalk(saslCode(detail));
}

function reasonFor(detail: string): Reason {
  if (detail.startsWith("invalid user")) return "unknown-account";
  if (detail.startsWith("access denied")) return "policy";
  return saslReason(saslCode(detail), detail);
}

/** "login: mail.example.com [192.0.2.1] bob plaintext+TLS User logged in SESSIONID=<...>". */
function success(text: string, at: Millis, service: Service): Reading {
  const client = clientAt(text, 7);
  if (client === undefined) return malformed("no [address] after the client's name");
  if (text.startsWith("anonymous ", client.end)) {
    return evidence(at, "success", "anonymous", client.address, service);
  }
  const said = text.lastIndexOf(" User logged in");
  const nameAndMethod = text.slice(client.end, said < client.end ? text.length : said).trimEnd();
  // The name is the server's own form of it; the mechanism is one word.
  const space = nameAndMethod.lastIndexOf(" ");
  const account = space < 0 ? nameAndMethod : nameAndMethod.slice(0, space);
  return account === "" ? malformed("no account") : evidence(at, "success", account, client.address, service);
}

/** "event=login.bad r.clienthost="mail.example.com [192.0.2.1]" u.username=bob login.mech=PLAIN error="..."". */
function structured(text: string, at: Millis, service: Service): Reading {
  const fields = logfmtFields(text);
  const event = fields.get("event");
  if (event !== "login.bad" && event !== "login.good") return ignored;
  const host = fields.get("r.clienthost") ?? "";
  const address = host.includes("[") ? clientAt(host, 0)?.address : host;
  if (address === undefined || host === "") return malformed("no r.clienthost field");
  const given = fields.get("u.username") ?? "";
  const account = given === "~null~" ? "" : given;
  if (event === "login.good") {
    const name = fields.get("login.anonymous") === "1" ? "anonymous" : account;
    return evidence(at, "success", name, address, service);
  }
  const detail = fields.get("error") ?? "";
  if (isNoAttempt(detail)) return ignored;
  const result = evidence(at, "failure", account, address, service);
  result.reason = reasonFor(detail);
  return result;
}
