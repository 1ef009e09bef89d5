/**
 * What imap-login, pop3-login, submission-login and managesieve-login write: one line when a session has signed in, and
 * one at the end of a connection that has not, with the number of attempts in it. (Failures before a success on one
 * connection stand in the lines of auth alone: see auth-lines.ts.)
 *
 * The name in "user=<...>" is the client's, unescaped: it may hold ">, rip=192.0.2.66, ". But it is cut at
 * `NAME_LENGTH_MAX`, and what may follow it is known, so that the address of the server's own writing can be told.
 */
import type { Millis } from "#/platform/units.ts";
import type { Reason, Service } from "#/signin/signin.ts";
import { type Evidence, type Reading, ended, evidence, ignored, malformed } from "#/sources/source.ts";
import { DEBUG, afterLevel } from "./levels.ts";

const LESS = 60;
const COMMA = 44;
const PAREN = 41;

/** Dovecot cuts names at 80 bytes, "..." included or, in some versions, not. */
const NAME_LENGTH_MAX = 83;
/** And names of mechanisms at 64. */
const METHOD_LENGTH_MAX = 64;
/** No address is longer, zone included. */
export const ADDRESS_LENGTH_MAX = 64;
/** A longer number of attempts is read as this: one connection does not make so many. */
const COUNT_MAX = 10_000;

/** The service of a "...-login" process. */
export function loginService(process: string): Service {
  if (process.startsWith("imap")) return "imap";
  if (process.startsWith("pop3")) return "pop3";
  if (process.startsWith("submission")) return "submission";
  return process.startsWith("managesieve") || process.startsWith("sieve") ? "managesieve" : "mail";
}

/** Reads the line of a login process from after "imap-login: " on. */
export function readLogin(text: string, begin: number, at: Millis, service: Service): Reading {
  const from = afterLevel(text, begin);
  if (from > begin && text.charCodeAt(begin) === DEBUG) return ignored;
  switch (text.charCodeAt(from)) {
    case 76: // L
      if (text.startsWith("Login: ", from)) return success(text, from + 7, at, service);
      if (text.startsWith("Logged in: ", from)) return success(text, from + 11, at, service);
      // "Login failed: Plaintext authentication disabled": the line at the end of the connection counts it.
      return text.startsWith("Login aborted", from) ? closing(text, from, at, service) : ignored;
    case 112: // p
      return text.startsWith("proxy(", from) ? proxied(text, from, at, service) : ignored;
    case 73: // I
      // "ID sent: ..." repeats what the client said of itself, in its own words.
      return text.startsWith("ID ", from) ? ignored : closing(text, from, at, service);
    default:
      return closing(text, from, at, service);
  }
}

function success(text: string, from: number, at: Millis, service: Service): Reading {
  const found = elements(text, from);
  if (found === undefined) return malformed("no rip= field");
  return login(found, at, "success", service);
}

function login(found: Elements, at: Millis, outcome: "success" | "failure", service: Service): Evidence {
  const reading = evidence(at, outcome, found.account, found.address, service);
  reading.key = sessionKey(found.session, found.address, found.account);
  reading.channel = "login";
  // Without a session id (before Dovecot 2.1) the key is the caller's, and lasts.
  reading.ends = found.session !== "";
  return reading;
}

/** What the lines of one attempt have in common: the session or, where there is none, who and from where. */
export function sessionKey(session: string, address: string, account: string): string {
  return session === "" ? `dovecot::${address}:${account}` : `dovecot:${session}`;
}

/**
 * "proxy(bob,10.0.0.5:143): Started proxying to ...: user=<bob>, ..." or "...: Login failed to ...: why: user=<bob>,
 * ...".
 */
function proxied(text: string, from: number, at: Millis, service: Service): Reading {
  // The name before is not cut, and may hold anything: only what stands last is the server's.
  const elementsAt = text.lastIndexOf(": user=<");
  if (elementsAt < from) return ignored;
  const started = Math.max(
    text.lastIndexOf("): started proxying to", elementsAt),
    text.lastIndexOf("): Started proxying to", elementsAt),
  );
  const failed = text.lastIndexOf("): Login failed", elementsAt);
  if (started < 0 && failed < 0) return ignored;
  const found = elements(text, elementsAt + 2);
  if (found === undefined) return malformed("no rip= field");
  if (failed < 0) return login(found, at, "success", service);
  const reading = login(found, at, "failure", service);
  reading.channel = "proxy";
  reading.ends = false;
  return reading;
}

/**
 * A connection that ends without a session: "Disconnected: Inactivity (auth failed, 1 attempts in 178 secs):
 * user=<...".
 */
