/**
 * What sshd itself says about attempts. Lines are told apart by their first letter and fixed words; where the address
 * stands is found from the end that the server wrote (places.ts).
 */
import type { Millis } from "#/platform/units.ts";
import type { Reason } from "#/signin/signin.ts";
import { pamReason } from "#/sources/pam/pam-fields.ts";
import type { Entry, Reading } from "#/sources/source.ts";
import { evidence, ignored, malformed } from "#/sources/source.ts";
import { readEnding } from "./ending-lines.ts";
import { type Said, failure } from "./failure.ts";
import { MESSAGE_MAX, type Place, placeAtEnd, placeBeforeKey, placeWithoutPort } from "./places.ts";
import { connectionKey } from "./connection.ts";
import { unescapeVisible } from "./visible.ts";

export function readOwn(entry: Entry, at: Millis, given: string, count: number): Reading {
  const text = given.charCodeAt(given.length - 1) === 32 ? given.trimEnd() : given;
  const said: Said = { entry, at, text, count };
  switch (text.charCodeAt(0)) {
    case 70: // F
      return text.startsWith("Failed ") ? failed(said) : ignored;
    case 73: // I
      return text.startsWith("Invalid user ") || text.startsWith("Illegal user ") ? invalidUser(said) : ignored;
    case 65: // A
      return text.startsWith("Accepted ") ? accepted(said) : ignored;
    case 67: // C
    case 68: // D
    case 115: // s
      return readEnding(said, 0);
    case 82: // R
      return text.startsWith("ROOT LOGIN REFUSED FROM ") ? rootRefused(said) : readEnding(said, 0);
    case 85: // U
      return text.startsWith("User ") ? notAllowed(said) : ignored;
    case 101: // e
      return text.startsWith("error: ") ? errorLine(said) : ignored;
    case 102: // f
      return text.startsWith("fatal: ") ? readEnding(said, 7) : ignored;
    default:
      return ignored;
  }
}

/** "Failed METHOD for [invalid user ]NAME from ADDRESS port N ssh2[: KEY]". */
function failed(said: Said): Reading {
  const { text } = said;
  if (text.startsWith("password for ", 7)) return failedBy(said, 20, "auth", false);
  const methodEnd = text.indexOf(" for ", 7);
  if (methodEnd < 0) return ignored;
  const method = text.slice(7, methodEnd);
  const nameFrom = methodEnd + 5;
  if (method === "Duo login") return duoRefused(said, nameFrom);
  if (method === "publickey" || method === "hostbased") return offered(said, method, nameFrom);
  if (method === "none" || method === "unknown" || method.startsWith("gssapi")) {
    return failedBy(said, nameFrom, `offer ${method}`, true);
  }
  // "error: PAM: ..." has counted this one already, if PAM got as far as an answer.
  return failedBy(said, nameFrom, method === "keyboard-interactive/pam" ? "kbdint" : "auth", false);
}

function failedBy(said: Said, nameFrom: number, channel: string, weak: boolean): Reading {
  // The first of a weak line's repetitions has been logged by itself.
  if (weak && said.count > 1) return ignored;
  const from = strangerEnd(said.text, nameFrom);
  const place = failedPlace(said.text, from);
  if (place === "ambiguous") return failure(said, from, undefined, reasonFor(from, nameFrom), channel, weak);
  if (place === undefined || place.nameEnd < from) return malformed("no address at the end");
  return failure(said, from, place, reasonFor(from, nameFrom), channel, weak);
}

/**
 * sshd writes nothing after the protocol where a password failed, so the line ends in the address; a key or the remote
 * user of protocol 1 may follow it, and very old versions name no port.
 */
function failedPlace(text: string, from: number): Place | "ambiguous" | undefined {
  if (text.length >= MESSAGE_MAX) return "ambiguous";
  return placeAtEnd(text, text.length) ?? placeBeforeKey(text, from) ?? placeWithoutPort(text, text.length);
}

/** Each key counts on a channel of its own: however many keys a client offers, it is one attempt to sign in. */
function offered(said: Said, method: string, nameFrom: number): Reading {
  const protocol = said.text.lastIndexOf(" ssh2: ");
  const key = protocol < 0 ? "" : said.text.slice(protocol + 7, protocol + 87);
  return failedBy(said, nameFrom, `offer ${method} ${key}`, true);
}

/** pam_duo: "Failed Duo login for 'NAME' from ADDRESS: why". */
function duoRefused(said: Said, from: number): Reading {
  const end = said.text.lastIndexOf("' from ");
  if (said.text.charAt(from) !== "'" || end <= from) return ignored;
  const addressEnd = said.text.indexOf(": ", end);
  const to = addressEnd < 0 ? said.text.length : addressEnd;
  const place = { nameEnd: end, from: end + 7, to, portFrom: to, portTo: to };
  return failure(said, from + 1, place, "second-factor", "duo", true);
}

