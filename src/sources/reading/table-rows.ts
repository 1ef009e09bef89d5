/**
 * Cuts the text of a table into rows before it is parsed, so that one broken row costs itself and no other: a quote that is
 * opened and never closed would swallow the rows after it, up to the end of the file. Rows that can be parsed are handed
 * on unchanged, broken ones as empty lines, so that lines keep their numbers.
 */

/** A longer row is no sign-in. */
export const rowLengthMax = 1 << 20;
/** Of a row that cannot be read, this much is told. */
const START_LENGTH = 400;
/**
 * Characters that are looked at a second time because the row before them was broken. After that, what a broken row has
 * swallowed is lost with it: a file made of nothing else would take forever.
 */
const LOOKED_AGAIN_MAX = 64 << 20;

const LF = 10;
const CR = 13;
const QUOTE = 34;

const notClosed = "a quote that is not closed";
const tooLong = `a row of more than ${rowLengthMax >> 20} MiB`;

/** Whether a row is whole, goes on after the text at hand, or cannot be read, and up to where that was looked at. */
type Row = { readonly kind: "whole" | "open" | "broken"; readonly end: number };

export class TableRows {
  readonly #delimiter: number;
  readonly #broken: (why: string, line: number, text: string) => void;
  #left = "";
  #line = 1;
  #isSkipping = false;
  #lookedAgain = 0;

  /** @param delimiter one character. */
  constructor(delimiter: string, broken: (why: string, line: number, text: string) => void) {
    this.#delimiter = delimiter.charCodeAt(0);
    this.#broken = broken;
  }

  /** Takes text in pieces of any size. Answers the whole rows that can be parsed now. */
  write(text: string): string {
    return this.#cut(this.#left + text, false);
  }

  /** The rest of it; a last row needs no line end. */
  end(): string {
    return this.#left === "" ? "" : this.#cut(this.#left.endsWith("\n") ? this.#left : `${this.#left}\n`, true);
  }

  #cut(text: string, isEnd: boolean): string {
    let rows = "";
    let from = this.#isSkipping ? this.#skip(text) : 0;
    // Whole rows one after the other are handed on in one piece.
    let kept = from;
    while (from < text.length) {
      const { kind, end } = rowAt(text, from, this.#delimiter);
      const isTooLong = end - from > rowLengthMax;
      if (kind === "open" && !isTooLong && !isEnd) break;
      if (kind === "whole" && !isTooLong) {
        this.#line += linesIn(text, from, end);
        from = end;
        continue;
      }
      const next = this.#dropFrom(text, from, end);
      rows += text.slice(kept, from) + "\n".repeat(linesIn(text, from, next));
      from = next;
      kept = next;
    }
    this.#left = text.slice(from);
    return rows + text.slice(kept, from);
  }

  /** Reports the row that begins at `from` and was looked at up to `end`. Answers where the next one begins. */
  #dropFrom(text: string, from: number, end: number): number {
    const lineEnd = text.indexOf("\n", from);
    const line = text.slice(from, Math.min(lineEnd < 0 ? text.length : lineEnd, from + START_LENGTH));
    // Where its first line has an end in time, a quote in it made it so long.
    const isQuote = lineEnd >= 0 && lineEnd - from < rowLengthMax;
    this.#broken(isQuote ? notClosed : tooLong, this.#line, line.endsWith("\r") ? line.slice(0, -1) : line);
    this.#isSkipping = lineEnd < 0;
    if (lineEnd < 0) return text.length;
    this.#lookedAgain += end - from;
    const last = this.#lookedAgain > LOOKED_AGAIN_MAX ? text.lastIndexOf("\n", end - 1) : lineEnd;
    const next = Math.max(last, lineEnd) + 1;
    this.#line += linesIn(text, from, next);
    return next;
  }

  /** The rest of a row that is too long. */
  #skip(text: string): number {
    const end = text.indexOf("\n");
    if (end < 0) return text.length;
    this.#isSkipping = false;
    // Its end is handed on as an empty line.
    return end;
  }
}

/** The row that begins at `from`, as the parser will read it: a quote in the middle of a field is a character like others. */
function rowAt(text: string, from: number, delimiter: number): Row {
  let at = from;
  for (;;) {
    if (text.charCodeAt(at) === QUOTE) {
      const field = quotedAt(text, at, delimiter);
      if (field.kind !== "whole") return field;
      at = field.end;
    }
    let code = text.charCodeAt(at);
    while (at < text.length && code !== delimiter && code !== LF) code = text.charCodeAt((at += 1));
    if (at >= text.length) return { kind: "open", end: text.length };
    at += 1;
    if (code === LF) return { kind: "whole", end: at };
  }
}

/** From an opening quote to after its closing one. */
function quotedAt(text: string, open: number, delimiter: number): Row {
  let at = open + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0 || quote + 1 >= text.length) return { kind: "open", end: text.length };
    const next = text.charCodeAt(quote + 1);
    if (next !== QUOTE) {
      const closes = next === delimiter || next === LF || next === CR;
      // On its own line it is a quote that was not doubled; on a later one it opens a field of another row.
      const isRow = closes || !text.slice(open, quote).includes("\n");
      return { kind: isRow ? "whole" : "broken", end: quote + 1 };
    }
    at = quote + 2;
  }
}

function linesIn(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) lines += 1;
  return lines;
}
