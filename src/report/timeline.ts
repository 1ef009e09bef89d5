// The timeline made ready to be drawn: regrouped to the columns there are, with ticks at round times. It draws nothing.
import type { Timeline } from "#/incidents/conclusion.ts";
import { days, type Duration, hours, type Millis, millis, minutes } from "#/platform/units.ts";
import { hourText, monthText, shortDayText } from "./words.ts";

export type Series = "successes" | "failures" | "unfamiliar";

/** As many whole slots per column as are needed to fit: columns that stood for unequal times would show waves of their own. */
export function regroup(timeline: Timeline, columnsMax: number): Timeline {
  const per = Math.max(1, Math.ceil(timeline.slots.length / Math.max(1, columnsMax)));
  if (per === 1) return timeline;
  const slots = Array.from({ length: Math.ceil(timeline.slots.length / per) }, (_, index) => {
    const sum = { successes: 0, failures: 0, unfamiliar: 0 };
    for (const slot of timeline.slots.slice(index * per, (index + 1) * per)) {
      sum.successes += slot.successes;
      sum.failures += slot.failures;
      sum.unfamiliar += slot.unfamiliar;
    }
    return sum;
  });
  return { from: timeline.from, slot: multiply(timeline.slot, per), slots };
}

/** A duration times a whole number is a duration. */
const multiply = (length: Duration, by: number): Duration => (length * by) as Duration;

export const endOf = (timeline: Timeline): Millis => millis(timeline.from + timeline.slot * timeline.slots.length);

/** Where a time lies on the timeline: 0 at its start, 1 at its end, never outside. */
export function shareOf(timeline: Timeline, at: Millis): number {
  const length = timeline.slot * timeline.slots.length;
  return length <= 0 ? 0 : Math.min(1, Math.max(0, (at - timeline.from) / length));
}

export type Tick = { readonly at: Millis; readonly label: string };

const steps: readonly Duration[] = [
  minutes(1),
  minutes(5),
  minutes(15),
  minutes(30),
  hours(1),
  hours(2),
  hours(3),
  hours(6),
  hours(12),
  days(1),
  days(2),
  days(3),
  days(7),
  days(14),
  days(28),
  days(91),
];

/** Longer than this, a day of the year may come twice, and must be told with its year. */
const dated = days(300);

/** Round UTC times within the timeline, at most `ticksMax` of them; days are named where a day begins. */
export function ticksOf(timeline: Timeline, ticksMax: number): readonly Tick[] {
  const end = endOf(timeline);
  const length = end - timeline.from;
  if (length > dated) return monthTicks(timeline.from, end, ticksMax);
  const step = steps.find((candidate) => length / candidate <= ticksMax);
  if (step === undefined || timeline.slots.length === 0) return [];
  const ticks: Tick[] = [];
  for (let at = Math.ceil(timeline.from / step) * step; at <= end && ticks.length < ticksMax; at += step) {
    const time = millis(at);
    ticks.push({ at: time, label: at % days(1) === 0 ? shortDayText(time) : hourText(time) });
  }
  return ticks;
}

const monthSteps = [1, 2, 3, 6, 12, 24, 60, 120, 600];

/** The first of every so many months: "Mar 2026", or "2026" where a tick stands for a year or more. */
function monthTicks(from: Millis, end: Millis, ticksMax: number): readonly Tick[] {
  const monthOf = (at: number): number => new Date(at).getUTCFullYear() * 12 + new Date(at).getUTCMonth();
  const [first, last] = [monthOf(from - 1) + 1, monthOf(end)];
  const step = monthSteps.find((months) => Math.floor(last / months) - Math.ceil(first / months) < ticksMax);
  if (step === undefined) return [];
  const ticks: Tick[] = [];
  for (let month = Math.ceil(first / step) * step; month <= last; month += step) {
    const at = millis(Date.UTC(Math.floor(month / 12), month % 12, 1));
    ticks.push({ at, label: step >= 12 ? String(Math.floor(month / 12)) : monthText(at) });
  }
  return ticks;
}

/** The largest value of a series, at least 1 so that it can be divided by. */
export const peakOf = (timeline: Timeline, series: Series): number =>
  timeline.slots.reduce((peak, slot) => Math.max(peak, slot[series]), 1);
