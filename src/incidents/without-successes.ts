/**
 * A log that holds failures only. Nobody is seen to get in there, so nothing mends a slip, and a gateway behind which a hundred members
 * mistype once a week looks like somebody who guesses. What is left to go by is the pace, and the names.
 */
import { type Origin, type Pair, exists } from "#/familiarity/records.ts";
import { hours, minutes, seconds } from "#/platform/units.ts";
import type { Judge } from "./judge.ts";

/** So many failures on one account, at less than this on average, are no person's. */
const FAST_FAILURES = 10;
const FAST_GAP = seconds(10);
/** More accounts than this that begin to fail within an hour, at one address, are beyond what people mistype. */
const ACCOUNTS_PER_HOUR_MAX = 20;
/** People try again at once, nearly half of them; of this many accounts at least this share. */
const RETRIERS_AMONG = 30;
const RETRIERS_MIN = 0.1;
const RETRY_WITHIN = minutes(15);
/** A name that is tried from so many unrelated networks is on bots' lists. */
const LISTED_FROM = 5;

/** A test whether all that an address did may be people's slips; false for everybody where the log shows successes. */
export function slipsTest(judge: Judge): (origin: Origin) => boolean {
  if (judge.successes > 0) return () => false;
  const listed = listedNames(judge);
  return (origin) => {
    const pairs = [...origin.pairs.values()];
    if (origin.attemptsUnlisted > 0 || pairs.some(isFast) || isHurried(origin, pairs)) return false;
    if (busiestHour(pairs) > ACCOUNTS_PER_HOUR_MAX) return false;
    if (pairs.length >= RETRIERS_AMONG && pairs.filter(isRetrier).length < RETRIERS_MIN * pairs.length) return false;
    const strange = pairs.filter(({ account }) => listed.has(account) || (account.saidUnknown && !exists(account)));
    return strange.length <= pairs.length / 2;
  };
}

const isFast = ({ failures, firstFailure, lastFailure }: Pair): boolean =>
  failures >= FAST_FAILURES && lastFailure - firstFailure < (failures - 1) * FAST_GAP;

/** On however many accounts: no crowd mistypes at that rate without an end. */
function isHurried({ failures }: Origin, pairs: readonly Pair[]): boolean {
  const from = Math.min(...pairs.map(({ firstFailure }) => firstFailure));
  const to = Math.max(...pairs.map(({ lastFailure }) => lastFailure));
  return failures >= 2 * FAST_FAILURES && to - from < (failures - 1) * FAST_GAP;
}

const isRetrier = ({ failures, firstFailure, lastFailure }: Pair): boolean =>
  failures > 1 && lastFailure - firstFailure < (failures - 1) * RETRY_WITHIN;

/** The most accounts that began to fail within any one hour. */
function busiestHour(pairs: readonly Pair[]): number {
  const times = pairs.map(({ firstFailure }) => firstFailure).sort((left, right) => left - right);
  let busiest = 0;
  let from = 0;
  for (const [index, at] of times.entries()) {
    while (at - (times[from] ?? at) > hours(1)) from += 1;
    busiest = Math.max(busiest, index - from + 1);
  }
  return busiest;
}

/** Names that are tried from all over. */
function listedNames({ familiarity }: Judge): ReadonlySet<object> {
  const areas = new Map<object, Set<string>>();
  for (const origin of familiarity.origins.values()) {
    for (const { account } of origin.pairs.values()) {
      const found = areas.get(account);
      if (found === undefined) areas.set(account, new Set([origin.area]));
      else if (found.size < LISTED_FROM) found.add(origin.area);
    }
  }
  return new Set([...areas].filter(([, found]) => found.size >= LISTED_FROM).map(([account]) => account));
}

/** The addresses that look like guessers but for that: what cannot be told. Busiest first. */
export function undecidedOrigins(judge: Judge): Origin[] {
  if (judge.successes > 0) return [];
  const isSlips = slipsTest(judge);
  return [...judge.familiarity.origins.values()]
    .filter((origin) => origin.held && isSlips(origin))
    .sort((left, right) => right.accountsFailed - left.accountsFailed);
}
