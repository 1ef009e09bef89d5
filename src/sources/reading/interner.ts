/**
 * One string for each different text, so that a million sign-ins hold a few thousand strings. What goes in is a slice of
 * a chunk of the file; what comes out is a string of its own, so that the chunk can be forgotten.
 */

const ENTRIES_MAX = 200_000;

export class Interner {
  readonly #make: (text: string) => string;
  #texts = new Map<string, string>();

  /** @param make what each text becomes; asked once for each. */
  constructor(make: (text: string) => string) {
    this.#make = make;
  }

  of(text: string): string {
    if (text === "") return "";
    const found = this.#texts.get(text);
    if (found !== undefined) return found;
    // Invented texts cannot fill the memory: when full, all are forgotten, and the living ones come back.
    if (this.#texts.size >= ENTRIES_MAX) this.#texts = new Map();
    const own = detached(text);
    const made = detached(this.#make(own));
    this.#texts.set(own, made);
    return made;
  }
}

/** A copy that shares no memory with a longer string. V8 keeps slices of 13 characters and more as views of their parent. */
function detached(text: string): string {
  return text.length < 13 ? text : Buffer.from(text, "utf16le").toString("utf16le");
}
