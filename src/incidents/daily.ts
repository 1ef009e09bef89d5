// How often something happened on each day.
import { median } from "#/platform/median.ts";
import { days } from "#/platform/units.ts";

/** A longer log is judged by its first ten years. */
const DAYS_MAX = 3_660;

const dayOf = (at: number): number => Math.floor(at / days(1));

export class Daily {
  private readonly counts = new Map<number, number>();

  note(at: number): void {
    const day = dayOf(at);
    if (this.counts.size < DAYS_MAX) this.counts.set(day, (this.counts.get(day) ?? 0) + 1);
  }

  /** The median of the later half of the days, when the log had got to know the members. */
  laterMedian(): number {
    const counts = [...this.counts].sort((left, right) => left[0] - right[0]).map(([, count]) => count);
    return median(counts.slice(counts.length >> 1));
  }

  /** From one time to another, and beyond what is usual: the median of the later half of the other days. */
  beyondUsual(from: number, to: number): number {
    const isInside = (day: number): boolean => day >= dayOf(from) && day <= dayOf(to);
    const all = [...this.counts].sort((left, right) => left[0] - right[0]);
    const inside = all.filter(([day]) => isInside(day));
    const outside = all.filter(([day]) => !isInside(day)).map(([, count]) => count);
    const usual = median(outside.slice(outside.length >> 1));
    return inside.reduce((sum, [, count]) => sum + count - usual, 0);
  }
}
