/**
 * Passwords that a campaign got hold of, used from elsewhere: sign-ins of accounts that it tried, from where these never were, while it
 * goes on and for a time after, that are more like a thief's than like a journey. Each with its probability, likeliest first.
 *
 * The one place where the score of a sign-in meets what is known of the campaign: how many of the accounts that it tried have fallen as far
 * as is known, for how long it has gone on, and whose turn it was where it goes through them in order.
 */
import { probabilityOf } from "#/detectors/unusual-sign-in/score.ts";
import { type Settings, thievesPerDay } from "#/detectors/unusual-sign-in/unusual-sign-in.ts";
import { type Account, type Pair, PRECISION } from "#/familiarity/records.ts";
import type { Group } from "./group.ts";
import type { Judge } from "./judge.ts";
import { turnsOf } from "./manner.ts";
import { cameHome } from "./suspects.ts";

export type Stolen = {
  readonly pair: Pair;
  readonly probability: number;
  readonly why: readonly string[];
};

/** @param fell how many accounts are known to have fallen to it otherwise. */
export function stolenOf(group: Group, judge: Judge, fell: number): Stolen[] {
  const settings = judge.settings.unusualSignIn;
  const { kept } = judge.unusual;
  if (kept.length === 0) return [];
  const tried = firstTries(group);
  const turns = turnsOf(group);
  const perDay = thievesPerDay(settings, Math.max(settings.fallShare, fell / tried.size), group.to - group.from);
  const found: Stolen[] = [];
  for (const { pair, logOdds, why } of kept) {
    if (pair.firstSuccess < group.from - PRECISION || pair.firstSuccess > group.to + settings.usedWithin) continue;
    if (group.pairs.has(pair) || cameHome(pair)) continue;
    const turn = pair.firstSuccess <= group.to ? turns(pair) : undefined;
    // Whom it never tried and had not come to has nothing to do with it; a first guess that hits leaves no failure.
    const since = tried.get(pair.account.sameAs ?? pair.account) ?? Number.POSITIVE_INFINITY;
    if (turn === undefined && pair.firstSuccess < since) continue;
    const probability = probabilityOf(logOdds + Math.log(turnRatio(turn, settings)), perDay);
    if (probability < settings.askAt) continue;
    const reasons = turn === undefined ? why : ["when its turn came on the campaign's list", ...why];
    found.push({ pair, probability, why: reasons });
  }
  return found.sort((left, right) => right.probability - left.probability);
}

/** However exactly the turn is known, it proves no more than this. */
const TURN_RATIO_MAX = 100;

/** The guess that hits comes in its turn; who uses the password later does not keep to it. */
const turnRatio = (turn: number | undefined, { sameShare }: Settings): number =>
  turn === undefined ? 1 : Math.min(TURN_RATIO_MAX, 1 - sameShare + sameShare / turn);

function firstTries({ pairs }: Group): Map<Account, number> {
  const tried = new Map<Account, number>();
  for (const pair of pairs) {
    const account = pair.account.sameAs ?? pair.account;
    const at = pair.failures > 0 ? pair.firstFailure : pair.firstSuccess;
    if (at < (tried.get(account) ?? Number.POSITIVE_INFINITY)) tried.set(account, at);
  }
  return tried;
}
