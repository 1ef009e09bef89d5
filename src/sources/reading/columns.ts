/**
 * Logs that announce their columns in a comment: W3C extended logs (IIS), parted by blanks, and Exchange's protocol logs,
 * parted by commas. The announcement comes again wherever the server was started anew, and may change.
 */
import type { JsonObject } from "#/sources/source.ts";
import { splitCsvLine } from "./tables.ts";

const FIELDS = "#Fields:";
/** Columns that are believed; a log of a server has a few dozen. */
const COLUMNS_MAX = 256;

const otherComments = /^#(?:Software|Version|Date|Log-type|Start-Date|End-Date|Remark)\b/i;

export class Columns {
  #names: readonly string[] = [];
  #byComma = false;

  get areKnown(): boolean {
    return this.#names.length > 0;
  }

  /** Whether a line that begins with "#" is a comment of such a log, and no line of another. */
  announce(line: string): boolean {
    if (!line.startsWith(FIELDS)) return this.areKnown || otherComments.test(line);
    const fields = line.slice(FIELDS.length).trim();
    this.#byComma = fields.includes(",");
    const names = this.#byComma ? fields.split(",", COLUMNS_MAX) : fields.split(/\s+/, COLUMNS_MAX);
    this.#names = names.map((name) => name.trim());
    return true;
  }

  /** A line as an object keyed by the columns. */
  row(line: string): JsonObject {
    const fields = this.#byComma ? splitCsvLine(line) : line.split(" ");
    const row: Record<string, string> = {};
    const names = this.#names;
    for (let index = 0; index < names.length; index += 1) row[names[index] ?? ""] = fields[index] ?? "";
    return row;
  }
}
