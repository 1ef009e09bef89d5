/**
 * Fingerprints of passwords: what a server sends (an unkeyed hash, from which a password can be guessed) becomes a keyed one, which tells nothing
 * without the key and compares equal for equal passwords. The key is made here, lives in memory only, and when it changes the one before is
 * gone. What was sent is not kept, returned, logged or put into an error. It comes only from where nobody else can have read it: protocols/desk.ts
 * holds back everything else, and protocols/endpoint.ts does not listen in the clear where strangers are. docs/threat-model.md says what that is
 * worth.
 */
import { type KeyObject, createHmac, createSecretKey, randomBytes } from "node:crypto";
import type { Duration, Millis } from "#/platform/units.ts";

/** SHA-1, SHA-256, SHA-384 and SHA-512 in hexadecimal. Anything shorter is cut, and equal for many passwords. */
const lengths = new Set([40, 64, 96, 128]);
const KEY_BYTES = 32;
/** 128 bits: no two passwords meet by chance. */
const FINGERPRINT_LENGTH = 32;

export class Fingerprints {
  readonly #keyFor: Duration;
  #key = freshKey();
  #keySince: Millis;
  /** What was sent as a hash and was none; perhaps a password, so nothing but the number is kept. */
  malformed = 0;

  constructor(keyFor: Duration, now: Millis) {
    this.#keyFor = keyFor;
    this.#keySince = now;
  }

  /** The keyed fingerprint of a password whose full hash in hexadecimal this is; "" for what is none, or is cut. */
  of(hash: string, now: Millis): string {
    if (hash === "") return "";
    if (!lengths.has(hash.length) || !/^[\da-fA-F]+$/.test(hash)) {
      this.malformed += 1;
      return "";
    }
    if (now - this.#keySince >= this.#keyFor) {
      this.#key = freshKey();
      this.#keySince = now;
    }
    return createHmac("sha256", this.#key).update(hash.toLowerCase()).digest("hex").slice(0, FINGERPRINT_LENGTH);
  }
}

/** The key lies outside the heap of JavaScript, so no heap snapshot has it; the bytes that it was made of are overwritten. */
function freshKey(): KeyObject {
  const bytes = randomBytes(KEY_BYTES);
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}
