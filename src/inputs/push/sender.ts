/**
 * Whoever holds a token, over all its pushes: lines of one attempt that come in different pushes are joined. One push is read after the other,
 * so that what is completed belongs to the one that is being read.
 */
import type { InputContext } from "#/inputs/context.ts";
import type { InputReport } from "#/inputs/input.ts";
import { LiveLog, type Place } from "#/inputs/reading/live-log.ts";
import { Failure } from "#/platform/failure.ts";
import { LocalTime } from "#/sources/local-time.ts";
import { type LineReader, type Tally, createFramer } from "#/sources/reading/framer.ts";
import type { Recogniser, RecogniserOptions } from "#/sources/reading/recogniser.ts";
import type { JsonObject } from "#/sources/source.ts";
import { lineIdOf, recordIdOf } from "./record-id.ts";

/** A line that cannot be read. */
export type LineError = { readonly line: number; readonly why: string };

/** What became of a push. "unkept": it is not durable, and is to be sent again. */
export type Outcome =
  | {
      readonly kind: "kept";
      readonly lines: number;
      readonly signIns: number;
      readonly ignored: number;
      readonly malformed: number;
      /** The first of them. */
      readonly errors: readonly LineError[];
    }
  | { readonly kind: "unkept"; readonly why: string };

const ERRORS_SHOWN_MAX = 20;
const WHY_LENGTH_MAX = 200;

export class Sender {
  readonly #input: string;
  readonly #context: InputContext;
  readonly #idField: string;
  readonly #log: LiveLog<Place>;
  /** Tells pushes without a key apart, over restarts too. */
  readonly #run: string;
  #pushes = 0;
  #last: Promise<unknown> = Promise.resolve();
  #errors: LineError[] = [];
  #ignored = 0;
  #malformed = 0;
  #trouble = "";
  /** Its lines are those of the push that is being read. */
  readonly #tally: Tally = {
    lines: 0,
    malformed: (why, _text, line) => this.#fail(why, line),
    note: (text) => this.#fail(text, this.#tally.lines),
  };

  constructor(input: string, sources: RecogniserOptions, idField: string, context: InputContext) {
    this.#input = input;
    this.#context = context;
    this.#idField = idField;
    this.#log = new LiveLog<Place>(sources, { id: () => "" }, (why) => this.#fail(why, this.#tally.lines));
    this.#run = context.clock.now().toString(36);
  }

  /** @param key what the sender calls this push; "" for nothing. */
  async read(bytes: Buffer, key: string): Promise<Outcome> {
    const turn = this.#last.then(async () => this.#read(bytes, key));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Until what came in is through. */
  async idle(): Promise<void> {
    await this.#last;
  }

  report(): InputReport {
    return {
      input: this.#input,
      signIns: this.#log.signIns,
      ignored: this.#ignored,
      malformed: this.#malformed,
      dropped: 0,
      trouble: this.#trouble,
    };
  }

  async #read(bytes: Buffer, key: string): Promise<Outcome> {
    this.#pushes += 1;
    this.#tally.lines = 0;
    this.#errors = [];
    const malformedBefore = this.#malformed;
    const push = key === "" ? `${this.#run}.${this.#pushes}` : `key:${key}`;
    const { clock, timezone } = this.#context;
    const recogniser = this.#log.recogniser(new LocalTime(timezone, clock.now()));
    const framer = createFramer(this.#reader(recogniser, push), this.#tally);
    await framer.write(bytes);
    await framer.end();
    recogniser.guessUnread();
    this.#log.settle();
    this.#ignored += recogniser.ignored;
    const arrivals = this.#context.copies.originals(this.#input, this.#log.take());
    try {
      if (arrivals.length > 0) await this.#context.take({ input: this.#input, arrivals, position: undefined });
      this.#trouble = "";
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      this.#trouble = error.message;
      return { kind: "unkept", why: error.message };
    }
    return {
      kind: "kept",
      lines: this.#tally.lines,
      signIns: arrivals.reduce((sum, { signIn }) => sum + signIn.count, 0),
      ignored: recogniser.ignored,
      malformed: this.#malformed - malformedBefore,
      errors: this.#errors,
    };
  }

  /** The recogniser, told of each line under which name it goes. */
  #reader(recogniser: Recogniser, push: string): LineReader {
    const field = this.#idField;
    const at = (recordId: string): void => {
      const id = recordId === "" ? `${push}:${this.#tally.lines}` : `id:${recordId}`;
      this.#log.at({ id: () => id });
    };
    return {
      line(text) {
        at(lineIdOf(text, field));
        recogniser.line(text);
      },
      lastLine(text) {
        at(lineIdOf(text, field));
        return recogniser.lastLine(text);
      },
      object(value: JsonObject) {
        at(recordIdOf(value, field));
        return recogniser.object(value);
      },
    };
  }

  #fail(why: string, line: number): void {
    this.#malformed += 1;
    if (this.#errors.length < ERRORS_SHOWN_MAX) this.#errors.push({ line, why: why.slice(0, WHY_LENGTH_MAX) });
  }
}
