/**
 * The messages of nginx's error log that are about sign-ins. nginx writes names and headers there as they came, quotes
 * included, so both what stands before the client field (the name) and what stands after it (the Referer) can imitate
 * it; `clientOf` says which one nginx wrote, or that nobody can tell.
 */
import { isAddress } from "#/sources/address-text.ts";
import { httpKey } from "#/sources/access-log/access-log.ts";
import { type Malformed, type Reading, evidence, ignored, malformed } from "#/sources/source.ts";
import type { Millis } from "#/platform/units.ts";
import type { Reason, Service } from "#/signin/signin.ts";

/** Gives the line's time, or says why it cannot. */
type Clock = () => Millis | Malformed;

/** Reads the message that begins at `from`. */
export function readMessage(text: string, from: number, clock: Clock): Reading {
  switch (text.charCodeAt(from)) {
    case 117: // u
      return text.startsWith('user "', from) ? readBasic(text, from + 6, clock) : ignored;
    case 80: // P
      return text.startsWith("PAM: user '", from) ? readPam(text, from + 11, clock) : ignored;
    case 99: // c
      return text.startsWith("client log", from) ? readMail(text, from, clock) : ignored;
    case 97: // a
      return text.startsWith("auth http server ", from) ? readMailFault(text, from, clock) : ignored;
    case 104: // h
      return text.startsWith("http_auth_ldap: ", from) ? readLdap(text, from + 16, clock) : ignored;
    case 70: // F
      return text.startsWith(fastCgi, from) ? readApplication(text, from + fastCgi.length, clock) : ignored;
    default:
      return ignored;
  }
}

const fastCgi = 'FastCGI sent in stderr: "PHP message: Failed login for ';

const CLIENT = ", client: ";

/** A client field that may be nginx's own. */
type Candidate = {
  /** Where the words before it begin. */
  readonly wordsAt: number;
  readonly address: string;
};

/** Every client field of which `wordsBefore` says that the right words stand before it. */
function candidates(text: string, from: number, wordsBefore: (clientAt: number) => number): Candidate[] {
  const found: Candidate[] = [];
  for (let at = text.indexOf(CLIENT, from); at >= 0; at = text.indexOf(CLIENT, at + 1)) {
    const wordsAt = wordsBefore(at);
    if (wordsAt < from) continue;
    const address = text.slice(at + CLIENT.length).split(/[, ]/, 1)[0] ?? "";
    found.push({ wordsAt, address: isAddress(address) ? address : "" });
    if (found.length === CANDIDATES_MAX) break;
  }
  return found;
}

/** Nobody types so many but to slow us down. */
const CANDIDATES_MAX = 16;

