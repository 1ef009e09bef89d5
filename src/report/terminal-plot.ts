// The timeline as a few lines of block characters, or of ASCII where the terminal has no others.
import type { Campaign, Conclusion, Fault, Timeline } from "#/incidents/conclusion.ts";
import type { Millis } from "#/platform/units.ts";
import { cellsOf, padEnd } from "./cells.ts";
import { type Layout, paint, type Paint, safe, shorten } from "./terminal-layout.ts";
import { hasNoSuccesses } from "./report.ts";
import { endOf, peakOf, regroup, type Series, shareOf, ticksOf } from "./timeline.ts";
import { durationText, figure } from "./words.ts";

const blocks = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;
const asciiBlocks = [" ", ".", ".", ":", ":", "+", "+", "#", "#"] as const;

/** The labels are this wide at least, two blanks before the bars included, and at most. */
const labelCellsMin = 19;
const labelCellsMax = 26;
const tickCells = 9;
/** Rows of the one series that matters most. */
const tallRows = 3;
/** More spans than this say nothing in a plot. */
const spansMax = 4;

const labels = {
  successes: "Successes",
  failures: "All failures",
  unfamiliar: "Strangers failing",
} as const satisfies Record<Series, string>;

type Grid = {
  readonly layout: Layout;
  readonly timeline: Timeline;
  readonly columns: number;
  /** Columns before the bars; 0 where the labels stand above them. */
  readonly labelCells: number;
  readonly room: number;
};

/** Nothing where there is too little to plot. */
export function plotLines(layout: Layout, conclusion: Conclusion, indent: number): string[] {
  if (conclusion.timeline.slots.length < 4) return [];
  // Without any success, everybody is a stranger: that would say nothing.
  const tall = conclusion.campaigns.length > 0 && !hasNoSuccesses(conclusion) ? "unfamiliar" : "failures";
  const grid = gridOf(layout, conclusion.timeline, indent, tall);
  const { timeline } = grid;
  const order = (["unfamiliar", "failures", "successes"] as const).filter(
    (series) =>
      series === tall ||
      (timeline.slots.some((slot) => slot[series] > 0) && (series !== "unfamiliar" || !hasNoSuccesses(conclusion))),
  );
  const isQuiet = conclusion.kind === "quiet";
  const lines = order.flatMap((series) => seriesLines(grid, series, series === tall && !isQuiet));
  lines.push(...spanLines(grid, conclusion), ...axisLines(grid));
  return lines.map((line) => (" ".repeat(indent) + line).trimEnd());
}

function gridOf(layout: Layout, whole: Timeline, indent: number, tall: Series): Grid {
  const of = (labelCells: number): Grid => {
    const room = Math.min(layout.width, 100) - indent - labelCells;
    const timeline = regroup(whole, room);
    // A few slots are drawn several columns wide each, so that the plot fills its room.
    const columns = timeline.slots.length * Math.max(1, Math.floor(room / timeline.slots.length));
    return { layout, timeline, columns, labelCells, room };
  };
  if (layout.width < 60) return of(0);
  const grid = of(labelCellsMin);
  const cells = cellsOf(mostText(grid.timeline, tall)) + 2;
  return cells > labelCellsMin ? of(Math.min(labelCellsMax, cells)) : grid;
}

/** "max 101 / 30 min". */
function mostText(timeline: Timeline, series: Series): string {
  const most = timeline.slots.reduce((max, slot) => Math.max(max, slot[series]), 0);
  return `max ${figure(most)} / ${durationText(timeline.slot)}`;
}

