/**
 * The systemd journal, as `journalctl --follow --output=json` tells it. Entries have cursors, which are the position and the names of what was
 * read. Where journalctl ends it is started again and goes on after the last entry; where there is none that is told, and tried again.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import type { InputContext } from "#/inputs/context.ts";
import type { Input, InputReport } from "#/inputs/input.ts";
import { Outbox } from "#/inputs/outbox.ts";
import { ByteLines } from "#/inputs/reading/byte-lines.ts";
import { LiveLog, type Place } from "#/inputs/reading/live-log.ts";
import { type Duration, doubled, seconds } from "#/platform/units.ts";
import { LocalTime } from "#/sources/local-time.ts";
import type { Recogniser, RecogniserOptions } from "#/sources/reading/recogniser.ts";
import type { JsonObject } from "#/sources/source.ts";
import { readJournalPosition, timeOfCursor, writeJournalPosition } from "./journal-position.ts";

export type JournalOptions = {
  /** Only what these units say; none for all. */
  readonly units: readonly string[];
  /** Where the journal's files are; "" for the machine's own journal. */
  readonly folder: string;
  readonly sources: RecogniserOptions;
};

/** What is read of a journal at first: enough to know a day's people, not months. */
const FIRST = "-24h";
/** What `wrappers/journald.ts` looks at, and no more. */
const FIELDS = "MESSAGE,_HOSTNAME,SYSLOG_IDENTIFIER,_COMM,SYSLOG_PID,_PID";
const AGAIN_FIRST = seconds(1);
const AGAIN_LAST = seconds(60);
const PASS_EVERY = seconds(1);
const POSITION_EVERY = seconds(5);
const COMPLAINT_LENGTH = 400;
const LF = 10;

type JournalPlace = Place & { /** The cursor of the entry before. */ readonly before: string };
type Child = ChildProcessByStdio<null, Readable, Readable>;

export class Journal implements Input {
  readonly #options: JournalOptions;
  readonly #context: InputContext;
  readonly #log: LiveLog<JournalPlace>;
  readonly #recogniser: Recogniser;
  readonly #outbox: Outbox;
  readonly #timer: Disposable;
  readonly #closing = new AbortController();
  readonly running: Promise<void>;
  #child: Child | undefined;
  /** The last entry that was read. */
  #cursor = "";
  /** Up to this entry it has been handed on before. */
  #mutedUntil = "";
  #again = AGAIN_FIRST;
  #malformed = 0;
  #isWithinLine = false;
  #trouble = "";
  #lastTicks: number;
  #lastHanded = Number.NEGATIVE_INFINITY;
  #lastPosition = "";

  constructor(options: JournalOptions, context: InputContext) {
    const { clock, timers, timezone } = context;
    this.#options = options;
    this.#context = context;
    this.#outbox = new Outbox(context);
    this.#log = new LiveLog<JournalPlace>(options.sources, { id: () => "", before: "" }, () => (this.#malformed += 1));
    this.#recogniser = this.#log.recogniser(new LocalTime(timezone, clock.now()));
    const position = readJournalPosition(context.position("journal"));
    this.#cursor = position?.from ?? "";
    if (position !== undefined && position.read !== position.from) this.#mutedUntil = position.read;
    this.#log.isMuted = this.#mutedUntil !== "";
    this.#lastTicks = clock.ticks();
    this.#timer = timers.every(PASS_EVERY, () => this.#pass());
    this.running = this.#run();
  }

  report(): InputReport {
    return {
      input: "journal",
      signIns: this.#log.signIns,
      ignored: this.#recogniser.ignored,
      malformed: this.#malformed,
      dropped: 0,
      trouble: this.#outbox.trouble || this.#trouble,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer[Symbol.dispose]();
    this.#closing.abort();
    this.#child?.kill();
    await this.#outbox.close();
    await this.running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      this.#trouble = await this.#follow();
      if (!signal.aborted) await this.#wait(this.#again);
      this.#again = doubled(this.#again, AGAIN_LAST);
    }
    await this.#hand(true);
  }

