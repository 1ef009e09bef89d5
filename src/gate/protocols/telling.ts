/**
 * Hands what one protocol is told on in batches, as an input like any other: while one batch becomes durable the next gathers, so that thousands of
 * reports a second cost a few writes, and a single one waits for nobody.
 *
 * Where a batch cannot be kept soon (a full disk), whoever told is answered that it is late: Dovecot asks and tells over the same few connections,
 * and reports that hang on them would hold up members' sign-ins for half a minute. What was told is kept all the same as soon as that can be.
 */
import type { Arrival, Take } from "#/inputs/input.ts";
import { Failure } from "#/platform/failure.ts";
import type { Timers } from "#/platform/timers.ts";
import { seconds } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";

/** More at once would keep whoever takes them from everything else. */
const BATCH_MAX = 2_000;
/** A slow disk takes a tenth of that; Dovecot gives up after 2 s, and holds a connection for as long as it waits. */
const LATE_AFTER = seconds(0.5);
/** What may wait to be kept while nobody waits for it any more. What comes then is lost, and said to be. */
const HELD_MAX = 50_000;

type Waiting = {
  readonly arrival: Arrival;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

export class Telling {
  readonly #input: string;
  readonly #take: Take;
  readonly #timers: Timers;
  readonly #heldMax: number;
  #waiting: Waiting[] = [];
  #isHandingOn = false;
  #isLate = false;

  /** @param protocol names the input: "gate:dovecot" */
  constructor(protocol: string, take: Take, timers: Timers, heldMax = HELD_MAX) {
    this.#input = `gate:${protocol}`;
    this.#take = take;
    this.#timers = timers;
    this.#heldMax = heldMax;
  }

  /** Resolves when the sign-in is durable. @throws Failure report-late where that takes too long, report-lost; what `take` throws */
  tell(signIn: SignIn, id: string): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#isLate && this.#waiting.length >= this.#heldMax) {
        reject(lost(this.#waiting.length));
        return;
      }
      this.#waiting.push({ arrival: { signIn, id }, resolve, reject });
      if (this.#isLate) reject(late());
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
        using _late = this.#timers.after(LATE_AFTER, () => this.#sayLate(batch));
        await this.#take({ input: this.#input, arrivals: batch.map(({ arrival }) => arrival), position: undefined });
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
      this.#isLate = false;
    }
    this.#isHandingOn = false;
  }

  #sayLate(batch: readonly Waiting[]): void {
    this.#isLate = true;
    for (const { reject } of [...batch, ...this.#waiting]) reject(late());
  }
}

const late = (): Failure =>
  new Failure(
    "report-late",
    "what servers report cannot be kept just now, and waits in memory; the log of the watch says what is in its way",
  );

const lost = (held: number): Failure =>
  new Failure("report-lost", `${held} reports wait in memory to be kept, and no more are taken`);
