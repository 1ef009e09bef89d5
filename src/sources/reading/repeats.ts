/**
 * The last lines of a file, each with its host and what it said: what "last message repeated 3 times" is about. A central
 * log has lines of other hosts between the two.
 */
import type { Evidence, Source } from "#/sources/source.ts";

/** Lines that are looked back upon; a power of two. Each that was evidence may keep a chunk of the file. */
const LINES = 64;

export type Said = { readonly evidence: Evidence; readonly source: Source };

export class Repeats {
  readonly #hosts: string[] = Array.from({ length: LINES }, () => "\n");
  readonly #evidence: (Evidence | undefined)[] = Array.from({ length: LINES });
  readonly #sources: (Source | undefined)[] = Array.from({ length: LINES });
  #next = 0;

  /** Takes note of a line of this host, and of what it said where it was evidence. */
  note(host: string, evidence: Evidence | undefined, source: Source | undefined): void {
    const place = this.#next;
    this.#hosts[place] = host;
    this.#evidence[place] = evidence;
    this.#sources[place] = source;
    this.#next = (place + 1) & (LINES - 1);
  }

  /** What the last line of this host said; undefined where it was no evidence. */
  of(host: string): Said | undefined {
    for (let back = 1; back <= LINES; back += 1) {
      const place = (this.#next - back) & (LINES - 1);
      if (this.#hosts[place] !== host) continue;
      const evidence = this.#evidence[place];
      const source = this.#sources[place];
      return evidence === undefined || source === undefined ? undefined : { evidence, source };
    }
    return undefined;
  }
}
