/**
 * Takes verdicts from the answering of attempts to wherever they are kept, in batches and later, so that no answer waits for it. When more come than
 * can be kept, the newest are left out and counted: what is kept then is the beginning of whatever happened.
 */
import type { Timers } from "#/platform/timers.ts";
import { type Duration, seconds } from "#/platform/units.ts";
import type { RecordedVerdict } from "../attempt.ts";

/** Keeps a batch, in order. It may do so later, and may fail. */
export type KeepVerdicts = (batch: readonly RecordedVerdict[]) => void | Promise<void>;

export type RecorderSettings = {
  readonly waitingMax: number;
  readonly batchMax: number;
  /** How long a verdict waits for others at most. */
  readonly every: Duration;
};

export const recorderDefaults: RecorderSettings = { waitingMax: 100_000, batchMax: 1_000, every: seconds(1) };

export type RecorderReport = {
  readonly waiting: number;
  readonly kept: number;
  readonly dropped: number;
  /** Why the last batch could not be kept; "" where it was. */
  readonly trouble: string;
};

export class VerdictRecorder implements AsyncDisposable {
  readonly #keep: KeepVerdicts;
  readonly #timers: Pick<Timers, "after">;
  readonly #settings: RecorderSettings;
  #waiting: RecordedVerdict[] = [];
  #next: Disposable | undefined;
  #keeping: Promise<void> | undefined;
  #kept = 0;
  #dropped = 0;
  #trouble = "";

  constructor(keep: KeepVerdicts, timers: Pick<Timers, "after">, settings: RecorderSettings = recorderDefaults) {
    this.#keep = keep;
    this.#timers = timers;
    this.#settings = settings;
  }

  /** Never waits and never fails. */
  record(verdict: RecordedVerdict): void {
    if (this.#waiting.length >= this.#settings.waitingMax) {
      this.#dropped += 1;
      return;
    }
    this.#waiting.push(verdict);
    this.#schedule();
  }

  report(): RecorderReport {
    return { waiting: this.#waiting.length, kept: this.#kept, dropped: this.#dropped, trouble: this.#trouble };
  }

  /** Hands on what waits, once; what then cannot be kept is lost and counted. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#next?.[Symbol.dispose]();
    await this.#keeping;
    await this.#flush(this.#waiting.length);
    this.#dropped += this.#waiting.length;
    this.#waiting = [];
  }

  #schedule(): void {
    if (this.#next !== undefined || this.#keeping !== undefined) return;
    this.#next = this.#timers.after(this.#settings.every, () => {
      this.#next = undefined;
      this.#keeping = this.#flush(this.#settings.batchMax).finally(() => {
        this.#keeping = undefined;
        if (this.#waiting.length > 0) this.#schedule();
      });
    });
  }

  /** What cannot be kept stays, to be tried again: a full disk may be mended. */
  async #flush(max: number): Promise<void> {
    const batch = this.#waiting.slice(0, max);
    if (batch.length === 0) return;
    try {
      await this.#keep(batch);
      this.#waiting = this.#waiting.slice(batch.length);
      this.#kept += batch.length;
      this.#trouble = "";
    } catch (error) {
      this.#trouble = error instanceof Error ? error.message : String(error);
    }
  }
}