/** Where `words`, followed by a few more without comma and quote, stand before `clientAt`; -1 where they do not. */
function shortlyBefore(text: string, words: string, clientAt: number): number {
  const at = text.lastIndexOf(words, clientAt);
  return at >= 0 && /^[^",]{0,100}$/.test(text.slice(at + words.length, clientAt)) ? at : -1;
}

/**
 * The candidate that nginx wrote. What is typed as a name comes before it, so the last one is nginx's, unless a Referer
 * began in between: then both may be typed, and the attempt counts without an address. (Since nginx 1.21.1 of 2021 a
 * request line and a Host header with blanks in it are refused, so they cannot hold a client field.)
 */
function clientOf(text: string, found: readonly Candidate[]): Candidate | undefined {
  const first = found[0];
  const last = found.at(-1);
  if (first === undefined || last === undefined) return undefined;
  if (found.every((one) => one.address === first.address)) return last;
  return text.slice(first.wordsAt, last.wordsAt).includes(', referrer: "') ? { ...first, address: "" } : last;
}

/** Reads `name": password mismatch, client: ...` and `name" was not found in "file", client: ...`. */
function readBasic(text: string, from: number, clock: Clock): Reading {
  const mismatch = '": password mismatch';
  const client = clientOf(
    text,
    candidates(text, from, (clientAt) => {
      if (text.startsWith(mismatch, clientAt - mismatch.length)) return clientAt - mismatch.length;
      return text.charCodeAt(clientAt - 1) === 34 ? notFoundAt(text, clientAt) : -1;
    }),
  );
  if (client === undefined) return ignored;
  const name = text.slice(from, client.wordsAt);
  const reason: Reason = text.startsWith(mismatch, client.wordsAt) ? "bad-password" : "unknown-account";
  return attempt(clock, name, client.address, reason, "basic");
}

const notFound = 'was not found in "';

/**
 * Where `" was not found in "file"` (or, of old, `": was ...`) before `clientAt` begins; -1 where it does not stand
 * there.
 */
function notFoundAt(text: string, clientAt: number): number {
  const fileAt = text.lastIndexOf('"', clientAt - 2) + 1;
  const wordsAt = fileAt - notFound.length;
  if (!text.startsWith(notFound, wordsAt)) return -1;
  if (text.startsWith('" ', wordsAt - 2)) return wordsAt - 2;
  return text.startsWith('": ', wordsAt - 3) ? wordsAt - 3 : -1;
}

/** Reads `name' - not authenticated: Authentication failure, client: ...`. */
function readPam(text: string, from: number, clock: Clock): Reading {
  const words = "' - not authenticated: ";
  const client = clientOf(
    text,
    candidates(text, from, (clientAt) => shortlyBefore(text, words, clientAt)),
  );
  if (client === undefined) return ignored;
  const why = text.slice(client.wordsAt + words.length, client.wordsAt + words.length + 80);
  return attempt(clock, text.slice(from, client.wordsAt), client.address, pamReason(why), "module");
}

function pamReason(why: string): Reason {
  if (why.startsWith("User not known")) return "unknown-account";
  if (why.startsWith("Authentication service cannot")) return "fault";
  if (why.startsWith("Have exhausted")) return "locked";
  return why.startsWith("User account has expired") || why.startsWith("Authentication token expired")
    ? "expired"
    : "bad-password";
}

/** The LDAP module logs the failures of its server, and a bind that the server refused. */
function readLdap(text: string, from: number, clock: Clock): Reading {
  const reason = ldapReason(text, from);
  // Nothing typed stands before the client field.
  const client = candidates(text, from, () => from)[0];
  return reason === undefined || client === undefined ? ignored : attempt(clock, "", client.address, reason, "");
}

function ldapReason(text: string, from: number): Reason | undefined {
  if (text.startsWith("User bind failed (49", from)) return "bad-password";
  if (text.startsWith("Could not find user DN", from)) return "unknown-account";
  const isFault = ["Authentication timed out", "User bind failed", "ldap_search_ext() ", "ldap_sasl_bind() failed"];
  return isFault.some((words) => text.startsWith(words, from)) ? "fault" : undefined;
}

/** Reads `name" while reading response header from upstream, client: ...`, as an application in PHP wrote it. */
function readApplication(text: string, from: number, clock: Clock): Reading {
  const client = clientOf(
    text,
    candidates(text, from, (clientAt) => shortlyBefore(text, '" while reading ', clientAt)),
  );
  if (client === undefined) return ignored;
  return attempt(clock, text.slice(from, client.wordsAt), client.address, "bad-password", "application");
}

function attempt(clock: Clock, account: string, address: string, reason: Reason, channel: string): Reading {
  const at = clock();
  if (typeof at === "object") return at;
  const found = evidence(at, "failure", account, address, "web");
  found.reason = reason;
  found.key = channel === "" ? "" : httpKey(address, account);
  found.channel = channel;
  return found;
}

/**
 * Reads `client login failed: "why" while in http auth state, client: 192.0.2.1, server: 0.0.0.0:143, login: "name"`.
 */
function readMail(text: string, from: number, clock: Clock): Reading {
  if (text.startsWith("client logged in, client: ", from)) return mailAttempt(text, from + 16, clock, "");
  const failed = 'client login failed: "';
  if (!text.startsWith(failed, from)) return ignored;
  const state = text.indexOf(MAIL_STATE, from);
  if (state < 0) return malformed("no http auth state");
  const why = text.slice(from + failed.length, state);
  const found = mailAttempt(text, state + MAIL_STATE.length, clock, mailReason(why));
  // The reason may quote the name, the login field does: three such phrases, and the first may be typed.
  const second = text.indexOf(MAIL_STATE, state + 1);
  if (found.kind === "evidence" && second > 0 && text.includes(MAIL_STATE, second + 1)) found.address = "";
  return found;
}

const MAIL_STATE = '" while in http auth state';

/** What the institution's own authentication server answered to nginx. */
function mailReason(why: string): Reason {
  if (/temporar|try again|internal|unavailable|timed? ?out/i.test(why)) return "fault";
  if (/not supported|not allowed|rate|too many/i.test(why)) return "policy";
  if (/locked/i.test(why)) return "locked";
  return /disabled/i.test(why) ? "disabled" : "bad-password";
}

/** The authentication server did not answer, or not in its protocol. */
function readMailFault(text: string, from: number, clock: Clock): Reading {
  const state = text.indexOf(" while in http auth state, client: ", from);
  return state < 0 ? ignored : mailAttempt(text, state + 25, clock, "fault");
}

/**
 * Reads `, client: 192.0.2.1 using starttls, server: 0.0.0.0:587, login: "name", upstream: ...` from its comma. Here
 * the typed name comes last, so the first client field counts.
 */
function mailAttempt(text: string, from: number, clock: Clock, reason: Reason | ""): Reading {
  const clientAt = text.indexOf("client: ", from);
  const address = clientAt < 0 ? "" : (text.slice(clientAt + 8).split(/[, ]/, 1)[0] ?? "");
  if (!isAddress(address)) return malformed("no client address");
  const loginAt = text.indexOf(', login: "', clientAt);
  // Mail from other servers passes the proxy without any sign-in.
  if (loginAt < 0) return ignored;
  const server = text.slice(clientAt, loginAt);
  const at = clock();
  if (typeof at === "object") return at;
  const found = evidence(at, reason === "" ? "success" : "failure", loginName(text, loginAt + 10), address, "mail");
  found.reason = reason;
  found.service = mailService(server);
  return found;
}

/** The name ends at the last quote that the rest of the line's own fields allow for. */
function loginName(text: string, from: number): string {
  const upstream = text.lastIndexOf('", upstream: ');
  const end = upstream >= from ? upstream : text.lastIndexOf('"');
  return end < from ? text.slice(from) : text.slice(from, end);
}

/** By the port's last digits: a proxy in a container listens on 11143 or 10587. */
function mailService(server: string): Service {
  const port = /\d{1,5}$/.exec(server)?.[0] ?? "";
  if (/(?:143|993)$/.test(port)) return "imap";
  if (/(?:110|995)$/.test(port)) return "pop3";
  if (/(?:25|465|587)$/.test(port)) return "submission";
  return port.endsWith("4190") ? "managesieve" : "mail";
}
