/** A line of Zimbra's, taken apart: "INFO  [THREAD] [name=...;oip=...;] CATEGORY - MESSAGE". */
export type Line = {
  readonly thread: string;
  readonly context: ReadonlyMap<string, string>;
  readonly category: string;
  readonly message: string;
};

const SEMICOLON = 59;
const BRACKET_CLOSE = 93;

/** Callers can give more fields than Zimbra has names for only by an error of ours. */
const FIELDS_MAX = 64;

export function splitLine(text: string): Line | undefined {
  const level = /^(?:INFO|WARN|ERROR|FATAL|DEBUG) {1,2}\[/.exec(text);
  if (level === null) return undefined;
  const from = level[0].length;
  // The thread's name holds the request's address, in which no blank can stand.
  const threadEnd = text.indexOf("] [", from);
  if (threadEnd < 0) return undefined;
  const { fields, end } = attributes(text, threadEnd + 3);
  if (!text.startsWith("] ", end)) return undefined;
  const dash = text.indexOf(" - ", end + 2);
  if (dash < 0) return undefined;
  return {
    thread: text.slice(from, threadEnd),
    context: fields,
    category: text.slice(end + 2, dash),
    message: text.slice(dash + 3),
  };
}

/**
 * Reads "name=value;name=value;" from `from` up to a "]" that follows a field, or the text's end. A semicolon within a
 * value stands twice, so a value can end neither itself nor the list.
 */
export function attributes(text: string, from: number): { fields: Map<string, string>; end: number } {
  const fields = new Map<string, string>();
  let at = from;
  while (at < text.length && text.charCodeAt(at) !== BRACKET_CLOSE && fields.size < FIELDS_MAX) {
    const equals = text.indexOf("=", at);
    if (equals < 0) break;
    let end = equals + 1;
    while (end < text.length) {
      if (text.charCodeAt(end) !== SEMICOLON) end += 1;
      else if (text.charCodeAt(end + 1) === SEMICOLON) end += 2;
      else break;
    }
    fields.set(text.slice(at, equals).trimStart(), text.slice(equals + 1, end).replaceAll(";;", ";"));
    at = end + 1;
  }
  return { fields, end: at };
}
