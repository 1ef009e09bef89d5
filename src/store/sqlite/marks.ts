/**
 * How an arrival's id is kept. Ids that end in ":" and a number (a file's identity and an offset) share a prefix, their stream, and are found by their
 * number, of which the next lies beside the last. Of any other id, and of prefixes, 96 bits of the SHA-256 are kept: no two will meet, and
 * what stands in them is not stored.
 */
import { hash } from "node:crypto";

export type Mark = { readonly prefix: string; readonly mark: number | Uint8Array };

const HASH_BYTES = 12;
/** Fifteen digits are exact in a number. */
const numbered = /:(0|[1-9]\d{0,14})$/;

export function markOf(id: string): Mark {
  const digits = numbered.exec(id)?.[1];
  if (digits !== undefined) return { prefix: id.slice(0, -digits.length), mark: Number(digits) };
  return { prefix: "", mark: shortHash(id) };
}

export const shortHash = (text: string): Uint8Array => hash("sha256", text, "buffer").subarray(0, HASH_BYTES);