function closing(text: string, from: number, at: Millis, service: Service): Reading {
  const elementsAt = elementsStart(text, from);
  if (elementsAt < 0)
    return text.includes("(auth failed, ", from) ? malformed("no user=, method= or rip= field") : ignored;
  const close = text.lastIndexOf("): ", elementsAt);
  if (close < from) return ignored;
  const verdict = verdictOf(text, from, close);
  if (verdict === undefined) {
    const sessionOnly = session(text, elementsAt);
    return sessionOnly === "" ? ignored : ended(sessionKey(sessionOnly, "", ""));
  }
  const found = elements(text, elementsAt);
  if (found === undefined) return malformed("no rip= field");
  const reading = login(found, at, "failure", service);
  // Dovecot calls it an internal failure, too, where one client opened more connections than it may.
  const tooMany = verdict.reason === "fault" && text.slice(from, close).includes("Maximum number of connections");
  reading.reason = tooMany ? "policy" : verdict.reason;
  reading.count = verdict.count;
  return reading;
}

type Verdict = { readonly reason: Reason; readonly count: number };

/**
 * Judges the group in parentheses that ends at `close`: the whole truth in 2.3; in 2.4 it may be followed by
 * "(auth_failed)".
 */
function verdictOf(text: string, from: number, close: number): Verdict | undefined {
  let open = text.lastIndexOf("(", close);
  if (open < from) return undefined;
  let end = close;
  if (open > from + 2 && text.charCodeAt(open - 2) === PAREN && isCode(text, open + 1, close)) {
    end = open - 2;
    // A reason in the words of another server may hold parentheses itself.
    const proxy = text.startsWith("proxy_dest_", open + 1) ? text.lastIndexOf("(proxy dest ", end) : -1;
    const failed = text.startsWith("auth_failed)", open + 1) ? text.lastIndexOf("(auth failed, ", end) : -1;
    open = proxy >= from ? proxy : failed >= from ? failed : text.lastIndexOf("(", end);
    if (open < from) return undefined;
  }
  return judge(text, open + 1, end);
}

/** A reason in one word, as Dovecot 2.4 adds it. */
function isCode(text: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (!((code >= 97 && code <= 122) || code === 95)) return false;
  }
  return to > from;
}

/** Undefined where nobody was refused: no attempt, or one that the client did not finish. */
function judge(text: string, from: number, to: number): Verdict | undefined {
  if (text.startsWith("auth failed", from)) return counted(text, from, to, "bad-password");
  if (text.startsWith("no auth attempts", from)) return undefined;
  for (const [words, reason] of refusals) if (text.startsWith(words, from)) return counted(text, from, to, reason);
  for (const words of unfinished) {
    if (!text.startsWith(words, from)) continue;
    // "auth aborted by client, 3 attempts": the last one is the aborted one.
    const attempts = number(text, text.indexOf(", ", from) + 2, to);
    return attempts > 1 ? { reason: "bad-password", count: attempts - 1 } : undefined;
  }
  return undefined;
}

/** Longest words first where one begins another. */
const refusals: readonly (readonly [string, Reason])[] = [
  ["tried to use disallowed ", "policy"],
  ["tried to use disabled ", "policy"],
  ["user disabled", "disabled"],
  ["login disabled", "disabled"],
  ["password expired", "expired"],
  ["authorization failed", "policy"],
  ["anonymous logins disabled", "policy"],
  ["connection limit reached", "policy"],
  ["credentials contain control characters", "bad-password"],
  ["auth service reported temporary failure", "fault"],
  ["auth process communication failure", "fault"],
  ["internal failure", "fault"],
  ["proxy dest auth failed", "bad-password"],
  ["proxy dest authentication failure", "bad-password"],
  ["proxy dest connection limit reached", "policy"],
  ["proxy dest ", "fault"],
];

const unfinished = ["auth aborted by client, ", "client didn't finish SASL auth, "] as const;

/** With ", 3 attempts" or, where the password was right and something else in the way, ", 1/3 successful auths". */
function counted(text: string, from: number, to: number, reason: Reason): Verdict {
  const comma = text.indexOf(", ", from);
  if (comma < 0 || comma >= to) return { reason, count: 1 };
  const first = number(text, comma + 2, to);
  const slash = text.indexOf("/", comma);
  if (slash > comma && slash < to && text.startsWith(" successful auths", slash + digits(text, slash + 1, to) + 1)) {
    const wrong = number(text, slash + 1, to) - first;
    return wrong > 0 ? { reason: "bad-password", count: wrong } : { reason, count: Math.max(1, first) };
  }
  return { reason, count: Math.max(1, first) };
}

