/**
 * Addresses, one object for each: its canonical text, and what was last said from there. A dotted quad, which nearly all
 * are, is looked up by its 32 bits: its characters have to be looked at anyway, to know that it is one, and a string's own
 * hash would look at them again.
 */
import { canonicalAddress, quadOf } from "#/signin/address.ts";
import { Seen } from "./bystanders.ts";
import { detached } from "./interner.ts";
import { Keys } from "./keys.ts";

/** Places in the table of quads, a power of two. */
const PLACES = 131_072;
/** More would make the table slow; it is begun anew then. */
const QUADS_MAX = PLACES / 2;
/** Other addresses of one generation. */
const OTHERS_MAX = 32_768;

export class Address {
  readonly text: string;
  #seen: Seen | undefined;

  constructor(text: string) {
    this.text = text;
  }

  get seen(): Seen {
    return (this.#seen ??= new Seen());
  }
}

const nowhere = new Address("");

export class Addresses {
  readonly #bits = new Int32Array(PLACES);
  #quads: (Address | undefined)[] = Array.from({ length: PLACES });
  #count = 0;
  readonly #others = new Keys<Address>(OTHERS_MAX);

  /** The canonical text. */
  of(given: string): string {
    return this.at(given).text;
  }

  at(given: string): Address {
    const quad = quadOf(given);
    return quad < 0 ? this.#other(given) : this.#quad(given, quad | 0);
  }

  #quad(given: string, bits: number): Address {
    let place = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d) >>> 15;
    for (;;) {
      const address = this.#quads[place];
      if (address === undefined) break;
      if (this.#bits[place] === bits) return address;
      place = (place + 1) & (PLACES - 1);
    }
    if (this.#count >= QUADS_MAX) {
      this.#quads = Array.from({ length: PLACES });
      this.#count = 0;
    }
    const address = new Address(detached(given));
    this.#bits[place] = bits;
    this.#quads[place] = address;
    this.#count += 1;
    return address;
  }

  #other(given: string): Address {
    if (given === "") return nowhere;
    const known = this.#others.get(given);
    if (known !== undefined) return known;
    const text = canonicalAddress(given);
    const address = text === given ? new Address(detached(text)) : this.at(text);
    this.#others.set(address.text === given ? address.text : detached(given), address);
    return address;
  }
}
