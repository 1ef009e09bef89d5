/**
 * Campaigns of those who tried decoys: all that came from their addresses on accounts that had no business there. An opened decoy has fallen,
 * and is said first.
 */
import type { Tried } from "#/detectors/decoy/decoy.ts";
import type { Origin, Pair } from "#/familiarity/records.ts";
import { type Entered, type Group, newGroup } from "./group.ts";
import type { Judge } from "./judge.ts";
import { classify } from "./kinds.ts";
import { isMembers, isStrange } from "./suspects.ts";

export function decoyGroups(judge: Judge): Group[] {
  const groups: Group[] = [];
  for (const [origin, tried] of judge.decoysTried)
    if (tried.sure !== undefined) groups.push(toGroup(origin, tried, tried.sure, judge.successes === 0));
  return groups;
}

function toGroup(
  origin: Origin,
  { pair: first, opened }: Tried,
  sure: NonNullable<Tried["sure"]>,
  isBlind: boolean,
): Group {
  // Where members are at home, only what was done to decoys is the attacker's for certain.
  const all = isMembers(origin) ? [first] : [...origin.pairs.values()].filter((pair) => isStrange(pair));
  const guesses = all.filter(({ failures }) => failures > 0);
  const group = newGroup(guesses, sure.at, sure.why, false);
  for (const pair of opened) {
    group.pairs.add(pair);
    group.origins.add(origin);
    group.from = Math.min(group.from, pair.firstSuccess);
    group.to = Math.max(group.to, pair.firstSuccess);
  }
  const entered = new Map<Pair, Entered>(
    opened.map((pair) => [pair, { isDecoy: true, why: "to a decoy, which nobody has" }]),
  );
  const isSingle = opened.length === 0 && guesses.length === 1;
  return {
    ...group,
    kind: classify(group, isBlind),
    entered,
    ...(isSingle ? { confidence: "suspected" as const } : {}),
  };
}
