/**
 * Many people who set up something new at once: a new telephone, a new client, a changed password. Most of them get in, from
 * places that are new to them; some give up, and look like strangers who guess. Two things give them away: as many others come to be at
 * home in new places in those very days, and those who fail try again at once, from the same address.
 */
import type { Pair } from "#/familiarity/records.ts";
import { minutes } from "#/platform/units.ts";
import type { Group } from "./group.ts";
import type { Judge } from "./judge.ts";

/** So many got in at new places, beyond what is usual, for each that did not. */
const MOVED_FOR_EACH = 0.5;
/** Of those who mistype nearly half try again at once; of those who guess from place to place hardly any. */
const RETRIERS_SHARE = 0.25;
const RETRY_WITHIN = minutes(15);

/** How many got in at new places meanwhile, beyond what is usual, where that makes a rollout as likely as an attack; or 0. */
export function movedMeanwhile(group: Group, judge: Judge): number {
  if (!group.distributed) return 0;
  const moved = judge.moves.beyondUsual(group.from, group.to);
  if (moved < MOVED_FOR_EACH * group.pairs.size) return 0;
  return retriersShare(group) >= RETRIERS_SHARE ? Math.round(moved) : 0;
}

function retriersShare({ pairs }: Group): number {
  let retriers = 0;
  for (const pair of pairs) if (isRetrier(pair)) retriers += 1;
  return retriers / Math.max(1, pairs.size);
}

const isRetrier = ({ failures, firstFailure, lastFailure }: Pair): boolean =>
  failures > 1 && lastFailure - firstFailure < (failures - 1) * RETRY_WITHIN;