function digits(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at += 1;
  return at - from;
}

function number(text: string, from: number, to: number): number {
  const length = digits(text, from, to);
  return length > 5 ? COUNT_MAX : Math.min(COUNT_MAX, Number(text.slice(from, from + length)));
}

type Elements = { readonly account: string; readonly address: string; readonly session: string };

/** Where log_format's elements begin, for a line in which nothing of the client's stands before them; -1 if nowhere. */
function elementsStart(text: string, from: number): number {
  const user = text.indexOf("user=<", from);
  if (user >= 0) return user;
  const method = text.indexOf(": method=", from);
  if (method >= 0) return method + 2;
  const rip = text.indexOf(": rip=", from);
  return rip >= 0 ? rip + 2 : -1;
}

/** Reads "user=<bob>, method=PLAIN, rip=192.0.2.1, lip=..., session=<...>"; undefined without an address. */
function elements(text: string, from: number): Elements | undefined {
  const user = text.indexOf("user=<", from);
  if (user < 0) return withoutUser(text, from);
  const nameFrom = user + 6;
  let nameEnd = -1;
  let ripFrom = -1;
  for (
    let close = text.indexOf(">", nameFrom);
    close >= 0 && close - nameFrom <= NAME_LENGTH_MAX;
    close = text.indexOf(">", close + 1)
  ) {
    const rip = ripAfter(text, close + 1);
    if (rip < 0) continue;
    nameEnd = close;
    ripFrom = rip;
  }
  if (nameEnd < 0) return reordered(text, from, nameFrom);
  const address = addressAt(text, ripFrom);
  if (address === "") return undefined;
  return { account: text.slice(nameFrom, nameEnd), address, session: session(text, ripFrom) };
}

/** Where the address begins if ", rip=" or ", method=X, rip=" stands at `at`; -1 if neither does. */
function ripAfter(text: string, at: number): number {
  if (text.charCodeAt(at) !== COMMA) return -1;
  if (text.startsWith(", rip=", at)) return at + 6;
  if (!text.startsWith(", method=", at)) return -1;
  const comma = text.indexOf(",", at + 9);
  return comma >= 0 && comma - at <= METHOD_LENGTH_MAX + 9 && text.startsWith(", rip=", comma) ? comma + 6 : -1;
}

function withoutUser(text: string, from: number): Elements | undefined {
  const rip = text.startsWith("rip=", from) ? from : text.indexOf(", rip=", from) + 2;
  if (rip < 2) return undefined;
  const address = addressAt(text, rip + 4);
  return address === "" ? undefined : { account: "", address, session: session(text, rip) };
}

/** The elements in another order of the operator's: the address before the name is safe, else the last one counts. */
function reordered(text: string, from: number, nameFrom: number): Elements | undefined {
  const before = text.lastIndexOf("rip=", nameFrom - 6);
  const ripAt = before > from - 200 && before > 1 && isBoundary(text, before) ? before : text.lastIndexOf(", rip=") + 2;
  if (ripAt < 2) return undefined;
  const address = addressAt(text, ripAt + 4);
  if (address === "") return undefined;
  const nameEnd = ripAt > nameFrom ? text.lastIndexOf(">", ripAt) : text.indexOf(">", nameFrom);
  const account = nameEnd < nameFrom ? "" : text.slice(nameFrom, Math.min(nameEnd, nameFrom + NAME_LENGTH_MAX));
  return { account, address, session: session(text, ripAt) };
}

function isBoundary(text: string, at: number): boolean {
  return text.charCodeAt(at - 1) === 32 && (text.charCodeAt(at - 2) === COMMA || text.charCodeAt(at - 2) === 58);
}

/** The session id of the server's own writing: the last one, for what a certificate says may stand before it. */
function session(text: string, from: number): string {
  const at = text.lastIndexOf("session=<");
  if (at < from || at < 2 || text.charCodeAt(at + 8) !== LESS) return "";
  const close = text.indexOf(">", at);
  return close < 0 ? "" : text.slice(at + 9, close);
}

/** The address that begins at `from`; "" where none does. */
export function addressAt(text: string, from: number): string {
  let at = from;
  while (at < text.length && isAddressCode(text.charCodeAt(at))) at += 1;
  const next = text.charCodeAt(at);
  if (at === from || at - from > ADDRESS_LENGTH_MAX || !(Number.isNaN(next) || next === COMMA || next === 32))
    return "";
  return text.slice(from, at);
}

/** Digits, letters a to f, ".", ":", and "%" with the letters of a zone. */
export function isAddressCode(code: number): boolean {
  return (
    (code >= 46 && code <= 58 && code !== 47) ||
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    code === 37
  );
}
