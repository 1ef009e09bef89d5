/**
 * Hands batches on, one after the other, and holds back whoever hands them in until they are durable. Where they cannot be kept it says so
 * and tries again, and nothing is dropped: whoever reads a file or a connection reads no further meanwhile.
 */
import { Failure } from "#/platform/failure.ts";
import type { Timers } from "#/platform/timers.ts";
import { type Duration, doubled, seconds } from "#/platform/units.ts";
import type { InputContext } from "./context.ts";
import type { Batch, Take } from "./input.ts";
import type { LiveCopies } from "./live-copies.ts";

const AGAIN_FIRST = seconds(1);
const AGAIN_LAST = seconds(30);

export class Outbox {
  readonly #take: Take;
  readonly #timers: Timers;
  readonly #copies: LiveCopies;
  readonly #closing = new AbortController();
  #last: Promise<boolean> = Promise.resolve(true);
  #hasGivenUp = false;
  /** Why nothing can be kept now; "" for nothing. */
  trouble = "";

  constructor({ take, timers, copies }: Pick<InputContext, "take" | "timers" | "copies">) {
    this.#take = take;
    this.#timers = timers;
    this.#copies = copies;
  }

  /**
   * Resolves when it is durable; to false where that had to be given up, since everything ends. What comes after that is given up as well: its
   * position would say that what was given up had been kept.
   */
  async deliver(batch: Batch): Promise<boolean> {
    const before = this.#last;
    const arrivals = this.#copies.originals(batch.input, batch.arrivals);
    this.#last = before.then(async () => this.#keep({ ...batch, arrivals }));
    return this.#last;
  }

  /** No more attempts at what cannot be kept. Resolves when all that was handed in is through. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#last.catch(() => undefined);
  }

  async #keep(batch: Batch): Promise<boolean> {
    if (this.#hasGivenUp) return false;
    for (let wait = AGAIN_FIRST; ; wait = doubled(wait, AGAIN_LAST)) {
      try {
        await this.#take(batch);
        this.trouble = "";
        return true;
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        this.trouble = error.message;
      }
      if (this.#closing.signal.aborted) {
        this.#hasGivenUp = true;
        return false;
      }
      await this.#wait(wait);
    }
  }

  async #wait(length: Duration): Promise<void> {
    const { signal } = this.#closing;
    await new Promise<void>((resolve) => {
      const timer = this.#timers.after(length, resolve);
      signal.addEventListener("abort", () => {
        timer[Symbol.dispose]();
        resolve();
      });
    });
  }
}
