/**
 * How far a long piece of work is, told on standard error: a bar with share, rate and time left where somebody watches,
 * one line every ten seconds where nobody does. It has no timer of its own: it speaks when it is told of progress, and
 * not more often than is of use.
 */
import type { Clock } from "#/platform/clock.ts";
import { seconds } from "#/platform/units.ts";
import { durationText, figure } from "./words.ts";

export type Done = {
  readonly bytes: number;
  /** Undefined where the end is not known (standard input). */
  readonly bytesTotal: number | undefined;
  readonly lines: number;
};

export type Progress = {
  report(done: Done): void;
  /** Takes the bar away. Call it before anything else is written. */
  finish(): void;
};

/** Work that is done by then needs no bar. */
const quietFor = seconds(0.5);
const barEvery = seconds(0.1);
const lineEvery = seconds(10);
/** The rate is that of the last few seconds, so that the time left follows a change of format or of disk. */
const rateWindow = seconds(5);

/** What the terminal can show. */
export type ProgressShape = {
  readonly columns: number;
  readonly unicode: boolean;
  /** What is counted; lines where nothing is said. */
  readonly unit?: string;
};

/** @param write writes to standard error. @param isWatched whether that is a terminal. */
export function createProgress(
  write: (text: string) => void,
  isWatched: boolean,
  clock: Clock,
  shape: ProgressShape = { columns: 80, unicode: false },
): Progress {
  const start = clock.ticks();
  let next = start + (isWatched ? quietFor : lineEvery);
  let isShown = false;
  let mark = { at: start, bytes: 0, lines: 0 };
  let last = mark;
  return {
    report(done) {
      const now = clock.ticks();
      if (now < next) return;
      if (now - last.at >= rateWindow) {
        mark = last;
        last = { at: now, bytes: done.bytes, lines: done.lines };
      }
      const elapsed = Math.max(1, now - mark.at);
      const text = progressText(done, shape.unit ?? "lines", {
        linesPerSecond: ((done.lines - mark.lines) / elapsed) * 1_000,
        left: timeLeft(done, ((done.bytes - mark.bytes) / elapsed) * 1_000),
      });
      if (isWatched) {
        write(`\r${barText(done, text, shape)}\u001b[K`);
        isShown = true;
      } else write(`${text}\n`);
      next = now + (isWatched ? barEvery : lineEvery);
    },
    finish() {
      if (isShown) write("\r\u001b[K");
      isShown = false;
    },
  };
}

type Rate = { readonly linesPerSecond: number; readonly left: number | undefined };

function timeLeft({ bytes, bytesTotal }: Done, bytesPerSecond: number): number | undefined {
  if (bytesTotal === undefined || bytesTotal <= 0 || bytesPerSecond <= 0) return undefined;
  return (Math.max(0, bytesTotal - bytes) / bytesPerSecond) * 1_000;
}

const shareOf = ({ bytes, bytesTotal }: Done): number | undefined =>
  bytesTotal === undefined || bytesTotal <= 0 ? undefined : Math.min(1, bytes / bytesTotal);

function progressText(done: Done, unit: string, { linesPerSecond, left }: Rate): string {
  const share = shareOf(done);
  const parts = [`${figure(done.lines)} ${unit}`, `${figure(linesPerSecond)} ${unit}/s`];
  // A part of a file that is said to be 100% done and goes on looks like a hang.
  if (share !== undefined) parts.unshift(`${Math.min(99, Math.floor(share * 100))}%`);
  if (left !== undefined) parts.push(left < 1_000 ? "almost done" : `${durationText(left)} left`);
  return parts.join(", ");
}

const barCellsMax = 30;
const barCellsMin = 6;

function barText(done: Done, text: string, { columns, unicode }: ProgressShape): string {
  const share = shareOf(done);
  // A terminal moves to the next line once its last column is written.
  const width = columns - 1;
  const cells = Math.min(barCellsMax, width - text.length - 3);
  if (share === undefined || cells < barCellsMin) return text.slice(0, Math.max(0, width));
  const filled = Math.floor(share * cells);
  const [full, empty] = unicode ? ["█", "░"] : ["#", "."];
  return `${full.repeat(filled)}${empty.repeat(cells - filled)} ${text}`;
}
