/** Reads lines of "key=value key="quoted value"", as Cyrus writes its events. */

/** No line of ours has more fields; what is beyond is not read. */
const FIELDS_MAX = 40;

/**
 * The fields of a line; of two with one key the first, since what a client gave stands in a value and never before it.
 */
export function logfmtFields(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  let at = 0;
  while (at < text.length && fields.size < FIELDS_MAX) {
    const equals = text.indexOf("=", at);
    if (equals < 0) break;
    const key = text.slice(at, equals);
    const quoted = text.charCodeAt(equals + 1) === 34;
    const end = quoted ? closingQuote(text, equals + 2) : blankFrom(text, equals + 1);
    const value = quoted ? unescape(text.slice(equals + 2, end)) : text.slice(equals + 1, end);
    if (!fields.has(key)) fields.set(key, value);
    at = quoted ? end + 2 : end + 1;
  }
  return fields;
}

function blankFrom(text: string, from: number): number {
  const at = text.indexOf(" ", from);
  return at < 0 ? text.length : at;
}

function closingQuote(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== 34) at += text.charCodeAt(at) === 92 ? 2 : 1;
  return Math.min(at, text.length);
}

const escapes: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

function unescape(value: string): string {
  if (!value.includes("\\")) return value;
  return value.replace(/\\(?:x\{([0-9a-f]{1,6})\}|(.))/gi, (_, hex: string | undefined, char: string) => {
    if (hex === undefined) return escapes.get(char) ?? char;
    const code = Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
  });
}
