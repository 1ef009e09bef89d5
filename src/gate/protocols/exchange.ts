/**
 * One question over HTTP and its answer, as the protocols see them. What carried it, they do not know; so that can be exchanged, and a protocol be
 * tested without any.
 */

/** Whom a listener is talking to. */
export type Peer = {
  /** Canonical; "" for a Unix socket. */
  readonly address: string;
  /**
   * Nobody else can have read what came: loopback, a Unix socket or TLS. Only then may a password, or what tells of one, be taken.
   */
  readonly isSafe: boolean;
};

export type Asked = {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** What follows "?", "" for nothing. */
  readonly query: string;
  /** By names in lower case. Several of one name are joined with ", ", as RFC 9110 has it. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
  readonly peer: Peer;
};

export type Reply = {
  readonly status: number;
  /** The content type; "" for no body. */
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Answers at once where it can: a promise costs a turn. */
export type Handler = (asked: Asked) => Reply | Promise<Reply>;

/**
 * What whoever asks has to show, where the site has tokens. token: in Authorization or X-API-Key. key: in X-API-Key only, for Authorization is the
 * member's own there. none: everybody may ask.
 */
export type Guard = "token" | "key" | "none";

/** What is found at a path. */
export type Route = {
  /** Names it in the metrics. */
  readonly protocol: string;
  readonly guard: Guard;
  readonly handle: Handler;
};

/** Routes by path, without the query. */
export type Routes = ReadonlyMap<string, Route>;

export function headerOf(asked: Asked, name: string): string {
  const value = asked.headers[name];
  if (value === undefined) return "";
  return typeof value === "string" ? value : value.join(", ");
}

export const json = (status: number, value: unknown): Reply => ({
  status,
  type: "application/json",
  body: JSON.stringify(value),
});

export const bare = (status: number): Reply => ({ status, type: "", body: "" });

/** The objects of JSON.parse, without a look at what is in them. */
export type Fields = Readonly<Record<string, unknown>>;

/** A text that is one JSON object; undefined for any other. */
export function objectOf(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A field that is a text, cut where no real one is that long; "" for any other. */
export function textOf(fields: Fields, name: string): string {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  if (typeof value !== "string") return "";
  return value.length > TEXT_LENGTH_MAX ? value.slice(0, TEXT_LENGTH_MAX) : value;
}

/** Longer than any account, address, user agent or IMAP ID that is worth reading. */
const TEXT_LENGTH_MAX = 2_048;
