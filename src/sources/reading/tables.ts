/**
 * CSV with a header row to one object per row: quoted fields, fields over several lines, any separator. Rows may have more or
 * fewer fields than the header; one that cannot be read is reported, and the others count.
 */
import { once } from "node:events";
import { parse } from "csv-parse";
import type { JsonObject } from "#/sources/source.ts";
import type { RecordSink } from "./json-documents.ts";
import { withoutTypeLine } from "./sniff.ts";
import { TableRows } from "./table-rows.ts";

export class Table {
  readonly #parser: ReturnType<typeof parse>;
  readonly #sink: RecordSink;
  readonly #rows: TableRows;
  #begun = false;

  constructor(delimiter: string, sink: RecordSink) {
    this.#sink = sink;
    this.#rows = new TableRows(delimiter, (why, line, text) => sink.broken(why, line, text));
    this.#parser = parse({
      delimiter,
      // Named, since a guess at them would be made from the first row alone.
      record_delimiter: ["\n", "\r\n"],
      bom: true,
      columns: columnNames,
      info: true,
      relax_quotes: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
    });
    this.#parser.on("readable", () => this.#drain());
    this.#parser.on("skip", (error: { message: string; lines?: number } | undefined) => {
      this.#sink.broken(error?.message ?? "a row that cannot be read", error?.lines ?? 0, "");
    });
  }

  async write(text: string): Promise<void> {
    const part = this.#begun ? text : withoutTypeLine(text.replace(/^\uFEFF/, ""));
    this.#begun = true;
    await this.#parse(this.#rows.write(part));
  }

  async end(): Promise<void> {
    await this.#parse(this.#rows.end());
    const ended = once(this.#parser, "end");
    this.#parser.end();
    await ended;
  }

  async #parse(rows: string): Promise<void> {
    if (rows !== "" && !this.#parser.write(rows)) await once(this.#parser, "drain");
  }

  #drain(): void {
    for (;;) {
      const row = this.#parser.read() as { record: JsonObject; info: { lines: number } } | null;
      if (row === null) return;
      this.#sink.record(row.record, row.info.lines);
    }
  }
}

/** Event Viewer writes one column more than its header names: the event's text. */
const columnNames = (header: readonly string[]): string[] =>
  header.includes("Event ID") && header.at(-1) === "Task Category" ? [...header, "Message"] : [...header];

/** One line of a CSV log whose header came before it; quotes are undone. */
export function splitCsvLine(line: string): string[] {
  if (!line.includes('"')) return line.split(",");
  const fields: string[] = [];
  let at = 0;
  while (at <= line.length) {
    if (line.charAt(at) === '"') {
      let field = "";
      let from = at + 1;
      for (;;) {
        const quote = line.indexOf('"', from);
        if (quote < 0) {
          field += line.slice(from);
          at = line.length;
          break;
        }
        field += line.slice(from, quote);
        at = quote + 1;
        if (line.charAt(at) !== '"') break;
        field += '"';
        from = at + 1;
      }
      const comma = line.indexOf(",", at);
      fields.push(field);
      if (comma < 0) return fields;
      at = comma + 1;
    } else {
      const comma = line.indexOf(",", at);
      fields.push(comma < 0 ? line.slice(at) : line.slice(at, comma));
      if (comma < 0) return fields;
      at = comma + 1;
    }
  }
  return fields;
}
