/**
 * The charts of the distributed detector: for one class of names, the same failures against several sizes of attack at once. An alarm goes up
 * at the first scale that is sure, and comes down when those that keep it up have fallen.
 */
import { type Cusum, createCusum, fallenTo, passTime, stepCusum } from "#/detectors/toolbox/cusum.ts";
import { type Millis, days } from "#/platform/units.ts";

/** One of a chart's tests. */
type Scale = {
  readonly cusum: Cusum;
  /** What an attack of this scale adds, per ms. */
  readonly shift: number;
  /** Of failures that have settled, or of all as they come. */
  readonly settled: boolean;
};

/** A stretch in which an attack was declared. */
export type Alarm = {
  readonly known: boolean;
  readonly since: Millis;
  /** The sign-in at which it was declared. */
  readonly at: Millis;
  /** When it ended; infinite while it goes on. */
  over: number;
  /** The last failure that still raised the fastest scale that called: what came after it may be as usual. */
  risenTo: number;
  readonly why: string;
};

/** One class of names: those that exist, or those that do not. */
export type Chart = {
  readonly known: boolean;
  /** Slowest first. */
  readonly scales: readonly Scale[];
  readonly dispersion: number;
  readonly declareAt: number;
  alarm: Alarm | undefined;
  /** When the alarm ends if nothing more comes; infinite where there is none. */
  overAt: number;
  /** The fastest scale that has called the alarm, and the highest that it has stood. */
  fastest: number;
  peak: number;
  /** The lowest scale that keeps the alarm up: one below the highest that has called it. What goes on slower does not. */
  keptFrom: number;
  /** Scales that were still up when an alarm ended: each calls no other before it has been down. */
  readonly spent: boolean[];
};

/** What is usual now, per ms: of failures as they come, and of those that settle. */
export type Rates = { readonly atOnce: number; readonly settled: number };

/** How high a chart's scales of one sort stand: the highest, and the highest of those that may call an alarm, with its beginning. */
export type Level = { readonly highest: number; readonly calling: number; readonly since: number };

type ChartSettings = {
  readonly shiftsPerDay: readonly number[];
  readonly atOncePerDay: number;
  readonly declareAt: number;
};

export function createChart(known: boolean, settings: ChartSettings, dispersion: number): Chart {
  const scales = settings.shiftsPerDay.flatMap((perDay) => scalesOf(perDay, known, settings.atOncePerDay));
  return {
    known,
    scales,
    dispersion,
    declareAt: settings.declareAt,
    alarm: undefined,
    overAt: Number.POSITIVE_INFINITY,
    fastest: 0,
    peak: 0,
    keptFrom: 0,
    spent: scales.map(() => false),
  };
}

/** What fails on names that do not exist is never resolved: there is nothing to wait for. */
function scalesOf(perDay: number, known: boolean, atOncePerDay: number): Scale[] {
  const shift = perDay / days(1);
  const atOnce = { cusum: createCusum(), shift, settled: false };
  if (!known) return [atOnce];
  const settled = { cusum: createCusum(), shift, settled: true };
  return perDay < atOncePerDay ? [settled] : [settled, atOnce];
}

/** Counts a failure on the chart's scales of its sort. One of no weight is not evidence yet, and leaves them at zero. */
export function count(
  chart: Chart,
  { at, weight, settled: isSettled }: { readonly at: Millis; readonly weight: number; readonly settled: boolean },
  usual: Rates,
): Level {
  const { dispersion, declareAt } = chart;
  let highest = 0;
  let calling = 0;
  let since = at as number;
  for (const [index, { cusum, shift, settled }] of chart.scales.entries()) {
    if (settled !== isSettled) continue;
    passTime(cusum, at, shift, dispersion);
    if (cusum.sum < 1) chart.spent[index] = false;
    stepCusum(cusum, at, weight, settled ? usual.settled : usual.atOnce, shift, dispersion);
    cusum.sum = weight === 0 ? 0 : Math.min(cusum.sum, declareAt * 1.5);
    highest = Math.max(highest, cusum.sum);
    if (chart.spent[index] === true || cusum.sum <= calling) continue;
    calling = cusum.sum;
    since = cusum.since;
  }
  return { highest, calling, since };
}

/** Takes back what a failure has added. What still waits has not been counted among what has settled. */
export function takeOff(chart: Chart, weight: number, usual: Rates, waits: boolean): void {
  for (const { cusum, shift, settled } of chart.scales) {
    if (settled && waits) continue;
    const evidence = weight * Math.log(1 + shift / (settled ? usual.settled : usual.atOnce));
    cusum.sum = Math.max(0, cusum.sum - evidence / chart.dispersion);
  }
}

/** When an alarm ends if nothing more comes. What is small beside the usual cannot be told from it, and keeps none up. */
export function endOf(chart: Chart, usual: Rates): number {
  let overAt = 0;
  for (const [index, { cusum, shift, settled }] of chart.scales.entries()) {
    if (cusum.sum >= chart.declareAt) noteCalling(chart, index, cusum);
    const isSmall = shift < (settled ? usual.settled : usual.atOnce) / 2 && index < chart.scales.length - 1;
    if (index < chart.keptFrom || isSmall) continue;
    overAt = Math.max(overAt, fallenTo(cusum, 1, shift, chart.dispersion));
  }
  return overAt;
}

function noteCalling(chart: Chart, index: number, { sum, at }: Cusum): void {
  if (index < chart.fastest) return;
  if (index > chart.fastest) chart.peak = 0;
  chart.fastest = index;
  chart.keptFrom = Math.max(chart.keptFrom, index - 1);
  if (sum < chart.peak) return;
  chart.peak = sum;
  if (chart.alarm !== undefined) chart.alarm.risenTo = at;
}

/** It is over, and the next one needs evidence of its own. */
export function lowerAlarm(chart: Chart, at: Millis): void {
  if (chart.alarm !== undefined) chart.alarm.over = at;
  chart.alarm = undefined;
  chart.overAt = Number.POSITIVE_INFINITY;
  chart.fastest = 0;
  chart.peak = 0;
  chart.keptFrom = 0;
  for (const index of chart.spent.keys()) chart.spent[index] = true;
}
