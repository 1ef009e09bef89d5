const escapes = /(?:\\[0-3][0-7]{2})+|\\[\\abfnrtv]/g;

/** The C escapes for what is not printable, by letter. */
const letters: Readonly<Record<string, string>> = {
  "\\": "\\",
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/**
 * Undoes strvis(3), in which OpenSSH writes what is no printable ASCII: "caf\303\251" is "café", and a backslash, as in
 * DOMAIN\name, stands twice.
 */
export function unescapeVisible(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(escapes, (found) => {
    const letter = letters[found.charAt(1)];
    if (letter !== undefined) return letter;
    const bytes = found.slice(1).split("\\");
    return Buffer.from(bytes.map((octal) => Number.parseInt(octal, 8))).toString("utf8");
  });
}
