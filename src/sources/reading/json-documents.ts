/**
 * Records out of JSON documents of any size, with the memory of one record: objects one after the other, however they are
 * laid out, the elements of an array at the top, or, of an object that is too large to be one record itself, those of the
 * list in it under one of the usual names ("value", "records", ...). A smaller object is handed on whole: whether a list in
 * it is its records or a part of it is for others to say, who know what it is.
 */
import type { JsonObject } from "#/sources/source.ts";
import { isRecordList } from "./sniff.ts";

/** An object at the top that is longer is taken for the wrapper of a list. */
export const wholeLengthMax = 1 << 20;
/** A longer record is no sign-in. */
export const recordLengthMax = 4 << 20;
/** Of a record that cannot be read, this much is told. */
const START_LENGTH = 400;

export type RecordSink = {
  record(value: JsonObject, line: number): void;
  broken(why: string, line: number, text: string): void;
};

const LF = 10;
const QUOTE = 34;
const COLON = 58;
const BACKSLASH = 92;
const BRACKET = 91;
const BRACE = 123;
const BRACKET_CLOSED = 93;
const BRACE_CLOSED = 125;

export class JsonDocuments {
  readonly #sink: RecordSink;
  #depth = 0;
  /** Depth at which records stand: 0 for objects one after the other, 1 in an array at the top, 2 in a list of an object. */
  #level = 0;
  /** Within an object at the top that is longer than a record: its list is looked for. */
  #isWrapper = false;
  #recordsInWrapper = 0;
  #inString = false;
  #isEscaped = false;
  /** The last string at the depth where names of lists stand. */
  #string = "";
  #name = "";
  #record = "";
  #isGathering = false;
  #isTooLong = false;
  #line = 1;
  #recordLine = 1;

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  write(text: string): void {
    let from = this.#isGathering ? 0 : -1;
    let at = 0;
    while (at < text.length) {
      if (this.#inString) {
        at = this.#stringEnd(text, at);
        continue;
      }
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.#inString = true;
        this.#string = "";
      } else if (code === LF) this.#line += 1;
      else if (code === COLON) this.#name = this.#string;
      else if (code === BRACE || code === BRACKET) {
        if (this.#opens(code)) from = at;
      } else if ((code === BRACE_CLOSED || code === BRACKET_CLOSED) && this.#closes()) {
        this.#gather(text.slice(from, at + 1));
        this.#finish();
        from = -1;
      }
      at += 1;
    }
    if (this.#isGathering) this.#gather(text.slice(Math.max(from, 0)));
    if (this.#isTooLong && this.#level === 0 && !this.#isWrapper) this.#unwrap();
  }

  /** Says whether the document was complete. */
  end(): boolean {
    return this.#depth === 0;
  }

  /** Goes on within a string. Answers the place after its closing quote, or the end of the text. */
  #stringEnd(text: string, from: number): number {
    let at = from;
    if (this.#isEscaped) {
      this.#isEscaped = false;
      at += 1;
    }
    for (;;) {
      const quote = text.indexOf('"', at);
      const end = quote < 0 ? text.length : quote;
      let escapes = 0;
      while (end - escapes > at && text.charCodeAt(end - escapes - 1) === BACKSLASH) escapes += 1;
      if (this.#isWrapper && this.#depth === 1 && this.#string.length < 40)
        this.#string += text.slice(from, Math.min(end, from + 40));
      if (quote < 0) {
        this.#isEscaped = escapes % 2 === 1;
        return end;
      }
      at = quote + 1;
      if (escapes % 2 === 0) {
        this.#inString = false;
        return at;
      }
    }
  }

  /** An opening bracket. Answers whether a record begins here. */
  #opens(code: number): boolean {
    const depth = this.#depth;
    this.#depth += 1;
    if (this.#isGathering) return false;
    if (code === BRACKET) {
      if (depth === 0) this.#level = 1;
      else if (this.#isWrapper && depth === 1 && isRecordList(this.#name)) this.#level = 2;
      return false;
    }
    if (depth !== this.#level || (this.#isWrapper && depth === 0)) return false;
    this.#isGathering = true;
    this.#isTooLong = false;
    this.#record = "";
    this.#recordLine = this.#line;
    return true;
  }

  /** A closing bracket. Answers whether a record ends here. */
  #closes(): boolean {
    this.#depth = Math.max(0, this.#depth - 1);
    if (this.#isGathering) return this.#depth === this.#level;
    if (this.#depth < this.#level) this.#level = this.#isWrapper ? 0 : this.#depth;
    if (this.#depth === 0 && this.#isWrapper) this.#leaveWrapper();
    return false;
  }

  #leaveWrapper(): void {
    this.#isWrapper = false;
    if (this.#recordsInWrapper > 0) return;
    const why = `an object of more than ${wholeLengthMax >> 20} MiB without a list of records`;
    this.#sink.broken(why, this.#recordLine, "");
  }

  #gather(part: string): void {
    if (this.#isTooLong) return;
    this.#record += part;
    this.#isTooLong = this.#record.length > (this.#level === 0 ? wholeLengthMax : recordLengthMax);
    if (this.#isTooLong && this.#level > 0) this.#record = this.#record.slice(0, START_LENGTH);
  }

  /** The object at the top is too long to be a record: its beginning is read again, for the list in it. */
  #unwrap(): void {
    const text = this.#record;
    this.#line = this.#recordLine;
    this.#depth = 0;
    this.#inString = false;
    this.#isEscaped = false;
    this.#isGathering = false;
    this.#isTooLong = false;
    this.#record = "";
    this.#isWrapper = true;
    this.#recordsInWrapper = 0;
    this.write(text);
  }

  #finish(): void {
    this.#isGathering = false;
    this.#recordsInWrapper += 1;
    // An object beyond the maximum that ends within the same chunk.
    if (this.#isTooLong && this.#level === 0) {
      this.#unwrap();
      return;
    }
    const text = this.#record;
    this.#record = "";
    if (this.#isTooLong) {
      this.#sink.broken(`a record of more than ${recordLengthMax >> 20} MiB`, this.#recordLine, text);
      return;
    }
    try {
      this.#sink.record(JSON.parse(text) as JsonObject, this.#recordLine);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.#sink.broken(`not valid JSON: ${error.message}`, this.#recordLine, text.slice(0, START_LENGTH));
    }
  }
}
