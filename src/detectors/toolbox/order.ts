/**
 * Order and pace: whether names were tried in the alphabet's order, and whether at a fixed pace, against chance. Both are pure tests of a list,
 * robust against a few strange entries among it, each with a stated rate of false alarms.
 */

/** Fewer say nothing. */
const NAMES_MIN = 12;
/** Standard deviations: names in random order are beyond this, one way or the other, once in a million and a half lists. */
const DEVIATIONS = 5;

/**
 * Names in the order in which they were tried. Of names in random order, half the steps go up: (n - 1) / 2 of them, with a variance of
 * (n + 1) / 12 (the Eulerian numbers). A list that is gone through several times falls back once each time only, and passes, too.
 */
export function alphabetOf(names: readonly string[]): "forwards" | "backwards" | "none" {
  let steps = 0;
  let up = 0;
  for (let index = 1; index < names.length; index += 1) {
    const [before = "", after = ""] = [names[index - 1], names[index]];
    if (before === after) continue;
    steps += 1;
    if (after > before) up += 1;
  }
  if (steps + 1 < NAMES_MIN) return "none";
  const deviations = (up - steps / 2) / Math.sqrt((steps + 2) / 12);
  if (Math.abs(deviations) < DEVIATIONS) return "none";
  return deviations > 0 ? "forwards" : "backwards";
}

/** Beyond twice the root of their number, in sixth roots of it: reached by names in random order three times in a thousand million lists. */
const SIXTH_ROOTS = 6;
/** Shorter runs say nothing. */
const RUN_MIN = 20;

/**
 * The longest run of names, not necessarily one after the other, that comes in the alphabet's order, as indices: the names that a list's
 * owner tried in passing among everybody else's, however slowly. Of n names in random order the longest is 2 n^(1/2) long, give or take n^(1/6)
 * (Baik, Deift and Johansson, 1999; its tail falls as exp(-4/3 t^(3/2))). Empty where it is no longer than chance makes it.
 */
export function orderedRun(names: readonly string[]): number[] {
  // Patience sorting: on each pile the lowest name in which a run of that length ends, and what it came after.
  const piles: number[] = [];
  const before: number[] = [];
  for (const [index, name] of names.entries()) {
    let low = 0;
    let high = piles.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((names[piles[middle] ?? 0] ?? "") < name) low = middle + 1;
      else high = middle;
    }
    before.push(piles[low - 1] ?? -1);
    piles[low] = index;
  }
  const count = names.length;
  if (piles.length < Math.max(RUN_MIN, 2 * Math.sqrt(count) + SIXTH_ROOTS * count ** (1 / 6))) return [];
  const run: number[] = [];
  for (let index = piles.at(-1) ?? -1; index >= 0; index = before[index] ?? -1) run.push(index);
  return run.reverse();
}

/** Gaps needed to speak of a pace. */
const GAPS_MIN = 20;
/**
 * The middle half of the gaps lies within this share of the middle one. Of gaps as chance makes them (exponential), the quartiles
 * are 1.6 medians apart; 20 of them are within 0.3 less than once in a hundred thousand times.
 */
const SPREAD_MAX = 0.3;

/** The gap that attempts at these times, in order, keep to; undefined where they keep to none. Whatever unit the times have. */
export function paceOf(times: readonly number[]): number | undefined {
  const gaps: number[] = [];
  for (let index = 1; index < times.length; index += 1) gaps.push((times[index] ?? 0) - (times[index - 1] ?? 0));
  if (gaps.length < GAPS_MIN) return undefined;
  gaps.sort((left, right) => left - right);
  const at = (share: number): number => gaps[Math.floor(share * (gaps.length - 1))] ?? 0;
  const middle = at(0.5);
  return middle > 0 && at(0.75) - at(0.25) <= SPREAD_MAX * middle ? middle : undefined;
}
