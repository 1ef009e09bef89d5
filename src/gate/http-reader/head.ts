/**
 * Reads the head of an HTTP/1.1 request, and takes only what cannot be read in two ways (RFC 9112): no line folding, no bare line ends, no blank
 * before a colon, one Host, at most one Content-Length, no Transfer-Encoding. Whatever else comes is refused with the status that says why, and its
 * connection ends: two programs that disagree on where a request ends are how one is smuggled.
 */

export type Head = {
  readonly method: string;
  /** Path and query, as they came. */
  readonly url: string;
  /** By names in lower case; those that came several times are joined with ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly bodyBytes: number;
  /** Whoever asks wants no other answer on this connection. */
  readonly isLast: boolean;
};

export const HEADERS_MAX = 100;

/** No protocol here has other methods. */
const requestLine = /^(POST|GET|HEAD) (\/[!-~]*) HTTP\/1\.([01])$/;
/** A token, a colon, and a value without control characters (RFC 9110, 5.5); it may have characters beyond ASCII. */
const headerLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t -~\u0080-\u00ff]*)$/;
const lengthValue = /^(?:0|[1-9]\d{0,9})$/;

/** Headers of which a second one would leave open which counts. */
const single = new Set([
  "host",
  "content-length",
  "content-type",
  "authorization",
  "user-agent",
  "x-api-key",
  "x-original-status",
]);

/** @param text everything before the empty line, one character per byte. A number is the status to refuse it with. */
export function readHead(text: string): Head | number {
  const lines = text.split("\r\n");
  const first = requestLine.exec(lines[0] ?? "");
  if (first === null) return otherwise(lines[0] ?? "");
  if (lines.length - 1 > HEADERS_MAX) return 431;
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (let at = 1; at < lines.length; at += 1) {
    const found = headerLine.exec(lines[at] ?? "");
    if (found === null) return 400;
    const name = (found[1] ?? "").toLowerCase();
    const value = trimmedEnd(found[2] ?? "");
    const before = headers[name];
    if (before === undefined) headers[name] = value;
    else if (single.has(name)) return 400;
    // RFC 9113, 8.2.3: cookies are the only ones that are joined otherwise.
    else headers[name] = `${before}${name === "cookie" ? "; " : ", "}${value}`;
  }
  if (headers["host"] === undefined) return 400;
  if (headers["transfer-encoding"] !== undefined) return 501;
  if (headers["expect"] !== undefined) return 417;
  const method = first[1] ?? "";
  const length = headers["content-length"];
  if (length === undefined ? method === "POST" : !lengthValue.test(length)) {
    return length === undefined ? 411 : 400;
  }
  return {
    method,
    url: first[2] ?? "",
    headers,
    bodyBytes: Number(length ?? "0"),
    // HTTP/1.0 is what nginx speaks where nobody tells it otherwise. It gets one answer for each connection, as it expects.
    isLast: first[3] === "0" || asksToClose(headers["connection"]),
  };
}

function asksToClose(connection: string | undefined): boolean {
  return connection !== undefined && /(?:^|,)[ \t]*close[ \t]*(?:,|$)/i.test(connection);
}

function otherwise(line: string): number {
  if (/^[A-Z]{1,20} \/[!-~]* HTTP\/1\.[01]$/.test(line)) return 501;
  return / HTTP\/(?!1\.[01]$)\d\.\d$/.test(line) ? 505 : 400;
}

function trimmedEnd(value: string): string {
  const last = value.charCodeAt(value.length - 1);
  return last === 32 || last === 9 ? value.replace(/[ \t]+$/, "") : value;
}
