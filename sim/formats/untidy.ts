/**
 * What becomes of lines on their way into a file: a few are lost, a few arrive twice, a few late. Knows nothing of what they
 * say; what is lost is in the truth all the same.
 */
import type { Rng } from "../rng.ts";

const lostShare = 0.002;
const doubledShare = 0.002;
const lateShare = 0.01;
/** Lines that overtake a late one at most. */
const lateMax = 30;

export class Untidy {
  readonly #rng: Rng;
  readonly #sink: (line: string) => void;
  /** Late lines, with the number of lines that still overtake each. */
  #late: { line: string; left: number }[] = [];

  constructor(rng: Rng, sink: (line: string) => void) {
    this.#rng = rng;
    this.#sink = sink;
  }

  put(line: string): void {
    const rng = this.#rng;
    const lot = rng.next();
    if (lot < lostShare) return;
    if (lot < lostShare + lateShare) {
      this.#late.push({ line, left: 1 + rng.int(lateMax) });
      return;
    }
    this.#sink(line);
    if (lot > 1 - doubledShare) this.#sink(line);
    for (const late of this.#late) {
      late.left -= 1;
      if (late.left === 0) this.#sink(late.line);
    }
    this.#late = this.#late.filter(({ left }) => left > 0);
  }

  /** Whatever is still on its way arrives. */
  end(): void {
    for (const { line } of this.#late) this.#sink(line);
    this.#late = [];
  }
}
