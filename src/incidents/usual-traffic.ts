/**
 * How many sign-ins would have been usual in a stretch that has none: as many as at the same hours of other days, so that a quiet
 * night is no gap. Where there is no other day, as many as just before and just after; where there are few, the lower of the two.
 */
import type { Timeline } from "./conclusion.ts";
import { days, hours } from "#/platform/units.ts";

const DAY = days(1);
/** Other days that are looked at, on each side. */
const DAYS_MAX = 28;
/** The quietest eighth of them may be holidays, or gaps themselves. */
const QUIET_SHARE = 1 / 8;
/** With fewer other days than these, all of them may have been working days. */
const DAYS_MIN = 6;

type Slots = ReadonlyMap<number, Timeline["slots"][number]>;

/** @param indices those of the slots, in order; slots are `width` ms wide. The stretch is from slot `from` to before slot `to`. */
export function usualBetween(
  slots: Slots,
  indices: readonly number[],
  width: number,
  from: number,
  to: number,
): number {
  const around = usualAround(slots, width, from, to);
  // A day's worth is enough to know the rest by.
  const length = Math.min(to - from, Math.max(1, Math.ceil(DAY / width)));
  const onOtherDays = width >= DAY ? [] : otherDays(slots, indices, width, { from, to, length });
  // The only weekend of a log may be as quiet as all of them.
  if (onOtherDays.length === 0) return isAtWeekend(from, length, width) && (to - from) * width >= DAY ? 0 : around;
  onOtherDays.sort((left, right) => left - right);
  const usual = ((onOtherDays[Math.floor(onOtherDays.length * QUIET_SHARE)] ?? 0) * (to - from)) / length;
  return onOtherDays.length < DAYS_MIN ? Math.min(around, usual) : usual;
}

/** At the rate of the hour before or of the hour after, whichever is lower. */
function usualAround(slots: Slots, width: number, from: number, to: number): number {
  const length = Math.max(1, Math.round(hours(1) / width));
  const lower = Math.min(countIn(slots, from - length, length), countIn(slots, to, length));
  return (lower / length) * (to - from);
}

type Stretch = { readonly from: number; readonly to: number; readonly length: number };

/** Whether any of it is on a Saturday or Sunday: such stretches are compared among themselves. */
const isAtWeekend = (from: number, length: number, width: number): boolean =>
  [from, from + length - 1].some((index) => new Date(index * width).getUTCDay() % 6 === 0);

/** How many came at the same hours of each other day that is in the log as a whole, and not in the stretch itself. */
function otherDays(slots: Slots, indices: readonly number[], width: number, { from, to, length }: Stretch): number[] {
  const first = indices[0] ?? 0;
  const last = indices.at(-1) ?? 0;
  const atWeekend = isAtWeekend(from, length, width);
  const counts: number[] = [];
  for (let day = -DAYS_MAX; day <= DAYS_MAX; day += 1) {
    const start = Math.floor((from * width + day * DAY) / width);
    const isInside = start + length > from && start < to;
    if (isInside || start < first || start + length > last + 1) continue;
    if (isAtWeekend(start, length, width) === atWeekend) counts.push(countIn(slots, start, length));
  }
  return counts;
}

function countIn(slots: Slots, from: number, length: number): number {
  let count = 0;
  for (let index = from; index < from + length; index += 1) {
    const slot = slots.get(index);
    if (slot !== undefined) count += slot.successes + slot.failures;
  }
  return count;
}
