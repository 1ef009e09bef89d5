/**
 * Makes people's changes to the posture: in force at once, and kept as soon as that can be. Whoever changes something in an emergency does not wait for a
 * disk that is full or a watch that hangs; what could not be kept is tried again, in its order, until it is.
 */
import { Failure } from "#/platform/failure.ts";
import { type Timers, within } from "#/platform/timers.ts";
import { type Millis, seconds } from "#/platform/units.ts";
import { type Wanted, checkedChange } from "./checked-change.ts";
import type { Gate } from "./gate.ts";
import type { Numbered, PostureEntry } from "./posture.ts";

const AGAIN_AFTER = seconds(10);
/** How long whoever asked is kept waiting to hear that it is kept. */
const PATIENCE = seconds(10);

type Append = (entry: PostureEntry) => void | Promise<void>;

export class PostureKeeper {
  readonly #gate: Gate;
  readonly #append: Append;
  readonly #timers: Pick<Timers, "after"> | undefined;
  readonly #unkept: PostureEntry[] = [];
  #keeping: Promise<void> | undefined;
  #trouble = "";

  /** @param timers to try again by itself; without them, it is tried again with the next change */
  constructor(gate: Gate, append: Append, timers: Pick<Timers, "after"> | undefined) {
    this.#gate = gate;
    this.#append = append;
    this.#timers = timers;
  }

  /** Why the last changes are not kept; "" where they are. */
  get trouble(): string {
    if (this.#trouble !== "" || this.#unkept.length === 0) return this.#trouble;
    return "what keeps them has not answered yet: it is busy, or hangs";
  }

  /** @throws Failure gate-change-invalid, and then nothing has changed */
  async make(wanted: Wanted, now: Millis): Promise<{ readonly entry: Numbered; readonly trouble: string }> {
    const gate = this.#gate;
    const entry = checkedChange(wanted, gate.posture, gate.settings, now);
    gate.setPosture([...gate.posture, entry]);
    const number = gate.posture.length;
    this.#unkept.push(entry);
    await this.#patiently(this.#keep());
    return { entry: { ...entry, number }, trouble: this.#unkept.includes(entry) ? this.trouble : "" };
  }

  #keep(): Promise<void> {
    this.#keeping ??= this.#keepAll().finally(() => (this.#keeping = undefined));
    return this.#keeping;
  }

  /** In their order, so that the numbers in the log are those that people were told. */
  async #keepAll(): Promise<void> {
    for (let next = this.#unkept[0]; next !== undefined; next = this.#unkept[0]) {
      try {
        await this.#append(next);
      } catch (error) {
        // Whatever it is, the change is in force and must not be lost for it.
        this.#trouble = error instanceof Error ? error.message : String(error);
        this.#timers?.after(AGAIN_AFTER, () => void this.#keep());
        return;
      }
      this.#unkept.shift();
      this.#trouble = "";
    }
  }

  async #patiently(work: Promise<void>): Promise<void> {
    if (this.#timers === undefined) return work;
    try {
      await within(PATIENCE, work, this.#timers, () => new Failure("watch-stopped", "it has not answered yet"));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
    }
  }
}
