/** Reads the client as Exim writes it: "host.example (helo) [192.0.2.1]:4711 I=[198.51.100.1]:587 Ci=30416". */

export type Client = {
  readonly address: string;
  /** "" where it is not logged. */
  readonly port: string;
  /** Where what follows the client begins. */
  readonly end: number;
};

const COLON = 58;
const SPACE = 32;
const OPEN = 91;

/** A line with more "[" than this before the client's address is none of Exim's. */
const BRACKETS_MAX = 16;

/**
 * The client that begins at `from`. A HELO in parentheses stands before the address and may hold brackets itself: the
 * address is the first in brackets after which the line goes on as it must.
 * @param colon whether ": " and a status code must follow, as in a refusal, or a blank and another field.
 */
export function clientAt(text: string, from: number, colon: boolean): Client | undefined {
  let open = text.indexOf("[", from);
  for (let seen = 0; open >= 0 && seen < BRACKETS_MAX; seen += 1) {
    const found = clientFrom(text, from, open, colon);
    if (found !== undefined) return found;
    open = text.indexOf("[", open + 1);
  }
  return undefined;
}

function clientFrom(text: string, from: number, open: number, colon: boolean): Client | undefined {
  // A HELO is a literal address too: "([192.0.2.66]) [192.0.2.1]".
  if (open !== from && text.charCodeAt(open - 1) !== SPACE && text.charCodeAt(open - 1) !== 61) return undefined;
  const close = text.indexOf("]", open);
  if (close <= open + 1 || close - open > 64) return undefined;
  let end = close + 1;
  let port = "";
  if (text.charCodeAt(end) === COLON && text.charCodeAt(end + 1) !== SPACE) {
    const portEnd = digitsEnd(text, end + 1);
    port = text.slice(end + 1, portEnd);
    if (port === "") return undefined;
    end = portEnd;
  }
  end = interfaceEnd(text, end);
  if (text.startsWith(" U=", end) && colon) end = Math.max(end, text.indexOf(": ", end));
  if (text.startsWith(" Ci=", end)) end = digitsEnd(text, end + 4);
  const address = text.slice(open + 1, close);
  if (!colon) return text.charCodeAt(end) === SPACE ? { address, port, end: end + 1 } : undefined;
  return text.startsWith(": ", end) && digitsEnd(text, end + 2) === end + 5
    ? { address, port, end: end + 2 }
    : undefined;
}

/** Past " I=[198.51.100.1]:587". */
function interfaceEnd(text: string, from: number): number {
  if (text.charCodeAt(from) !== SPACE || !text.startsWith("I=", from + 1) || text.charCodeAt(from + 3) !== OPEN)
    return from;
  const close = text.indexOf("]", from + 4);
  if (close < 0) return from;
  return text.charCodeAt(close + 1) === COLON ? digitsEnd(text, close + 2) : close + 1;
}

function digitsEnd(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at += 1;
  return at;
}
