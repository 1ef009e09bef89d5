/** Intervals that hold whatever the distribution, all at 95%. */
import { Rng } from "../../sim/rng.ts";

export type Interval = { readonly value: number; readonly low: number; readonly high: number };

/** Of runs, the share that did something: Wilson's interval. */
export function share(count: number, of: number): Interval {
  if (of === 0) return { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  const z = 1.96;
  const value = count / of;
  const middle = value + (z * z) / (2 * of);
  const half = z * Math.sqrt((value * (1 - value)) / of + (z * z) / (4 * of * of));
  const scale = 1 + (z * z) / of;
  return { value, low: Math.max(0, (middle - half) / scale), high: Math.min(1, (middle + half) / scale) };
}

/**
 * The median and the order statistics around it that hold it in 95 of 100 cases (binomial). What never happened is
 * infinitely late, and counts. Fewer than six values cannot say: their interval is all of them.
 */
export function median(values: readonly (number | undefined)[]): Interval {
  const sorted = values.map((value) => value ?? Infinity).sort((one, other) => one - other);
  const count = sorted.length;
  if (count === 0) return { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  const at = (index: number): number => sorted[Math.min(count - 1, Math.max(0, index))] ?? Number.NaN;
  const value = count % 2 === 1 ? at(count >> 1) : mean(at((count >> 1) - 1), at(count >> 1));
  // The largest r with P(fewer than r of n coins) <= 2.5%: the interval goes from the r-th smallest to the r-th largest.
  let below = 0;
  let rank = 0;
  let chance = 0.5 ** count;
  while (below + chance <= 0.025) {
    below += chance;
    rank += 1;
    chance = (chance * (count - rank + 1)) / rank;
  }
  return { value, low: at(rank - 1), high: at(count - rank) };
}

const mean = (one: number, other: number): number => (one === other ? one : (one + other) / 2);

/** Sum of parts over sum of wholes, with the interval from drawing whole runs again (percentile bootstrap, 2,000 times). */
export function pooled(parts: readonly { readonly part: number; readonly whole: number }[]): Interval {
  const ratio = (list: readonly { readonly part: number; readonly whole: number }[]): number => {
    let part = 0;
    let whole = 0;
    for (const one of list) {
      part += one.part;
      whole += one.whole;
    }
    return part / whole;
  };
  const counted = parts.filter(({ whole }) => whole > 0);
  if (counted.length === 0) return { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  const rng = new Rng(counted.length);
  const draws = Array.from({ length: 2_000 }, () => ratio(counted.map(() => rng.pick(counted)))).sort(
    (one, other) => one - other,
  );
  return { value: ratio(counted), low: draws[50] ?? Number.NaN, high: draws[1_949] ?? Number.NaN };
}

/** So many in so much time: Garwood's exact interval of a Poisson rate. */
export function rate(count: number, time: number): Interval {
  if (time === 0) return { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  const low = count === 0 ? 0 : solve((mean) => 1 - atMost(count - 1, mean), 0.025, count);
  const high = solve((mean) => 1 - atMost(count, mean), 0.975, count + 1);
  return { value: count / time, low: low / time, high: high / time };
}

/** P(Poisson(mean) <= count), in logarithms, since means may be large. */
function atMost(count: number, mean: number): number {
  let log = -mean;
  let sum = Math.exp(log);
  for (let k = 1; k <= count; k += 1) {
    log += Math.log(mean / k);
    sum += Math.exp(log);
  }
  return Math.min(1, sum);
}

/** Where a rising function reaches a value, from a guess on. */
function solve(rising: (mean: number) => number, value: number, guess: number): number {
  let low = 0;
  let high = guess * 3 + 10;
  for (let step = 0; step < 100; step += 1) {
    const middle = (low + high) / 2;
    if (rising(middle) < value) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
