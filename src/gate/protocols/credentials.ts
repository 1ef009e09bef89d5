/**
 * Who may ask the gate. Tokens are kept as their SHA-256: they are long and random, so that a slow hash would protect nothing and cost every answer.
 * What is compared are hashes, in constant time, and always all of them.
 */
import { hash, timingSafeEqual } from "node:crypto";
import type { Guard } from "./exchange.ts";

export type Token = {
  /** Whose it is, for the log. */
  readonly name: string;
  /** SHA-256, in hexadecimal. */
  readonly sha256: string;
};

export type Shown = {
  /** As they came; "" where there is none. */
  readonly authorization: string;
  readonly apiKey: string;
  /** TLS has checked a certificate of whoever asks. */
  readonly isCertified: boolean;
};

export class Credentials {
  readonly #hashes: readonly Buffer[];

  constructor(tokens: readonly Token[]) {
    this.#hashes = tokens.map(({ sha256 }) => Buffer.from(sha256, "hex"));
  }

  get isEmpty(): boolean {
    return this.#hashes.length === 0;
  }

  /** Without any tokens everybody may ask who can reach the listener; which listeners may do without is decided where they are opened. */
  admits(guard: Guard, shown: Shown): boolean {
    if (guard === "none" || this.isEmpty || shown.isCertified) return true;
    const presented = (guard === "token" ? tokenOf(shown.authorization) : "") || shown.apiKey;
    if (presented === "") return false;
    const own = hash("sha256", presented, "buffer");
    let found = false;
    for (const known of this.#hashes) {
      if (known.length === own.length && timingSafeEqual(known, own)) found = true;
    }
    return found;
  }
}

/** "Bearer TOKEN", or "Basic" with the token as its password: Dovecot and weakforced's clients can do that one. */
function tokenOf(authorization: string): string {
  const [, scheme = "", value = ""] = /^ *(bearer|basic) +([^\s,]{1,1024}) *$/i.exec(authorization) ?? [];
  if (scheme.toLowerCase() !== "basic") return value;
  const pair = Buffer.from(value, "base64").toString();
  return pair.slice(pair.indexOf(":") + 1);
}
