/**
 * The quoting of web server logs: Apache writes `\"`, `\\` and control characters as `\n`, `\x08`; nginx writes `"`,
 * `\` and every byte outside printable ASCII as `\xXX`. So a bare quote always ends a field, whatever a client typed.
 */

/** The place of the quote that ends the field which begins at `from`; -1 where none does. */
export function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (at - slashes > from && text.charCodeAt(at - slashes - 1) === 92) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}

/** The field as the client sent it, `\xXX` read as UTF-8. */
export function unescaped(field: string): string {
  if (!field.includes("\\")) return field;
  const bytes: number[] = [];
  const text = Buffer.from(field, "utf8");
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at] ?? 0;
    if (byte !== 92) {
      bytes.push(byte);
      continue;
    }
    const next = text[at + 1] ?? 92;
    const hex = next === 120 ? Number.parseInt(text.toString("latin1", at + 2, at + 4), 16) : Number.NaN;
    if (Number.isNaN(hex)) {
      bytes.push(letters.get(next) ?? next);
      at += 1;
    } else {
      bytes.push(hex);
      at += 3;
    }
  }
  return Buffer.from(bytes).toString("utf8");
}

const letters = new Map([
  [110, 10], // \n
  [114, 13], // \r
  [116, 9], // \t
]);
