// Text measured in terminal columns. It knows nothing of what the text says; it expects text that is already escaped.

const narrow = /^[\x20-\x7e]*$/;
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{16fe0}-\u{18aff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
const mark = /\p{M}/u;

/** Columns that the text takes: two for East Asian and emoji characters, none for marks on others. */
export function cellsOf(text: string): number {
  if (narrow.test(text)) return text.length;
  let cells = 0;
  for (const character of text) cells += cellsOfCharacter(character);
  return cells;
}

function cellsOfCharacter(character: string): number {
  if (character <= "~") return 1;
  if (mark.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** As much of the text as fits. */
export function cut(text: string, cellsMax: number): string {
  if (narrow.test(text)) return text.slice(0, Math.max(0, cellsMax));
  let kept = "";
  let cells = 0;
  for (const character of text) {
    cells += cellsOfCharacter(character);
    if (cells > cellsMax) break;
    kept += character;
  }
  return kept;
}

export const padEnd = (text: string, cells: number): string => text + " ".repeat(Math.max(0, cells - cellsOf(text)));
export const padStart = (text: string, cells: number): string => " ".repeat(Math.max(0, cells - cellsOf(text))) + text;

/** Lines of at most `cells` columns, broken at blanks; a word that is longer than a line is broken where the line ends. */
export function wrap(text: string, cells: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && cellsOf(line) + 1 + cellsOf(word) > cells) {
      lines.push(line);
      line = "";
    } else if (line !== "") line += " ";
    line += word;
    while (cellsOf(line) > cells) {
      // At least one character a line, or a character wider than the line would never get anywhere.
      const part = cut(line, cells) || String.fromCodePoint(line.codePointAt(0) ?? 32);
      lines.push(part);
      line = line.slice(part.length);
    }
  }
  lines.push(line);
  return lines;
}
