/**
 * Records out of JSON documents of any size, with the memory of one record: the elements of an array at the top or under one of
 * the usual names ("value", "records", ...), or whole objects one after the other, however they are laid out.
 */
import type { JsonObject } from "#/sources/source.ts";
import { isRecordList } from "./sniff.ts";

/** A longer record is no sign-in. */
const RECORD_LENGTH_MAX = 4 << 20;

export type RecordSink = {
  record(value: JsonObject, line: number): void;
  broken(why: string, line: number, text: string): void;
};

export class JsonDocuments {
  readonly #sink: RecordSink;
  #depth = 0;
  /** Depth at which records stand: 0 for objects one after the other, 1 in an array at the top, 2 in a list of an object. */
  #level = 0;
  #inString = false;
  #escaped = false;
  #record = "";
  /** Whether characters are being gathered into a record. */
  #gathering = false;
  #tooLong = false;
  #key = "";
  #string = "";
  #line = 1;
  #recordLine = 1;

  constructor(sink: RecordSink) {
    this.#sink = sink;
  }

  write(text: string): void {
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === 10) this.#line += 1;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (code === 92) this.#escaped = true;
        else if (code === 34) this.#inString = false;
        else if (this.#depth === 1 && this.#level === 0 && this.#string.length < 40) this.#string += text.charAt(at);
        continue;
      }
      switch (code) {
        case 34:
          this.#inString = true;
          this.#string = "";
          break;
        case 58:
          if (this.#depth === 1) this.#key = this.#string;
          break;
        case 91:
        case 123:
          if (this.#opens(code)) from = at;
          break;
        case 93:
        case 125:
          this.#depth = Math.max(0, this.#depth - 1);
          if (this.#gathering && this.#depth === this.#level) {
            this.#gather(text.slice(from, at + 1));
            this.#finish();
            from = at + 1;
          } else if (this.#depth < this.#level) this.#level = this.#depth;
          break;
        default:
      }
    }
    if (this.#gathering) this.#gather(text.slice(from));
  }

  /** Says whether the document was complete. */
  end(): boolean {
    return !this.#gathering && this.#depth === 0;
  }

  /** An opening bracket. Answers whether a record begins here. */
  #opens(code: number): boolean {
    const depth = this.#depth;
    this.#depth += 1;
    if (code === 91) {
      if (depth === 0 && !this.#gathering) this.#level = 1;
      else if (depth === 1 && this.#level === 0 && isRecordList(this.#key)) {
        // The object so far was only the wrapper.
        this.#level = 2;
        this.#gathering = false;
        this.#record = "";
      }
      return false;
    }
    if (depth !== this.#level || this.#gathering) return false;
    this.#gathering = true;
    this.#tooLong = false;
    this.#record = "";
    this.#recordLine = this.#line;
    return true;
  }

  #gather(part: string): void {
    if (this.#record.length + part.length > RECORD_LENGTH_MAX) {
      this.#tooLong = true;
      this.#record = this.#record.slice(0, 400);
    } else if (!this.#tooLong) this.#record += part;
  }

  #finish(): void {
    this.#gathering = false;
    const text = this.#record;
    this.#record = "";
    if (this.#tooLong) {
      this.#sink.broken(`a record of more than ${RECORD_LENGTH_MAX >> 20} MiB`, this.#recordLine, text);
      return;
    }
    try {
      this.#sink.record(JSON.parse(text) as JsonObject, this.#recordLine);
    } catch (error) {
      this.#sink.broken(error instanceof Error ? error.message : "not valid JSON", this.#recordLine, text);
    }
  }
}
