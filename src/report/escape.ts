/**
 * Every string from a log is hostile, and each place that it goes to is attacked differently: a terminal obeys control
 * characters, a page obeys markup, a spreadsheet obeys formulas, and people believe what they see. So all four first make
 * visible whatever would not be seen as what it is, and then each quotes what its own reader would obey. The exact
 * strings are in the JSON output.
 */
import { cellsOf, cut } from "./cells.ts";

/** More marks on one character than any living script needs; a flood of them paints over the lines around. */
const marksMax = 4;

/** Long enough for any sentence of ours with names in it; what is longer was written to fill the screen. */
const terminalCellsMax = 600;
const htmlCharactersMax = 1_000;
const csvCharactersMax = 4_000;

// Controls, formats (bidirectional overrides, zero width), lone surrogates, private and unassigned characters, and
// everything that is drawn as nothing or as a blank without being one.
const unseen =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/gu;
const plain = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** The text with everything that is not seen as what it is written out, as in "\x1b" and "\u{202e}". */
export function visible(text: string): string {
  if (plain.test(text)) return text;
  return text
    .replace(unseen, written)
    .replace(/^\p{M}/u, written)
    .replace(/\p{M}{5,}/gu, fewerMarks)
    .replace(/^ | $/g, "\\x20");
}

function fewerMarks(flood: string): string {
  const marks = Array.from(flood);
  return `${marks.slice(0, marksMax).join("")}\\+${marks.length - marksMax}`;
}

const short: Readonly<Record<string, string | undefined>> = { "\t": "\\t", "\n": "\\n", "\r": "\\r" };

function written(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return short[character] ?? (code < 0x100 ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`);
}

export type TerminalText = {
  /** The most columns that it may take; what is longer ends in an ellipsis. */
  readonly cellsMax?: number;
  /** Whether the terminal takes nothing but ASCII. */
  readonly ascii?: boolean;
};

/** What may be written to a terminal: one line, no control, no more columns than allowed. */
export function escapeTerminal(text: string, options: TerminalText = {}): string {
  const { cellsMax = terminalCellsMax, ascii = false } = options;
  // A column takes at least one character of the text or of the marks on it: more can never be shown.
  const bounded = head(text, cellsMax * (marksMax + 2));
  const shown = ascii ? visible(bounded).replace(/[^\x20-\x7e]/gu, written) : visible(bounded);
  if (bounded.length === text.length && cellsOf(shown) <= cellsMax) return shown;
  const ellipsis = ascii ? "..." : "…";
  return `${cut(shown, cellsMax - ellipsis.length)}${ellipsis}`;
}

const entities: Readonly<Record<string, string | undefined>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** What may stand in HTML text and in quoted attribute values. */
export function escapeHtml(text: string, charactersMax: number = htmlCharactersMax): string {
  const bounded = head(text, charactersMax);
  const shown = visible(bounded).replace(/[&<>"']/g, (character) => entities[character] ?? "");
  return bounded.length === text.length ? shown : `${shown}…`;
}

/**
 * One field of a CSV file that people open in a spreadsheet. A leading = + - @ (also in full width) would make it a
 * formula; so would one after ";", which is the field separator where the decimal sign is a comma. Both get an apostrophe.
 * Numbers stay numbers.
 */
export function escapeCsv(field: string | number): string {
  if (typeof field === "number") return String(field);
  const bounded = head(field, csvCharactersMax);
  const shown = visible(bounded)
    .replace(/^["\s]*[=+\-@＝＋－＠]/u, (start) => `'${start}`)
    .replace(/(;["\s]*)([=+\-@＝＋－＠])/gu, "$1'$2");
  const whole = bounded.length === field.length ? shown : `${shown}…`;
  return /[",;']/.test(whole) ? `"${whole.replaceAll('"', '""')}"` : whole;
}

/** The first characters, never half of one. */
function head(text: string, unitsMax: number): string {
  if (text.length <= unitsMax) return text;
  const last = text.charCodeAt(unitsMax - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? unitsMax - 1 : unitsMax);
}
