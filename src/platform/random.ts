// Randomness that is handed in: the same seed gives the same numbers on every machine.

import { randomBytes } from "node:crypto";

/** A number in [0, 1). */
export type Random = () => number;

/** mulberry32: 32 bits of state, integer arithmetic only, so every machine agrees. Not for secrets. */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Nobody can guess it: 256 bits, as text that needs no quoting anywhere. */
export const secretText = (): string => randomBytes(32).toString("base64url");