function seriesLines(grid: Grid, series: Series, tall: boolean): string[] {
  const { layout, timeline } = grid;
  const glyphs = layout.unicode ? blocks : asciiBlocks;
  const rows = tall ? tallRows : 1;
  // Strangers' failures are part of all failures, and drawn to the same scale.
  const peak = peakOf(timeline, series === "unfamiliar" ? "failures" : series);
  const levels = timeline.slots.map((slot) => {
    // Whatever happened at all is seen: one success among hundreds of failures is the point of the plot.
    const level = Math.round((slot[series] / peak) * rows * 8);
    return slot[series] > 0 ? Math.max(1, level) : 0;
  });
  const wide = grid.columns / Math.max(1, timeline.slots.length);
  const bars = Array.from({ length: rows }, (_, row) => {
    const base = (rows - 1 - row) * 8;
    return levels
      .map((level) => (glyphs[Math.min(8, Math.max(0, level - base))] ?? " ").repeat(wide))
      .join("")
      .trimEnd();
  });
  const most = mostText(timeline, series);
  const style: Paint | undefined =
    series === "unfamiliar" ? "red" : series === "failures" && tall ? "yellow" : undefined;
  const painted = bars.map((bar) => (style === undefined ? bar : paint(layout, style, bar)));
  if (grid.labelCells === 0)
    return [shorten(layout, `${labels[series]}, ${most.replace(" / ", "/")}`, grid.room), ...painted];
  const text = (row: number): string => {
    if (row === rows - 1) return labels[series];
    return row === rows - 2 ? shorten(layout, most, grid.labelCells - 2) : "";
  };
  // In a single row there is no place for the maximum beside the label.
  return painted.map((bar, row) => padEnd(rows === 1 ? labels[series] : text(row), grid.labelCells) + bar);
}

type Span = {
  readonly id: string;
  readonly from: Millis;
  readonly to: Millis;
  readonly marks: readonly [Millis, string][];
};

function spanLines(grid: Grid, conclusion: Conclusion): string[] {
  const spans = [
    ...conclusion.campaigns.map((campaign) => campaignSpan(grid, campaign)),
    ...conclusion.faults.map(faultSpan),
  ];
  return spans.slice(0, spansMax).map((span) => {
    const [left, bar, right] = grid.layout.unicode ? ["├", "─", "┤"] : ["|", "-", "|"];
    const start = columnOf(grid, span.from);
    const end = columnOf(grid, span.to);
    const cells = Array.from({ length: grid.columns }, (_, column) => (column > start && column < end ? bar : " "));
    cells[start] = left;
    cells[end] = right;
    for (const [at, mark] of span.marks) cells[columnOf(grid, at)] = mark;
    const label = safe(grid.layout, span.id, labelCellsMin - 2);
    // Without a column for labels the name stands on the line itself.
    return grid.labelCells > 0 ? padEnd(label, grid.labelCells) + cells.join("") : withName(cells, label);
  });
}

function withName(cells: readonly string[], name: string): string {
  const line = cells.join("");
  const start = line.length - line.trimStart().length;
  return start > name.length ? `${line.slice(0, start - name.length - 1)}${name} ${line.slice(start)}` : line;
}

function campaignSpan(grid: Grid, campaign: Campaign): Span {
  const mark = fallenMark(grid.layout);
  return {
    id: campaign.id,
    from: campaign.firstAttempt,
    to: campaign.lastAttempt,
    marks: [[campaign.detectedAt, "D"], ...campaign.fallen.map(({ at }): [Millis, string] => [at, mark])],
  };
}

export const fallenMark = (layout: Layout): string => (layout.unicode ? "◆" : "X");

const faultSpan = (fault: Fault): Span => ({ id: fault.id, from: fault.from, to: fault.to, marks: [] });

const columnOf = (grid: Grid, at: Millis): number =>
  Math.min(grid.columns - 1, Math.floor(shareOf(grid.timeline, at) * grid.columns));

function axisLines(grid: Grid): string[] {
  const ticks = ticksOf(grid.timeline, Math.max(1, Math.floor(grid.columns / tickCells)));
  let line = "";
  for (const { at, label } of ticks) {
    const column = columnOf(grid, at);
    if (column < cellsOf(line) + (line === "" ? 0 : 1)) continue;
    // A label never runs over the edge.
    if (column + label.length > grid.room) continue;
    line = padEnd(line, column) + label;
  }
  const side = grid.labelCells > 0 ? padEnd("UTC", grid.labelCells) : "";
  return endOf(grid.timeline) > grid.timeline.from ? [paint(grid.layout, "dim", side + line)] : [];
}
