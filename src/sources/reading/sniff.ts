// What kind of file this is, from its first bytes: lines, a JSON document, a table, or Windows event XML.

export type Framing =
  | { readonly kind: "lines" }
  | { readonly kind: "json-document" }
  | { readonly kind: "table"; readonly delimiter: string }
  | { readonly kind: "event-xml" };

/** Names under which exports keep their records. */
export const recordLists = [
  "value",
  "records",
  "Records",
  "items",
  "events",
  "data",
  "results",
  "Events",
  "logs",
  "hits",
  "content",
] as const;

/** XML or a tree view of it. A syslog priority ("<86>Nov 23 ...") is neither, whatever a name further on says of events. */
const xmlStart = /^(?:- )?<(?:\?xml|!--|Events?[\s>])/;

export function sniff(head: string): Framing {
  const text = withoutTypeLine(head.replace(/^\uFEFF/, "").trimStart());
  const first = text.charAt(0);
  if (xmlStart.test(text) && /<Events?[\s>]/.test(text.slice(0, 4_096))) return { kind: "event-xml" };
  if (first === "[" && /^\[\s*[{\]]/.test(text)) return { kind: "json-document" };
  if (first === "{") return isJsonLines(text) ? { kind: "lines" } : { kind: "json-document" };
  const delimiter = tableDelimiter(text);
  return delimiter === "" ? { kind: "lines" } : { kind: "table", delimiter };
}

/** Windows PowerShell's Export-Csv puts the class of the rows before the header: "#TYPE System.Diagnostics...". */
export const withoutTypeLine = (text: string): string =>
  text.startsWith("#TYPE ") ? text.slice(text.indexOf("\n") + 1) : text;

/** The first line is a whole object by itself, and none that only wraps a list of records. */
function isJsonLines(text: string): boolean {
  const end = text.indexOf("\n");
  const line = end < 0 ? text : text.slice(0, end);
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== "object" || value === null) return false;
    const entries = Object.entries(value);
    return !entries.some(
      ([name, list]) => isRecordList(name) && Array.isArray(list) && list.some((item) => typeof item === "object"),
    );
  } catch {
    // A first line beyond the look ahead, or one that is broken: further lines tell.
    return end >= 0 && line.trimEnd().endsWith("}") && text.charAt(end + 1) === "{";
  }
}

export const isRecordList = (name: string): boolean => recordLists.some((other) => other === name);

const headerField = /^"?[A-Za-z_@#][\w .@()/:#-]{0,80}"?$/;

/** Lines after the header that are looked at. */
const ROWS_LOOKED_AT = 5;

/** The delimiter of a table with a header row; "" where the first line is no header. */
function tableDelimiter(text: string): string {
  const [first = "", ...rows] = text.split("\n", ROWS_LOOKED_AT + 1);
  const header = first.trimEnd();
  // W3C and Exchange logs announce their columns themselves, in the middle of the file too: they are read line by line.
  if (header.startsWith("#")) return "";
  for (const delimiter of [",", ";", "\t"]) {
    const fields = header.split(delimiter).map((field) => field.trim());
    const distinct = new Set(fields).size;
    // A row of data repeats values; of the headers only Entra's, with its many columns, has a name twice.
    if (fields.length < 3 || (distinct !== fields.length && (distinct < 20 || fields.length - distinct > 2))) continue;
    if (!fields.every((field) => headerField.test(field)) || fields.some((field) => /[=]|\d\d:\d\d/.test(field)))
      continue;
    return areRows(rows, delimiter, fields.length) ? delimiter : "";
  }
  return "";
}

/** "Listening on imap, pop3, submission" looks like a header, but what follows it does not look like rows. */
function areRows(lines: readonly string[], delimiter: string, length: number): boolean {
  const filled = lines.filter((line) => line.trim() !== "");
  return filled.length === 0 || filled.some((line) => line.split(delimiter, length).length === length);
}
