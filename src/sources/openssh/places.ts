/**
 * Where in a line of sshd the address stands. The name before it, and for keys what stands after it, is the caller's
 * choice and may hold " from 192.0.2.66 port 22 ssh2" itself, so each shape of line has its own safe end to start from.
 * Indices instead of strings, since this runs on every line of the largest logs there are.
 */

/** The name ends at `nameEnd`; the address is [from, to); the port, where there is one, is [portFrom, portTo). */
export type Place = {
  readonly nameEnd: number;
  readonly from: number;
  readonly to: number;
  readonly portFrom: number;
  readonly portTo: number;
};

const SPACE = 32;

/** sshd cuts a message here, after it has escaped the name: what stands at the end may then be part of the name. */
export const MESSAGE_MAX = 500;

/** More candidates than this are an attack on the reader. */
const CANDIDATES_MAX = 8;

/** "NAME from ADDRESS port N", with " ssh2" or " ssh1" after it or not, where it fills the text up to `end`. */
export function placeAtEnd(text: string, end: number): Place | undefined {
  return placeAfter(text, endsInProtocol(text, end) ? end - 5 : end, " from ");
}

/** "NAME ADDRESS port N" where it fills the text up to `end`. */
export function placeBeforePort(text: string, end: number): Place | undefined {
  return placeAfter(text, end, " ");
}

function placeAfter(text: string, end: number, word: string): Place | undefined {
  let at = end - 1;
  for (let code = text.charCodeAt(at); code >= 48 && code <= 57; code = text.charCodeAt(at)) at -= 1;
  if (at === end - 1 || !text.startsWith(" port ", at - 5)) return undefined;
  const to = at - 5;
  const from = tokenStart(text, to);
  const nameEnd = from - word.length;
  if (from === to || !text.startsWith(word, nameEnd)) return undefined;
  return { nameEnd, from, to, portFrom: at + 1, portTo: end };
}

/** "NAME from ADDRESS" up to `end`, as sshd wrote it before it named ports. */
export function placeWithoutPort(text: string, end: number): Place | undefined {
  const from = tokenStart(text, end);
  if (from === end || !text.startsWith(" from ", from - 6)) return undefined;
  return { nameEnd: from - 6, from, to: end, portFrom: end, portTo: end };
}

/**
 * "NAME from ADDRESS port N ssh2: KEY", where the key's line can hold what the caller put into a certificate or calls
 * itself. Where the address cannot be told from a forged one the answer is "ambiguous".
 */
export function placeBeforeKey(text: string, from: number): Place | "ambiguous" | undefined {
  let last: Place | undefined;
  let lastTail = 0;
  let candidates = 0;
  for (let at = text.indexOf(" ssh", from); at >= 0; at = text.indexOf(" ssh", at + 1)) {
    if (!endsInProtocol(text, at + 5) || !text.startsWith(": ", at + 5)) continue;
    const place = placeAtEnd(text, at + 5);
    if (place === undefined || place.nameEnd < from) continue;
    candidates += 1;
    if (candidates > CANDIDATES_MAX) return "ambiguous";
    last = place;
    lastTail = at + 7;
  }
  // A plain key is "TYPE FINGERPRINT" without anything of the caller's, so the name is all that stands before.
  return candidates <= 1 || plainKey.test(text.slice(lastTail)) ? last : "ambiguous";
}

const plainKey = /^[A-Z0-9-]{2,40} (?:SHA256:|MD5:)?[A-Za-z0-9+/=:]{16,100}$/;

function tokenStart(text: string, end: number): number {
  let at = end - 1;
  while (at >= 0 && text.charCodeAt(at) !== SPACE) at -= 1;
  return at + 1;
}

function endsInProtocol(text: string, end: number): boolean {
  const version = text.charCodeAt(end - 1);
  return (version === 49 || version === 50) && text.startsWith(" ssh", end - 5);
}
