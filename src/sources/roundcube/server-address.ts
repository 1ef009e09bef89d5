/**
 * Where in Roundcube's lines the address stands that the server wrote. The name before it and the headers and the mail
 * server's answer after it are all typed by strangers and written unquoted, so each can imitate "from 192.0.2.1". Where
 * two readings are left and the addresses differ, the attempt counts without an address: nobody is blamed for it.
 */
import { isAddress } from "#/sources/address-text.ts";

export type Found = {
  readonly account: string;
  /** "" where it cannot be told which one is the server's. */
  readonly address: string;
};

const FROM = " from ";

type Candidate = { readonly at: number; readonly address: string; readonly end: number };

/** Every " from " with an address after it. */
function candidates(text: string, from: number, isAddressEnd: (end: number) => boolean): Candidate[] {
  const found: Candidate[] = [];
  for (let at = text.indexOf(FROM, from); at >= 0 && found.length < CANDIDATES_MAX; at = text.indexOf(FROM, at + 1)) {
    const start = at + FROM.length;
    let end = start;
    while (end < text.length && isAddressPart(text.charCodeAt(end))) end += 1;
    // A full stop after the address belongs to the sentence.
    if (text.charCodeAt(end - 1) === 46) end -= 1;
    const address = text.slice(start, end);
    if (isAddressEnd(end) && isAddress(address)) found.push({ at, address, end });
  }
  return found;
}

/** Nobody types so many but to slow us down. */
const CANDIDATES_MAX = 32;

/** Hexadecimal digits, colon, full stop, and what a zone id is made of. */
function isAddressPart(code: number): boolean {
  return (
    (code >= 48 && code <= 58) ||
    code === 46 ||
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    code === 37
  );
}

/**
 * The account and address in "name from 192.0.2.1" or "name from 192.0.2.1 (X-Forwarded-For: typed)", the whole `text`.
 */
export function addressBeforeSession(text: string): Found | undefined {
  const bracketed = text.endsWith(")");
  const isEnd = (end: number): boolean => (bracketed ? isHeaderList(text, end) : end === text.length);
  // A name can imitate a header list too, but then either no bracket ends the text or there are two candidates.
  return chosen(text, 0, candidates(text, 0, isEnd));
}

function isHeaderList(text: string, end: number): boolean {
  const open = text.charCodeAt(end) === 32 ? end + 1 : end;
  return text.startsWith("(X-", open);
}

/** The first words of what Roundcube's IMAP client says after the address. */
const errorWords =
  /^\. (?:AUTHENTICATE |LOGIN|Could not |Unable to |Empty |STARTTLS|Connection |Failed |Invalid |No supported|Server )/;

/** Words for trouble that is not the caller's. */
const faultWords =
  /^\. (?:Could not connect|Unable to connect|Unable to negotiate|Empty startup|Connection |Failed to )/;

/** The account and address in "name from 192.0.2.1. what went wrong in file (POST /)", from `from` to the end. */
export function addressAfterError(text: string, from: number): (Found & { readonly isFault: boolean }) | undefined {
  const all = candidates(text, from, (end) => {
    const code = text.charCodeAt(end);
    return end === text.length || code === 46 || isHeaderList(text, end);
  });
  const sure = all.filter((one) =>
    errorWords.test(text.slice(afterHeaders(text, one.end), afterHeaders(text, one.end) + 40)),
  );
  // The oldest versions end with the address; what is typed comes before it.
  const atEnd = all.filter((one) => one.end === text.length);
  const best = sure.length > 0 ? sure : atEnd.length > 0 ? atEnd : all;
  const found = chosen(text, from, best);
  if (found === undefined) return undefined;
  const after = afterHeaders(text, best[0]?.end ?? text.length);
  return { ...found, isFault: faultWords.test(text.slice(after, after + 40)) };
}

/** Past "(X-Real-IP: 192.0.2.3,X-Forwarded-For: 192.0.2.4)", where it stands at `end`. */
function afterHeaders(text: string, end: number): number {
  if (!isHeaderList(text, end)) return end;
  const close = text.indexOf("). ", end);
  return close < 0 ? end : close + 1;
}

function chosen(text: string, from: number, found: readonly Candidate[]): Found | undefined {
  const first = found[0];
  if (first === undefined) return undefined;
  const isOne = found.every((one) => one.address === first.address);
  return {
    account: text.slice(from, isOne ? (found.at(-1) ?? first).at : first.at),
    address: isOne ? first.address : "",
  };
}
