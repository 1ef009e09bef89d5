/**
 * Who may push: a file with a line for each token, its name and its SHA-256, never the token itself. Tokens are long and random, so a plain
 * hash does: there is nothing to guess. Every comparison takes the same time, whichever token it is and however wrong it is.
 *
 *     # token=$(openssl rand -hex 32); printf %s "$token" | sha256sum
 *     mail1: 5f2b...
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { Failure } from "#/platform/failure.ts";

type Token = { readonly name: string; readonly hash: Buffer };

const TOKENS_MAX = 1_000;
/** Longer ones are no tokens; nobody hashes megabytes for a stranger. */
const TOKEN_LENGTH_MAX = 512;

export class Tokens {
  readonly #path: string;
  #tokens: readonly Token[];
  #changed: number;
  /** Why the file is not what counts now; "" for nothing. */
  trouble = "";

  /** @throws Failure tokens-invalid */
  constructor(path: string) {
    this.#path = path;
    this.#changed = changeOf(path);
    this.#tokens = read(path);
  }

  /** Reads the file again where it has changed. One that is broken changes nothing, and is told. */
  refresh(): void {
    try {
      const changed = changeOf(this.#path);
      if (changed === this.#changed) return;
      this.#tokens = read(this.#path);
      this.#changed = changed;
      this.trouble = "";
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.trouble = `${error.message} The tokens that were read before go on to count.`;
    }
  }

  /** The name of the token that was sent; undefined where it is none of them. */
  nameOf(headers: IncomingHttpHeaders): string | undefined {
    const sent = sentIn(headers.authorization ?? "");
    if (sent === "" || sent.length > TOKEN_LENGTH_MAX) return undefined;
    const hash = createHash("sha256").update(sent).digest();
    let found: string | undefined;
    for (const token of this.#tokens) if (timingSafeEqual(token.hash, hash)) found = token.name;
    return found;
  }
}

/** "Bearer TOKEN", or Basic with the token as the password, for senders that know a URL only: https://any:TOKEN@host/push. */
function sentIn(authorization: string): string {
  const bearer = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (bearer !== undefined) return bearer;
  const basic = /^Basic +([\w+/=-]+)$/i.exec(authorization)?.[1];
  if (basic === undefined) return "";
  const text = Buffer.from(basic, "base64").toString("utf8");
  return text.slice(text.indexOf(":") + 1);
}

function read(path: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const [index, line] of textOf(path).split("\n").entries()) {
    const text = line.trim();
    if (text === "" || text.startsWith("#")) continue;
    const found = /^([\w.-]{1,64})\s*:\s*([0-9a-fA-F]{64})$/.exec(text);
    if (found === null) {
      throw invalid(path, index + 1, `is not "name: SHA-256 in hex". Make one by: printf %s "$token" | sha256sum`);
    }
    const [, name = "", hash = ""] = found;
    if (tokens.some((token) => token.name === name)) throw invalid(path, index + 1, `names ${name} once more`);
    tokens.push({ name, hash: Buffer.from(hash, "hex") });
    if (tokens.length > TOKENS_MAX)
      throw invalid(path, index + 1, `is one more than the ${TOKENS_MAX} that there may be`);
  }
  if (tokens.length === 0)
    throw new Failure("tokens-invalid", `${path}: there is no token in it, so nobody could push.`);
  return tokens;
}

const invalid = (path: string, line: number, what: string): Failure =>
  new Failure("tokens-invalid", `${path}:${line}: the line ${what}.`);

const unreadable = (path: string, cause: unknown): Failure =>
  new Failure(
    "tokens-invalid",
    `${path}: the tokens cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
    { cause },
  );

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw unreadable(path, error);
  }
}

function changeOf(path: string): number {
  try {
    return statSync(path).mtimeMs;
  } catch (error) {
    throw unreadable(path, error);
  }
}
