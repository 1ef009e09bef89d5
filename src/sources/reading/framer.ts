/**
 * From the bytes of a file to its lines or records, as its beginning says: lines, JSON documents, a table, Windows event XML.
 * It knows nothing of what a line or record says; that is the recogniser's.
 */
import { StringDecoder } from "node:string_decoder";
import { ToUtf8 } from "./encoding.ts";
import { JsonDocuments, type RecordSink } from "./json-documents.ts";
import { LineCutter } from "./lines.ts";
import type { Recogniser } from "./recogniser.ts";
import { sniff } from "./sniff.ts";
import { Table } from "./tables.ts";
import { createEventXml } from "./xml.ts";

/** Who is given the lines or records. */
export type LineReader = Pick<Recogniser, "line" | "lastLine" | "object">;

/** What the framer tells of besides what it gives to the recogniser. */
export type Tally = {
  /** Lines or records so far. */
  lines: number;
  malformed(why: string, text: string, line: number): void;
  note(text: string): void;
};

export type Framer = { write(chunk: Buffer): Promise<void> | void; end(): Promise<void> | void };

/** Enough to tell what a file is. A pipe may bring it in small pieces. */
const HEAD_LENGTH = 65_536;

export function createFramer(recogniser: LineReader, tally: Tally): Framer {
  const encoding = new ToUtf8();
  let head: Buffer[] = [];
  let length = 0;
  let inner: Framer | undefined;
  const begin = async (): Promise<Framer> => {
    // The first bytes say what the encoding is, so they are converted together.
    const bytes = encoding.convert(Buffer.concat(head));
    head = [];
    const framer = framerFor(bytes.toString("utf8", 0, HEAD_LENGTH), recogniser, tally);
    await framer.write(bytes);
    return framer;
  };
  return {
    async write(chunk) {
      if (inner !== undefined) return inner.write(encoding.convert(chunk));
      // A copy where more must come: the buffer is filled again then.
      head.push(length + chunk.length >= HEAD_LENGTH ? chunk : Buffer.from(chunk));
      length += chunk.length;
      if (length >= HEAD_LENGTH) inner = await begin();
      return undefined;
    },
    async end() {
      inner ??= await begin();
      await inner.end();
    },
  };
}

/** For whoever has the beginning of the text at hand: what is written is framed at once. */
export function framerFor(head: string, recogniser: LineReader, tally: Tally): Framer {
  const framing = sniff(head);
  const sink: RecordSink = {
    record(value) {
      // The record's own number, while it is read.
      tally.lines += 1;
      tally.lines += recogniser.object(value) - 1;
    },
    broken(why, line, text) {
      tally.lines += 1;
      tally.malformed(why, text, line);
    },
  };
  switch (framing.kind) {
    case "lines":
      return lineFramer(head, recogniser, tally);
    case "json-document":
      return documentFramer(sink, tally);
    case "table": {
      const table = new Table(framing.delimiter, sink);
      return textFramer(
        (text) => table.write(text),
        () => table.end(),
      );
    }
    case "event-xml": {
      const xml = createEventXml(
        (value, line) => sink.record(value, line),
        (why, line) => sink.broken(why, line, ""),
      );
      return textFramer(
        (text) => xml.write(text),
        () => xml.end(),
      );
    }
    default:
      return framing satisfies never;
  }
}

/** Characters over borders of chunks are kept whole. */
function textFramer(write: (text: string) => Promise<void> | void, end: () => Promise<void> | void): Framer {
  const decoder = new StringDecoder("utf8");
  return {
    write: (chunk) => write(decoder.write(chunk)),
    async end() {
      await write(decoder.end());
      await end();
    },
  };
}

function documentFramer(sink: RecordSink, tally: Tally): Framer {
  const documents = new JsonDocuments(sink);
  return textFramer(
    (text) => documents.write(text),
    () => {
      if (!documents.end()) tally.note("the JSON document is cut short; the records before its end were read");
    },
  );
}

function lineFramer(head: string, recogniser: LineReader, tally: Tally): Framer {
  const sink = {
    line(text: string): void {
      tally.lines += 1;
      recogniser.line(text);
    },
    overlong(start: string): void {
      tally.lines += 1;
      tally.malformed("longer than any log line", start, tally.lines);
    },
  };
  const endsWithReturn = head.includes("\r") && !head.includes("\n");
  const cutter = new LineCutter(sink, endsWithReturn);
  return {
    write: (chunk) => cutter.write(chunk),
    end() {
      const rest = cutter.end();
      if (rest === "") return;
      tally.lines += 1;
      // Its writer may not have finished it yet: nothing is wrong with the log.
      if (!recogniser.lastLine(rest)) tally.note("the last line is cut short and was left out");
    },
  };
}
