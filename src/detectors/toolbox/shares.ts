/**
 * How often each value of a feature (a client, an hour) is seen, fading by the day, for shares of values seen and not seen.
 * Bounded: once `valuesMax` different ones are kept, further ones count to the sum only, until fading has made room.
 */

export type Shares<Value> = {
  readonly counts: Map<Value, number>;
  sum: number;
  /** The day up to which it has faded, since the epoch. */
  day: number;
};

export const createShares = <Value extends string | number>(): Shares<Value> => ({ counts: new Map(), sum: 0, day: 0 });

const DAY = 86_400_000;
/** What has faded below this is as good as never seen. */
const FORGOTTEN = 0.1;

/** Counts a value. @param halfLife ms. */
export function count<Value>(
  shares: Shares<Value>,
  at: number,
  value: Value,
  weight: number,
  halfLife: number,
  max: number,
): void {
  const day = Math.floor(at / DAY);
  if (day > shares.day) fade(shares, shares.day === 0 ? 1 : 2 ** (-((day - shares.day) * DAY) / halfLife));
  shares.day = Math.max(shares.day, day);
  shares.sum += weight;
  const before = shares.counts.get(value);
  if (before !== undefined) shares.counts.set(value, before + weight);
  else if (shares.counts.size < max) shares.counts.set(value, weight);
}

function fade(shares: Shares<unknown>, keep: number): void {
  if (keep === 1) return;
  shares.sum *= keep;
  for (const [value, number] of shares.counts) {
    if (number * keep < FORGOTTEN) shares.counts.delete(value);
    else shares.counts.set(value, number * keep);
  }
}

/**
 * The share of a value, with the smoothing of Freeman et al. (NDSS 2016) as Wiefling et al. (2021) corrected it: of N seen with M
 * different values, a value seen c times has (c / N) (1 - M / (N + M)), and one never seen 1 / (N + M).
 */
export function shareOf<Value>(shares: Shares<Value>, value: Value): number {
  const different = shares.counts.size;
  const all = shares.sum + different;
  if (all === 0) return 1;
  const number = shares.counts.get(value);
  return number === undefined || shares.sum === 0
    ? 1 / Math.max(1, all)
    : (number / shares.sum) * (1 - different / all);
}

/** Taken off every count of a value that may be one of very many: most that were seen once will not be seen again. */
const DISCOUNT = 0.75;

/**
 * What share of the attack has this value: what strangers' failures have of it beyond what members' own slips among them would
 * (Herley and Schechter, NDSS 2019). 0 where there is no excess.
 * @param slips members' slips among the failures, per sign-in of `good`. @param less failures that are not to count.
 */
export function attackShareOf<Value>(
  failures: Shares<Value>,
  good: Shares<Value>,
  value: Value,
  slips: number,
  less = 0,
): number {
  const excess = (failures.counts.get(value) ?? 0) - DISCOUNT - less - slips * (good.counts.get(value) ?? 0);
  const all = failures.sum - slips * good.sum;
  return excess <= 0 || all <= 0 ? 0 : Math.min(1, excess / all);
}

/** The share of one of a few values that are all bound to come, each of which counts once before anything is seen. */
export const evenShareOf = <Value>(shares: Shares<Value>, value: Value, values: number): number =>
  ((shares.counts.get(value) ?? 0) + 1) / (shares.sum + values);
