/**
 * Campaigns that are slower than the site's own slips, and give themselves away by their list: strangers' unresolved failures on names that exist, from
 * an address each, in the alphabet's order over days, where slips come in any order. Which of the failures are its own the run itself says.
 */
import { orderedRun } from "#/detectors/toolbox/order.ts";
import type { Pair } from "#/familiarity/records.ts";
import { days } from "#/platform/units.ts";
import { type Group, newGroup } from "./group.ts";
import type { Hindsight } from "./hindsight.ts";
import { classify } from "./kinds.ts";
import type { Suspect } from "./suspects.ts";

/** Looked at together: longer, and the slips among them would hide a slow list; shorter, and it would not be long enough. */
const WINDOW = days(7);
/** Of the run, at least this share comes from an address that no other of it does: a tool of the site's own that goes through its accounts has one. */
const ADDRESSES_MIN = 0.5;

export function orderedGroups({ judge, suspects }: Hindsight, taken: ReadonlySet<Pair>): Group[] {
  // Without successes nothing tells a name that exists.
  if (judge.successes === 0) return [];
  const free = suspects.filter(({ pair, known }) => known && pair.account.name !== "" && !taken.has(pair));
  const runs: Run[] = [];
  let from = 0;
  let to = 0;
  for (let start: number = judge.first; start < judge.last; start += WINDOW / 2) {
    while (from < free.length && (free[from]?.at ?? 0) < start) from += 1;
    while (to < free.length && (free[to]?.at ?? 0) < start + WINDOW) to += 1;
    const run = runOf(free.slice(from, to));
    const before = runs.at(-1);
    // Windows overlap: the same list goes on.
    if (before !== undefined && [...run.pairs].some((pair) => before.pairs.has(pair))) {
      for (const pair of run.pairs) before.pairs.add(pair);
      before.perDay = Math.max(before.perDay, run.perDay);
    } else if (run.pairs.size > 0) runs.push(run);
  }
  return runs.map((run) => toGroup(run, judge.last));
}

/** Tries in order, and strangers' failures a day about then, in any order. */
type Run = { readonly pairs: Set<Pair>; perDay: number };

function runOf(suspects: readonly Suspect[]): Run {
  const names = suspects.map(({ pair }) => (pair.account.sameAs ?? pair.account).name);
  const forwards = orderedRun(names);
  const backwards = forwards.length > 0 ? [] : orderedRun(names.toReversed()).map((index) => names.length - 1 - index);
  const pairs = new Set([...forwards, ...backwards].flatMap((index) => suspects[index]?.pair ?? []));
  const addresses = new Set([...pairs].map(({ origin }) => origin));
  if (addresses.size < pairs.size * ADDRESSES_MIN) pairs.clear();
  return { pairs, perDay: (suspects.length * days(1)) / WINDOW };
}

function toGroup({ pairs, perDay }: Run, last: number): Group {
  const why = `seen with hindsight only: ${pairs.size} failures of strangers come in the order of the alphabet, a longer run than chance makes of the ${Math.ceil(perDay)} a day that there are`;
  const group = newGroup([...pairs], last, why, true);
  // No more than there are in all: what tells is the order.
  group.usualPerDay = perDay;
  return { ...group, kind: classify(group, false) };
}