/** "Accepted METHOD for NAME from ADDRESS port N ssh2[: KEY]". The name is a real one, so the first address is the one. */
function accepted(said: Said): Reading {
  const { entry, at, text } = said;
  const methodEnd = text.indexOf(" ", 9);
  if (methodEnd < 0 || !text.startsWith(" for ", methodEnd)) return ignored;
  const nameFrom = methodEnd + 5;
  const nameEnd = text.indexOf(" from ", nameFrom);
  if (nameEnd < 0) return malformed("no address");
  const from = nameEnd + 6;
  const space = text.indexOf(" ", from);
  const to = space < 0 ? text.length : space;
  const success = evidence(at, "success", unescapeVisible(text.slice(nameFrom, nameEnd)), text.slice(from, to), "ssh");
  success.count = said.count;
  success.key = connectionKey(entry, endpointOf(text, from, to));
  success.channel = "auth";
  return success;
}

function endpointOf(text: string, from: number, to: number): string {
  if (!text.startsWith(" port ", to)) return "";
  const end = text.indexOf(" ", to + 6);
  return `${text.slice(from, to)}:${text.slice(to + 6, end < 0 ? text.length : end)}`;
}

/** "Invalid user NAME from ADDRESS[ port N]". */
function invalidUser(said: Said): Reading {
  const end = said.text.length;
  const place = placeAtEnd(said.text, end) ?? placeWithoutPort(said.text, end);
  if (place === undefined || place.nameEnd < 13) return malformed("no address at the end");
  return failure(said, 13, place, "unknown-account", "name", false);
}

/** "User NAME[ from HOST] not allowed because ...". Only names of existing accounts stand here. */
function notAllowed(said: Said): Reading {
  const because = said.text.indexOf(" not allowed because ", 5);
  if (because < 0) return ignored;
  const place = placeWithoutPort(said.text, because);
  const reason = reasonNotAllowed(said.text, because + 21);
  if (place !== undefined && place.nameEnd >= 5) return failure(said, 5, place, reason, "name", false);
  // Without an address: the lines that follow on this connection have it.
  return failure(said, 5, { nameEnd: because, from: 0, to: 0, portFrom: 0, portTo: 0 }, reason, "name", true);
}

function reasonNotAllowed(text: string, from: number): Reason {
  if (text.startsWith("account is locked", from)) return "locked";
  return text.startsWith("shell ", from) ? "disabled" : "policy";
}

/** "ROOT LOGIN REFUSED FROM ADDRESS[ port N]": the password or key was right. */
function rootRefused(said: Said): Reading {
  const space = said.text.indexOf(" ", 24);
  const address = said.text.slice(24, space < 0 ? said.text.length : space);
  const refused = evidence(said.at, "failure", "root", address, "ssh");
  refused.reason = "policy";
  refused.count = said.count;
  refused.key = connectionKey(said.entry, endpointOf(said.text, 24, 24 + address.length));
  refused.channel = "refused";
  return refused;
}

const PAM = "error: PAM: ";
const ATTEMPTS = "error: maximum authentication attempts exceeded for ";

function errorLine(said: Said): Reading {
  if (said.text.startsWith(PAM)) return pamError(said);
  if (!said.text.startsWith(ATTEMPTS)) return readEnding(said, 7);
  const text = said.text.endsWith(" [preauth]") ? said.text.slice(0, -10) : said.text;
  const from = strangerEnd(text, ATTEMPTS.length);
  const place = placeAtEnd(text, text.length);
  if (place === undefined || place.nameEnd < from || text.length >= MESSAGE_MAX) return ignored;
  return failure({ ...said, text, count: 1 }, from, place, reasonFor(from, ATTEMPTS.length), "max", true);
}

/** "error: PAM: Authentication failure for [illegal user ]NAME from HOST[ via ADDRESS]". */
function pamError(said: Said): Reading {
  const { text } = said;
  let wordsEnd = text.indexOf(" for ", PAM.length);
  // One of PAM's own texts has a "for" in it.
  if (text.startsWith("service for ", wordsEnd + 5)) wordsEnd = text.indexOf(" for ", wordsEnd + 5);
  if (wordsEnd < 0) return ignored;
  const nameFrom = wordsEnd + 5;
  const from = strangerEnd(text, nameFrom);
  const via = text.lastIndexOf(" via ");
  const end = via > text.lastIndexOf(" from ") ? via : text.length;
  const place = placeWithoutPort(text, end);
  // PAM's other errors ("pam_open_session(): ... for the specified session") name nobody.
  if (place === undefined || place.nameEnd < from) return ignored;
  const reason = from > nameFrom ? "unknown-account" : pamReason(text.slice(PAM.length, wordsEnd));
  return failure(said, from, place, reason, "auth", false);
}

/** Where the name begins: after "invalid user ", with which sshd marks a name that it does not know or not allow. */
function strangerEnd(text: string, from: number): number {
  return text.startsWith("invalid user ", from) || text.startsWith("illegal user ", from) ? from + 13 : from;
}

const reasonFor = (from: number, nameFrom: number): Reason => (from > nameFrom ? "unknown-account" : "bad-password");
