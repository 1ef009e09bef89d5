// The tail of the Poisson distribution: how likely so many, or more, are where so many are to be expected.

/** Terms beyond this add nothing that a double could hold. */
const TERMS_MAX = 2_000;

/** The natural logarithm of the chance to see `count` or more where `mean` are to be expected; 0 for certain. */
export function logTail(count: number, mean: number): number {
  if (count <= 0) return 0;
  if (mean <= 0) return Number.NEGATIVE_INFINITY;
  if (count <= mean) return Math.log1p(-below(count, mean));
  // The first term, and then each as a part of it: the sum stays in range however small all of it is.
  let sum = 1;
  let term = 1;
  for (let next = count + 1; next < count + TERMS_MAX; next += 1) {
    term *= mean / next;
    sum += term;
    if (term < sum * 1e-15) break;
  }
  return Math.min(0, logTerm(count, mean) + Math.log(sum));
}

/** The chance of fewer. */
function below(count: number, mean: number): number {
  let sum = 0;
  for (let one = 0; one < count; one += 1) sum += Math.exp(logTerm(one, mean));
  return Math.min(1 - Number.EPSILON, sum);
}

function logTerm(count: number, mean: number): number {
  let sum = count * Math.log(mean) - mean;
  for (let factor = 2; factor <= count; factor += 1) sum -= Math.log(factor);
  return sum;
}
