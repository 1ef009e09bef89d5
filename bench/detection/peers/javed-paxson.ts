/**
 * Javed and Paxson, "Detecting Stealthy, Distributed SSH Brute-Forcing", CCS 2013. Failures per batch of n = 100 sign-ins, CUSUM
 * S <- max(0, S + failures - mu - k) with k = m/2, m = 10, alarm above H = 20. The mean and the dispersion (beta-binomial) are
 * fitted on the first four days, and H is raised above 20 where that dispersion needs it for a mean of 3,720 batches between false
 * alarms, the paper's own figure. Named are the addresses that failed since S left 0 and never signed anybody in before; the
 * paper's further filters (client versions, sets of names over several epochs) need more than most logs have and are left out.
 */
import { days } from "#/platform/units.ts";
import { type Peer, type Running, type Say, isFailure } from "./peer.ts";

const BATCH = 100;
const SHIFT = 10;
const REFERENCE = SHIFT / 2;
const H_MIN = 20;
const H_MAX = 100;
const BETWEEN_ALARMS = 3_720;
const LEARNING = days(4);

function start(say: Say): Running {
  const training: number[] = [];
  const succeeded = new Set<string>();
  let failing = new Set<string>();
  let batch = { size: 0, failures: 0 };
  let began = 0;
  let limits: { readonly mean: number; readonly h: number } | undefined;
  let sum = 0;
  const close = (at: number): void => {
    const { failures } = batch;
    batch = { size: 0, failures: 0 };
    if (at - began < LEARNING) return void training.push(failures);
    limits ??= limitsFor(training);
    sum = Math.max(0, sum + failures - limits.mean - REFERENCE);
    if (sum > limits.h) {
      say(at, "");
      for (const address of failing) if (!succeeded.has(address)) say(at, address);
      sum = 0;
    }
    if (sum === 0) failing = new Set();
  };
  return {
    step: ({ signIn }) => {
      if (began === 0) began = signIn.at;
      batch.size += 1;
      if (signIn.outcome === "success") succeeded.add(signIn.address);
      else if (isFailure(signIn)) {
        batch.failures += 1;
        failing.add(signIn.address);
      }
      if (batch.size === BATCH) close(signIn.at);
    },
  };
}

/** The mean, and the smallest H with enough batches between false alarms. */
export function limitsFor(training: readonly number[]): { mean: number; h: number } {
  const count = Math.max(1, training.length);
  const mean = training.reduce((total, one) => total + one, 0) / count;
  const variance = training.reduce((total, one) => total + (one - mean) ** 2, 0) / count;
  const chances = betaBinomial(Math.min(BATCH - 1, Math.max(0.5, mean)), variance);
  let h = H_MIN;
  while (h < H_MAX && runLength(chances, mean + REFERENCE, h) < BETWEEN_ALARMS) h += 5;
  return { mean, h };
}

/** By the method of moments; where the variance is no larger than the binomial's, nearly that. */
function betaBinomial(mean: number, variance: number): number[] {
  const share = mean / BATCH;
  const excess = variance / (BATCH * share * (1 - share));
  // (variance / binomial variance) = 1 + (n - 1) * rho, and rho = 1 / (a + b + 1).
  const rho = Math.min(0.9, Math.max(1e-4, (excess - 1) / (BATCH - 1)));
  const total = 1 / rho - 1;
  const a = share * total;
  const b = (1 - share) * total;
  const chances = [1];
  for (let k = 0; k < BATCH; k += 1)
    chances.push(((chances[k] ?? 0) * ((BATCH - k) * (a + k))) / ((k + 1) * (b + BATCH - k - 1)));
  const sum = chances.reduce((one, other) => one + other, 0);
  return chances.map((chance) => chance / sum);
}

/**
 * Mean batches until the sum, in whole steps and from 0, passes H: the expected time of a Markov chain with the states 0 to H,
 * time = 1 + P * time, by elimination.
 */
function runLength(chances: readonly number[], allowance: number, h: number): number {
  const rows = Array.from({ length: h + 1 }, (_, state) => {
    const row = new Float64Array(h + 2);
    row[state] = 1;
    row[h + 1] = 1;
    for (const [failures, chance] of chances.entries()) {
      const to = Math.max(0, Math.round(state + failures - allowance));
      if (to <= h) row[to] = (row[to] ?? 0) - chance;
    }
    return row;
  });
  // From the last state down, so that what is left over is the time from state 0.
  for (let pivot = h; pivot > 0; pivot -= 1) {
    const from = rows[pivot] ?? new Float64Array(h + 2);
    for (const row of rows.slice(0, pivot)) {
      const factor = (row[pivot] ?? 0) / (from[pivot] ?? 1);
      if (factor !== 0) for (let at = 0; at <= h + 1; at += 1) row[at] = (row[at] ?? 0) - factor * (from[at] ?? 0);
    }
  }
  const [first] = rows;
  return (first?.[h + 1] ?? 0) / (first?.[0] ?? 1);
}

export const javedPaxson: Peer = {
  name: "Javed-Paxson",
  rule: "CUSUM over failures per 100 sign-ins, k = 5, H = 20 or what the site's dispersion needs for 3,720 batches between false alarms",
  needs: "four days without attack to fit it on",
  blocks: "for good",
  start,
};