  /** Until journalctl ends. Answers why it did. */
  async #follow(): Promise<string> {
    const child: Child = spawn("journalctl", this.#arguments(), {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, LC_ALL: "C" },
    });
    this.#child = child;
    const ended = endOf(child);
    let complaint = "";
    child.stderr.on("data", (part: Buffer) => (complaint = `${complaint}${part.toString()}`.slice(-COMPLAINT_LENGTH)));
    const lines = new ByteLines(0, (bytes) => this.#line(bytes));
    this.#isWithinLine = false;
    for await (const chunk of child.stdout) {
      // Without an encoding a pipe gives bytes.
      await lines.write(chunk as Buffer);
      this.#again = AGAIN_FIRST;
      this.#trouble = "";
      if (!(await this.#hand(false))) break;
    }
    child.kill();
    const how = await ended;
    return `journalctl ended (${how})${complaint === "" ? "" : `: ${complaint.trim().replaceAll("\n", " ")}`}`;
  }

  #arguments(): readonly string[] {
    const { units, folder } = this.#options;
    return [
      "--follow",
      "--no-tail",
      "--no-pager",
      "--all",
      "--output=json",
      `--output-fields=${FIELDS}`,
      ...(folder === "" ? [] : [`--directory=${folder}`]),
      ...units.map((unit) => `--unit=${unit}`),
      this.#cursor === "" ? `--since=${FIRST}` : `--after-cursor=${this.#cursor}`,
    ];
  }

  #line(bytes: Buffer): void {
    const isWhole = bytes[bytes.length - 1] === LF && !this.#isWithinLine;
    // A piece of a line that is beyond all measure.
    if (!isWhole && !this.#isWithinLine) this.#malformed += 1;
    this.#isWithinLine = bytes[bytes.length - 1] !== LF;
    if (isWhole) this.#entry(bytes.toString("utf8"));
  }

  #entry(line: string): void {
    let entry: JsonObject;
    try {
      // journalctl writes an object a line.
      entry = JSON.parse(line) as JsonObject;
    } catch {
      this.#malformed += 1;
      return;
    }
    const cursor = entry["__CURSOR"];
    if (typeof cursor !== "string") return;
    const until = this.#mutedUntil;
    // Where the entry itself is there no more, its time says when it has gone by.
    const isPast = until !== "" && cursor !== until && timeOfCursor(cursor) > timeOfCursor(until);
    if (isPast) this.#mutedUntil = "";
    this.#log.isMuted = this.#mutedUntil !== "";
    this.#log.at({ id: () => cursor, before: this.#cursor });
    this.#recogniser.object(entry);
    this.#cursor = cursor;
    if (cursor === until) this.#mutedUntil = "";
    this.#log.isMuted = this.#mutedUntil !== "";
  }

  /** Real time passes for those who wait, too, but not while old entries are read. */
  #pass(): void {
    const now = this.#context.clock.ticks();
    if (this.#mutedUntil === "") this.#log.silence((now - this.#lastTicks) as Duration);
    this.#lastTicks = now;
    // What is wrong with keeping it is told by the outbox; what is wrong with the program ends the reading.
    this.#hand(false).catch(() => this.#child?.kill());
  }

  /** Hands on what was completed. False where it could not be kept and everything ends. */
  async #hand(isLast: boolean): Promise<boolean> {
    const arrivals = this.#log.take();
    const now = this.#context.clock.ticks();
    const from = this.#log.oldest();
    const position =
      this.#mutedUntil !== "" || this.#cursor === ""
        ? undefined
        : writeJournalPosition({
            version: 1,
            read: this.#cursor,
            from: from === undefined ? this.#cursor : from.before,
          });
    const isDue = isLast || now - this.#lastHanded >= POSITION_EVERY;
    if (arrivals.length === 0 && (!isDue || position === undefined || position === this.#lastPosition)) return true;
    this.#lastHanded = now;
    if (!(await this.#outbox.deliver({ input: "journal", arrivals, position }))) return false;
    if (position !== undefined) this.#lastPosition = position;
    return true;
  }

  async #wait(length: Duration): Promise<void> {
    const { signal } = this.#closing;
    await new Promise<void>((resolve) => {
      const timer = this.#context.timers.after(length, resolve);
      signal.addEventListener("abort", () => {
        timer[Symbol.dispose]();
        resolve();
      });
    });
  }
}

/** How it ended, in words. */
async function endOf(child: Child): Promise<string> {
  return new Promise((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (status, signal) => resolve(signal === null ? `status ${status}` : signal));
  });
}
