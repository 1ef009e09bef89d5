/**
 * Page's cumulative sum for a rate of occurrences, stepped at each occurrence: log-likelihood of an elevated rate against
 * the usual one, never below zero, so that it forgets the past but not a slow drip. Occurrences come in clumps
 * (one person retries, one bot tries three names), so the evidence of each is divided by the dispersion.
 */

export type Cusum = {
  sum: number;
  /** Time of the last step, ms. */
  at: number;
  /** Since when the sum has been above zero, ms: the best guess of the onset. */
  since: number;
};

export const createCusum = (): Cusum => ({ sum: 0, at: 0, since: 0 });

/** Lets time pass: what an attack would have added by now and did not counts against it. */
export function passTime(cusum: Cusum, at: number, shift: number, dispersion: number): void {
  const elapsed = Math.max(0, at - cusum.at);
  if (cusum.at !== 0) cusum.sum = Math.max(0, cusum.sum - (shift * elapsed) / dispersion);
  cusum.at = Math.max(cusum.at, at);
}

/** When the sum will have fallen to `level` if nothing more comes, ms. */
export const fallenTo = (cusum: Cusum, level: number, shift: number, dispersion: number): number =>
  cusum.at + (Math.max(0, cusum.sum - level) * dispersion) / shift;

/**
 * Lets time pass, then adds an occurrence of `weight`.
 * @param usual rate that is expected now, per ms. @param shift what the attack would add, per ms.
 */
export function stepCusum(
  cusum: Cusum,
  at: number,
  weight: number,
  usual: number,
  shift: number,
  dispersion: number,
): void {
  passTime(cusum, at, shift, dispersion);
  if (cusum.sum === 0) cusum.since = at;
  cusum.sum += (weight * Math.log(1 + shift / usual)) / dispersion;
}
