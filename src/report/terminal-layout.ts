// Headings, paragraphs, bullets and tables for a terminal of any width. All but `safe` expect text that is already
// escaped; none knows what it says. Colour comes last and on whole pieces, so that widths are counted on what is seen.
import { cellsOf, cut, padEnd, padStart, wrap } from "./cells.ts";
import { escapeTerminal } from "./escape.ts";

export type Paint = "bold" | "dim" | "red" | "yellow" | "green";

const codes = { bold: "1", dim: "2", red: "1;31", yellow: "1;33", green: "1;32" } as const satisfies Record<
  Paint,
  string
>;

/** Lines longer than this are hard to read, however wide the terminal is. */
const proseCellsMax = 100;
const tableCellsMax = 120;
const cellsMin = 20;

export type Layout = {
  readonly width: number;
  readonly proseWidth: number;
  readonly color: boolean;
  /** Whether the terminal shows more than ASCII. */
  readonly unicode: boolean;
};

export function layoutFor(width: number, color: boolean, unicode: boolean): Layout {
  const bounded = Math.max(cellsMin, Math.floor(Number.isFinite(width) ? width : 80));
  return { width: Math.min(bounded, tableCellsMax), proseWidth: Math.min(bounded, proseCellsMax), color, unicode };
}

export const paint = (layout: Layout, style: Paint, text: string): string =>
  layout.color && text !== "" ? `\u001b[${codes[style]}m${text}\u001b[0m` : text;

/** A blank at which `paragraph` breaks no line; none comes out of `safe`. */
export const noBreak = "\u00a0";

/** The one way in which a string from a log gets onto the screen. */
export function safe(layout: Layout, text: string, cellsMax?: number): string {
  const ascii = !layout.unicode;
  return escapeTerminal(text, cellsMax === undefined ? { ascii } : { ascii, cellsMax });
}

export const heading = (layout: Layout, text: string): string[] => [
  "",
  ...wrap(text, layout.proseWidth).map((line) => paint(layout, "bold", line)),
];

export function paragraph(layout: Layout, text: string, indent = 0, style?: Paint): string[] {
  const space = " ".repeat(indent);
  return wrap(text, layout.proseWidth - indent).map((line) => {
    const shown = line.replaceAll(noBreak, " ");
    return space + (style === undefined ? shown : paint(layout, style, shown));
  });
}

/** A paragraph that hangs under its mark: "- ", "1. ". */
export function bullet(layout: Layout, mark: string, text: string, indent = 0, style?: Paint): string[] {
  const space = " ".repeat(indent);
  const hanging = " ".repeat(cellsOf(mark));
  return wrap(text, layout.proseWidth - indent - cellsOf(mark)).map(
    (line, index) => space + (index === 0 ? mark : hanging) + (style === undefined ? line : paint(layout, style, line)),
  );
}

/** "Attempts      692 in 6 h 40 min", the second column hanging. Stacked where there is no room for two columns. */
export function facts(layout: Layout, rows: readonly (readonly [string, string])[], indent: number): string[] {
  const labelCells = Math.max(...rows.map(([label]) => cellsOf(label))) + 2;
  if (layout.proseWidth - indent - labelCells < 26)
    return rows.flatMap(([label, text]) => [
      ...paragraph(layout, label, indent, "dim"),
      ...paragraph(layout, text, indent + 2),
    ]);
  return rows.flatMap(([label, text]) =>
    wrap(text, layout.proseWidth - indent - labelCells).map(
      (line, index) => " ".repeat(indent) + paint(layout, "dim", padEnd(index === 0 ? label : "", labelCells)) + line,
    ),
  );
}

export type Column = {
  readonly title: string;
  readonly align: "left" | "right";
  /** The fewest columns that it may be cut to; undefined where it may not be cut. */
  readonly cellsMin?: number;
};

/** Rows under their titles. Cells that may be cut give way; where that is not enough, each row becomes a small list. */
export function table(
  layout: Layout,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  indent: number,
): string[] {
  const widths = columns.map((column, index) =>
    Math.max(cellsOf(column.title), ...rows.map((row) => cellsOf(row[index] ?? ""))),
  );
  const gap = 2;
  const room = layout.width - indent - gap * (columns.length - 1);
  const excess = (): number => widths.reduce((sum, cells) => sum + cells, 0) - room;
  while (excess() > 0) {
    const widest = columns
      .map((column, index) => ({ index, cells: widths[index] ?? 0, cellsMin: column.cellsMin }))
      .filter(({ cells, cellsMin }) => cellsMin !== undefined && cells > cellsMin)
      .sort((left, right) => right.cells - left.cells)[0];
    if (widest === undefined) return stacked(layout, columns, rows, indent);
    widths[widest.index] = widest.cells - 1;
  }
  const line = (cells: readonly string[]): string =>
    (
      " ".repeat(indent) +
      columns
        .map(({ align }, index) => {
          const width = widths[index] ?? 0;
          const text = shorten(layout, cells[index] ?? "", width);
          return align === "left" ? padEnd(text, width) : padStart(text, width);
        })
        .join(" ".repeat(gap))
    ).trimEnd();
  return [paint(layout, "dim", line(columns.map(({ title }) => title))), ...rows.map(line)];
}

function stacked(
  layout: Layout,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  indent: number,
): string[] {
  return rows.flatMap((row) => {
    const cells = columns.flatMap(({ title }, index) => (row[index] ? [`${title} ${row[index]}`] : []));
    return bullet(layout, "- ", cells.join("; "), indent);
  });
}

export function shorten(layout: Layout, text: string, cells: number): string {
  if (cellsOf(text) <= cells) return text;
  const ellipsis = layout.unicode ? "…" : "...";
  return cut(text, cells - ellipsis.length) + ellipsis;
}
