/**
 * Randomness for the simulator: one seeded stream per purpose, so that adding an attacker to a scenario leaves every
 * member's behaviour as it was. Knows nothing of what is simulated.
 */
import { type Random, seededRandom } from "#/platform/random.ts";

/** Mixes numbers into 32 bits: the same on every machine. */
export function mix(...values: readonly number[]): number {
  let hash = 0x811c9dc5;
  for (const value of values) {
    hash = Math.imul(hash ^ (value | 0), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
    hash ^= hash >>> 13;
  }
  return hash >>> 0;
}

/** 32 bits of a text (FNV-1a). */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

/** A stream of random values of many shapes. */
export class Rng {
  readonly next: Random;
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
    this.next = seededRandom(mix(seed));
  }

  /** An independent stream; the same label and index give the same one, whatever was drawn before. */
  fork(label: string, index = 0): Rng {
    return new Rng(mix(this.#seed, hashText(label), index));
  }

  /** A whole number in [0, bound). */
  int(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  between(from: number, to: number): number {
    return from + this.next() * (to - from);
  }

  /** Evenly spread in the logarithm: right for rates that range over decades. */
  betweenLog(from: number, to: number): number {
    return from * Math.exp(this.next() * Math.log(to / from));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(list: readonly T[]): T {
    const value = list[this.int(list.length)];
    if (value === undefined) throw new RangeError("nothing to pick from");
    return value;
  }

  exponential(mean: number): number {
    return -Math.log(1 - this.next()) * mean;
  }

  normal(mean: number, deviation: number): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return mean + deviation * radius * Math.cos(2 * Math.PI * this.next());
  }

  poisson(mean: number): number {
    if (mean > 40) return Math.max(0, Math.round(this.normal(mean, Math.sqrt(mean))));
    const limit = Math.exp(-mean);
    let count = 0;
    for (let product = this.next(); product > limit; product *= this.next()) count += 1;
    return count;
  }

  /** An index, with the probability that its weight says. */
  weighted(weights: readonly number[]): number {
    let total = 0;
    for (const weight of weights) total += weight;
    let left = this.next() * total;
    for (const [index, weight] of weights.entries()) {
      left -= weight;
      if (left < 0) return index;
    }
    return weights.length - 1;
  }

  /** The list in random order, as a new list. */
  shuffled<T>(list: readonly T[]): T[] {
    const result = [...list];
    for (let at = result.length - 1; at > 0; at -= 1) {
      const other = this.int(at + 1);
      const moved = result[at] as T;
      result[at] = result[other] as T;
      result[other] = moved;
    }
    return result;
  }
}
