/**
 * Syslog messages, however they came, through the same wrappers and recogniser as a log that syslog wrote. There is no acknowledgement in
 * syslog: what was taken in is handed on as soon as it is read, and what was not is lost with this process.
 */
import type { InputContext } from "#/inputs/context.ts";
import type { InputReport } from "#/inputs/input.ts";
import { Outbox } from "#/inputs/outbox.ts";
import { LiveLog, type Place } from "#/inputs/reading/live-log.ts";
import { type Duration, seconds } from "#/platform/units.ts";
import { LocalTime } from "#/sources/local-time.ts";
import type { Recogniser, RecogniserOptions } from "#/sources/reading/recogniser.ts";

/** How often it is looked whether somebody has waited long enough for a better witness. */
const SETTLE_EVERY = seconds(1);

export class Messages {
  readonly #input: string;
  readonly #log: LiveLog<Place>;
  readonly #recogniser: Recogniser;
  readonly #outbox: Outbox;
  readonly #timer: Disposable;
  readonly #run: string;
  #count = 0;
  #malformed = 0;
  #lastTicks: number;

  constructor(input: string, sources: RecogniserOptions, context: InputContext) {
    const { clock, timers, timezone } = context;
    this.#input = input;
    this.#outbox = new Outbox(context);
    this.#run = clock.now().toString(36);
    this.#log = new LiveLog<Place>(sources, { id: () => "" }, () => this.malformed());
    this.#recogniser = this.#log.recogniser(new LocalTime(timezone, clock.now()));
    this.#lastTicks = clock.ticks();
    this.#timer = timers.every(SETTLE_EVERY, () => {
      const now = clock.ticks();
      this.#log.silence((now - this.#lastTicks) as Duration);
      this.#lastTicks = now;
      void this.flush();
    });
  }

  /** One message. @param isLast whether it may be cut short. */
  read(bytes: Buffer, isLast = false): void {
    const text = textOf(bytes);
    this.#count += 1;
    // Nobody can send the same once more and mean the same: a name of its own for each.
    const id = `${this.#run}.${this.#count}`;
    this.#log.at({ id: () => id });
    if (!isLast) this.#recogniser.line(text);
    else if (text !== "") this.#recogniser.lastLine(text);
  }

  malformed(): void {
    this.#malformed += 1;
  }

  /** Resolves when what has been completed is durable. Whoever waits for it before reading on is held back. */
  async flush(): Promise<void> {
    const arrivals = this.#log.take();
    if (arrivals.length > 0) await this.#outbox.deliver({ input: this.#input, arrivals, position: undefined });
  }

  report(dropped: number, trouble: string): InputReport {
    return {
      input: this.#input,
      signIns: this.#log.signIns,
      ignored: this.#recogniser.ignored,
      malformed: this.#malformed,
      dropped,
      trouble: this.#outbox.trouble || trouble,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer[Symbol.dispose]();
    this.#log.settle();
    const last = this.flush();
    await this.#outbox.close();
    await last;
  }
}

/** Valid text without its end; line ends within become blanks, since no program's line has one. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString("utf8").replace(/[\r\n\0]+$/, "");
  return /[\r\n]/.test(text) ? text.replace(/[\r\n]+/g, " ") : text;
}
