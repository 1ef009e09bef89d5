/**
 * Addresses in their canonical text, one string for each. A dotted quad, which nearly all are, is looked up by its 32 bits:
 * its characters have to be looked at anyway, to know that it is one, and a string's own hash would look at them again.
 */
import { canonicalAddress, quadOf } from "#/signin/address.ts";
import { Interner, detached } from "./interner.ts";

/** Places in the table, a power of two. */
const PLACES = 131_072;
/** More would make the table slow; it is begun anew then. */
const QUADS_MAX = PLACES / 2;

export class Addresses {
  readonly #bits = new Int32Array(PLACES);
  #texts: (string | undefined)[] = Array.from({ length: PLACES });
  #count = 0;
  readonly #others = new Interner(canonicalAddress);

  of(given: string): string {
    const quad = quadOf(given);
    if (quad < 0) return this.#others.of(given);
    const bits = quad | 0;
    let place = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d) >>> 15;
    for (;;) {
      const text = this.#texts[place];
      if (text === undefined) return this.#add(place, bits, given);
      if (this.#bits[place] === bits) return text;
      place = (place + 1) & (PLACES - 1);
    }
  }

  #add(place: number, bits: number, given: string): string {
    if (this.#count >= QUADS_MAX) {
      this.#texts = Array.from({ length: PLACES });
      this.#count = 0;
    }
    const own = detached(given);
    this.#bits[place] = bits;
    this.#texts[place] = own;
    this.#count += 1;
    return own;
  }
}
