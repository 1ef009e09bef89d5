/**
 * How connections end before anybody signed in. Where the line names an account, it is the only witness of somebody who
 * asked for that account and got no further; otherwise better ones have counted the attempts already, and at most learn
 * here where they came from: OpenSSH before 7 named the account of many refusals on one line and the address on the last.
 */
import { isAddress } from "#/sources/address-text.ts";
import type { Reading } from "#/sources/source.ts";
import { ignored, placed } from "#/sources/source.ts";
import { connectionKey } from "./connection.ts";
import { type Said, failure } from "./failure.ts";
import { MESSAGE_MAX, placeBeforePort } from "./places.ts";

const ENDINGS = [
  "Connection closed by ",
  "Connection reset by ",
  "Connection from ",
  "Disconnected from ",
  "Disconnecting ",
  "ssh_dispatch_run_fatal: Connection from ",
] as const;

/** The caller's address follows. A connection's beginning says it too, but nothing waits then. */
const saysWhence: ReadonlySet<string> = new Set([
  "Connection closed by ",
  "Connection reset by ",
  "Disconnected from ",
]);

/** @param from where the text begins, after "error: " or "fatal: ". */
export function readEnding(said: Said, from: number): Reading {
  const { text } = said;
  if (text.length >= MESSAGE_MAX) return ignored;
  if (text.startsWith("Received disconnect from ", from)) return receivedDisconnect(said, from + 25);
  for (const words of ENDINGS) {
    if (text.startsWith(words, from)) return named(said, from + words.length, words);
  }
  if (text.startsWith("Disconnecting: Too many authentication failures for ", from)) return tooMany(said, from + 52);
  if (text.startsWith("Access denied for user ", from)) return accessDenied(said, from + 23);
  return ignored;
}

/** "authenticating user NAME ADDRESS port N[: reason] [preauth]", and the same with "invalid user NAME". */
function named(said: Said, at: number, words: (typeof ENDINGS)[number]): Reading {
  const { text } = said;
  const invalid = text.startsWith("invalid user ", at);
  if (!invalid && !text.startsWith("authenticating user ", at))
    return saysWhence.has(words) ? whence(said, at, tokenEnd(text, at)) : ignored;
  const nameFrom = at + (invalid ? 13 : 20);
  let end = text.endsWith(" [preauth]") ? text.length - 10 : text.length;
  if (words === "Disconnecting ") end = disconnectReason(text, nameFrom);
  else if (words === "ssh_dispatch_run_fatal: Connection from ") end = text.lastIndexOf(": ", end);
  else if (text.startsWith(" timed out", end - 10)) end -= 10;
  const place = placeBeforePort(text, end);
  if (place === undefined || place.nameEnd < nameFrom) return ignored;
  return failure(said, nameFrom, place, invalid ? "unknown-account" : "bad-password", "closed", true);
}

/** "ADDRESS port N [preauth]", "ADDRESS [preauth]", "ADDRESS". */
function tokenEnd(text: string, from: number): number {
  const space = text.indexOf(" ", from);
  return space < 0 ? text.length : space;
}

/** Who was connected, but not as whom. @param to where the address ends; the line says nothing else that is needed. */
function whence({ entry, text }: Said, from: number, to: number): Reading {
  const address = text.slice(from, to);
  return entry.pid !== "" && isAddress(address) ? placed(connectionKey(entry, ""), address) : ignored;
}

const reasons =
  /: (?:Too many authentication failures|Change of username or|no authentication methods|bad service request)/g;

/**
 * Where the reason of "Disconnecting invalid user NAME ADDRESS port N: REASON" begins; -1 where it cannot be told: some
 * reasons repeat what the caller sent, so a name or a request that holds a reason of its own could shift the address.
 */
function disconnectReason(text: string, from: number): number {
  const [found, second] = text.slice(from).matchAll(reasons);
  return found === undefined || second !== undefined ? -1 : from + found.index;
}

/** OpenSSH before 7.5: "Disconnecting: Too many authentication failures for NAME [preauth]". */
function tooMany(said: Said, from: number): Reading {
  const { text } = said;
  const end = text.endsWith(" [preauth]") ? text.length - 10 : text.length;
  return failure(said, from, { nameEnd: end, from: 0, to: 0, portFrom: 0, portTo: 0 }, "bad-password", "max", true);
}

/** PAM's account phase said no after the password was found right. */
function accessDenied(said: Said, from: number): Reading {
  const end = said.text.lastIndexOf(" by PAM account configuration");
  if (end < from) return ignored;
  return failure(said, from, { nameEnd: end, from: 0, to: 0, portFrom: 0, portTo: 0 }, "policy", "access", true);
}

/**
 * "Received disconnect from ADDRESS[ port N]:14: No supported authentication methods available": the client went away
 * because every way to sign in was refused. Whom it wanted to be is not said. Other codes tell nothing about sign-ins.
 */
function receivedDisconnect(said: Said, from: number): Reading {
  const { text } = said;
  const space = text.indexOf(" ", from);
  if (space < 0) return ignored;
  // "192.0.2.7: 14: ..." before OpenSSH 6.9, "192.0.2.7 port 4242:14: ..." since.
  const portless = text.charAt(space - 1) === ":";
  const to = portless ? space - 1 : space;
  const portFrom = portless ? to : to + 6;
  const portTo = portless ? to : text.indexOf(":", space);
  if (portTo < 0 || !(portless || text.startsWith(" port ", to))) return ignored;
  const codeFrom = portTo + (portless ? 2 : text.charAt(portTo + 1) === " " ? 2 : 1);
  // By far the most frequent: the client went away by itself.
  if (text.startsWith("11: ", codeFrom)) return whence(said, from, to);
  const gaveUp = text.startsWith("14: ", codeFrom) || text.startsWith("13: ", codeFrom);
  if (!gaveUp && !/^\d{1,10}: .{0,400}\bauth fail/i.test(text.slice(codeFrom))) return whence(said, from, to);
  return failure(said, from, { nameEnd: from, from, to, portFrom, portTo }, "bad-password", "disconnect", true);
}
