/**
 * How an arrival's id is kept. Ids that end in ":" and a number (a file's identity and an offset) share a prefix, their stream, and are found by their
 * number, of which the next lies beside the last. Of any other id 96 bits of its SHA-256 are kept: no two will meet, and what stands in it is
 * not stored.
 */
import { hash } from "node:crypto";

export type Mark = { readonly prefix: string; readonly mark: number | Uint8Array };

const MARK_BYTES = 12;
/** Longer prefixes would make streams a place to keep things in. */
const PREFIX_MAX = 200;
/** Fifteen digits are exact in a number. */
const numbered = /:(0|[1-9]\d{0,14})$/;

export function markOf(id: string): Mark {
  const digits = id.length <= PREFIX_MAX ? numbered.exec(id)?.[1] : undefined;
  if (digits !== undefined) return { prefix: id.slice(0, -digits.length), mark: Number(digits) };
  return { prefix: "", mark: hash("sha256", id, "buffer").subarray(0, MARK_BYTES) };
}
