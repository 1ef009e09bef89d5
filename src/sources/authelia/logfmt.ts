/**
 * The fields of a line as logrus writes it: name=value or name="value", quoted and escaped as Go does wherever the
 * value holds more than plain characters. So nothing inside quotes is a field.
 */
export function logfmt(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  let at = 0;
  while (at < text.length && fields.size < FIELDS_MAX) {
    const equals = text.indexOf("=", at);
    if (equals < 0) break;
    const name = text.slice(at, equals);
    const quoted = text.charCodeAt(equals + 1) === 34;
    const end = quoted ? closing(text, equals + 2) : blank(text, equals + 1);
    // The first of a name counts: fields that a message could add would come later.
    if (!fields.has(name)) {
      fields.set(name, quoted ? unquoted(text.slice(equals + 2, end)) : text.slice(equals + 1, end));
    }
    at = quoted ? end + 2 : end + 1;
  }
  return fields;
}

const FIELDS_MAX = 64;

function closing(text: string, from: number): number {
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== 34) at += text.charCodeAt(at) === 92 ? 2 : 1;
  return Math.min(at, text.length);
}

function blank(text: string, from: number): number {
  const at = text.indexOf(" ", from);
  return at < 0 ? text.length : at;
}

/** Go's escapes: \" \\ \n \t \r \xNN \uNNNN. */
function unquoted(value: string): string {
  if (!value.includes("\\")) return value;
  return value.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(.))/gs,
    (_, byte?: string, unit?: string, letter = "") => {
      const code = byte ?? unit;
      return code === undefined ? (controls.get(letter) ?? letter) : String.fromCharCode(Number.parseInt(code, 16));
    },
  );
}

const controls = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);
