/**
 * Lines whose time is far from that of the lines around them: a clock that was wrong for a while, files put together in the
 * wrong order. They are read as they are, for nobody else knows better; but who reads the report must know where to look.
 */
import type { Millis } from "#/platform/units.ts";

const DAY = 86_400_000;
/** A server's own lines go back by seconds only. */
const BACK = DAY;
/** A server may be off for a season. */
const FORWARD = 180 * DAY;
/** Lines after which a clock that has jumped does not go back any more. */
const RETURN_LINES = 1_000;
/** Jumps of one file that are told with their lines. */
const TOLD_MAX = 3;

type Jump = { readonly line: number; readonly before: number; readonly after: number };

export class ClockJumps {
  #last = Number.NaN;
  #lastLine = 0;
  #open: Jump | undefined;
  readonly #told: string[] = [];
  #untold = 0;

  /** Takes note of the time of a line. */
  step(at: Millis, line: number): void {
    const step = at - this.#last;
    if (step > FORWARD || step < -BACK || this.#open !== undefined) this.#jump(at, step, line);
    this.#last = at;
    this.#lastLine = line;
  }

  #jump(at: number, step: number, line: number): void {
    const open = this.#open;
    if (open !== undefined) {
      const hasReturned = Math.abs(step) > BACK && Math.abs(at - open.before) <= BACK;
      if (hasReturned) {
        this.#open = undefined;
        this.#tell(stray(open, this.#lastLine));
        return;
      }
      if (line - open.line > RETURN_LINES) this.#close(open);
    }
    if (step <= FORWARD && step >= -BACK) return;
    if (this.#open !== undefined) this.#close(this.#open);
    this.#open = { line, before: this.#last, after: at };
  }

  /** Where the times go another way from there on. */
  #close(open: Jump): void {
    this.#open = undefined;
    const { line, before, after } = open;
    const way = after < before ? "back" : "forward";
    const cause = after < before ? ": were files put together in the wrong order, or was the clock set?" : "";
    this.#tell(`at line ${line} the times go ${way} from ${dateOf(before)} to ${dateOf(after)}${cause}`);
  }

  #tell(text: string): void {
    if (this.#told.length < TOLD_MAX) this.#told.push(text);
    else this.#untold += 1;
  }

  /** What the reader must be told, once the file is through. */
  notes(): readonly string[] {
    if (this.#open !== undefined) this.#close(this.#open);
    const more =
      this.#untold === 0
        ? []
        : [`the times jump like that in ${this.#untold} more ${this.#untold === 1 ? "place" : "places"}`];
    return [...this.#told, ...more];
  }
}

function stray({ line, before, after }: Jump, last: number): string {
  const lines = line === last ? `line ${line} is` : `lines ${line} to ${last} are`;
  return `${lines} dated ${dateOf(after)} amid lines of ${dateOf(before)}: a clock was wrong, most likely`;
}

const dateOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
