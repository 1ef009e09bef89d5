/**
 * Which pairs may be forgotten although there is room: those that have told all they had to tell. Broadband lines change their addresses,
 * and telephones theirs by the hour: after a quarter, nine of ten pairs would be members' of long ago, and make up most of the memory.
 *
 * What remains of them is what matters of them: each account's networks, by which the next sign-in from there is familiar, and the counts.
 */
import type { Duration, Millis } from "#/platform/units.ts";
import { Familiar, type Origin, type Pair } from "./records.ts";

/** Silent for so long, never wrong, and familiar or nearly so from the first: a member's own, and nothing to look back at. */
function isForgettable(pair: Pair, at: Millis, quietFor: Duration): boolean {
  return (
    pair.failures === 0 &&
    pair.trusted > 0 &&
    // Whoever came from nowhere near and was let in at once may have known the password: a campaign that is found later will ask.
    pair.familiarAtFirst >= Familiar.area &&
    at - pair.last > quietFor
  );
}

/** Forgets them. Answers how many. */
export function forgetQuiet(origin: Origin, at: Millis, quietFor: Duration): number {
  if (origin.held !== undefined || origin.accountsOpened === 0) return 0;
  const quiet = [...origin.pairs.values()].filter((pair) => isForgettable(pair, at, quietFor));
  for (const pair of quiet) origin.pairs.delete(pair);
  origin.pairsForgotten += quiet.length;
  return quiet.length;
}
