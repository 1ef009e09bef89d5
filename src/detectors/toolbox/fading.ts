/**
 * A count that fades with a half-life: how much came lately, and so at which rate. A count that is younger than its half-life
 * tells of less than there is.
 */

export type Fading = { sum: number; at: number };

export const createFading = (at = 0): Fading => ({ sum: 0, at });

/** Brings it up to `at`, ms. What is a little out of order finds it as it is. */
export function fade(fading: Fading, at: number, halfLife: number): void {
  if (at <= fading.at) return;
  fading.sum *= 2 ** (-(at - fading.at) / halfLife);
  fading.at = at;
}

/** The rate, per ms, at which as much must come as has come. */
export const ratePerMs = ({ sum }: Fading, halfLife: number): number => (sum * Math.LN2) / halfLife;
