/**
 * Hands what one protocol is told on in batches, as an input like any other: while one batch becomes durable the next gathers, so that thousands of
 * reports a second cost a few writes, and a single one waits for nobody.
 */
import type { Arrival, Take } from "#/inputs/input.ts";
import type { SignIn } from "#/signin/signin.ts";

/** More at once would keep whoever takes them from everything else. */
const BATCH_MAX = 2_000;

type Waiting = {
  readonly arrival: Arrival;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

export class Telling {
  readonly #input: string;
  readonly #take: Take;
  #waiting: Waiting[] = [];
  #isHandingOn = false;

  /** @param protocol names the input: "gate:dovecot" */
  constructor(protocol: string, take: Take) {
    this.#input = `gate:${protocol}`;
    this.#take = take;
  }

  /** Resolves when the sign-in is durable. How many may wait is for the desk to say. @throws what `take` throws */
  tell(signIn: SignIn, id: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ arrival: { signIn, id }, resolve, reject });
      if (!this.#isHandingOn) void this.#handOn();
    });
  }

  async #handOn(): Promise<void> {
    this.#isHandingOn = true;
    // What came in the same turn, on other connections, goes together.
    await new Promise(setImmediate);
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.slice(0, BATCH_MAX);
      this.#waiting = this.#waiting.slice(BATCH_MAX);
      try {
        await this.#take({ input: this.#input, arrivals: batch.map(({ arrival }) => arrival), position: undefined });
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    this.#isHandingOn = false;
  }
}
