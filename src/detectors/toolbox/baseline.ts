/**
 * A usual rate, learned as it goes: a gamma prior worth a stated exposure, occurrences and exposure that fade with a
 * half-life. Exposure is whatever the rate is per: milliseconds, or sign-ins.
 */

export type Baseline = { occurrences: number; exposure: number; at: number };

/** @param rate the prior's rate. @param exposure how much exposure the prior is worth. */
export const createBaseline = (rate: number, exposure: number): Baseline => ({
  occurrences: rate * exposure,
  exposure,
  at: 0,
});

export const rateOf = (baseline: Baseline): number => baseline.occurrences / baseline.exposure;

/** Adds what was seen up to `at`. The prior fades like the rest. */
export function learn(baseline: Baseline, at: number, occurrences: number, exposure: number, halfLife: number): void {
  if (baseline.at !== 0 && at > baseline.at) {
    const keep = 2 ** (-(at - baseline.at) / halfLife);
    baseline.occurrences *= keep;
    baseline.exposure *= keep;
  }
  baseline.at = Math.max(baseline.at, at);
  baseline.occurrences += occurrences;
  baseline.exposure += exposure;
}
