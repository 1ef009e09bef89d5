/**
 * One string for each different text, so that a million sign-ins hold a few thousand strings. What goes in is a slice of
 * a chunk of the file; what comes out is a string of its own, so that the chunk can be forgotten.
 *
 * Invented texts cannot fill the memory: two generations are kept, and when the younger is full the older is forgotten.
 * Forgetting costs time, never a wrong answer.
 */

/** Entries of one generation. */
const ENTRIES_MAX = 65_536;

export class Interner {
  readonly #make: (text: string) => string;
  #young = new Map<string, string>();
  #old = new Map<string, string>();
  #lastText = "";
  #last = "";

  /** @param make what each text becomes; asked once for each. */
  constructor(make: (text: string) => string) {
    this.#make = make;
  }

  of(text: string): string {
    if (text === this.#lastText) return this.#last;
    let made = this.#young.get(text);
    if (made === undefined) {
      const own = detached(text);
      made = this.#old.get(own) ?? this.#made(own);
      if (this.#young.size >= ENTRIES_MAX) {
        this.#old = this.#young;
        this.#young = new Map();
      }
      this.#young.set(own, made);
      this.#lastText = own;
      this.#last = made;
    }
    return made;
  }

  #made(own: string): string {
    const made = this.#make(own);
    return made === own ? own : detached(made);
  }
}

/**
 * The same text as one piece. A text that was put together from slices keeps them, and so their chunks, until something
 * makes one piece of it; asking for a character does, at half the price of a copy.
 */
export function flattened(text: string): string {
  return text.charCodeAt(0) === -1 ? "" : text;
}

/** V8 copies slices shorter than this and keeps longer ones as views of their parent. */
const VIEW_LENGTH_MIN = 13;

let scratch = Buffer.alloc(4_096);

/** A copy that shares no memory with a longer string. There is no operation for it; the way through a buffer is sure to copy. */
export function detached(text: string): string {
  if (text.length < VIEW_LENGTH_MIN) return text;
  if (scratch.length < text.length * 2) scratch = Buffer.alloc(text.length * 4);
  const encoding = isLatin1(text) ? "latin1" : "utf16le";
  return scratch.toString(encoding, 0, scratch.write(text, encoding));
}

function isLatin1(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) > 255) return false;
  return true;
}
