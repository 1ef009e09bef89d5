/**
 * From findings to campaigns: which addresses took part, which accounts were tried and fell, and what kind of attack it was.
 * Detection is the running state's; hindsight completes the lists and takes back what turned out to be a member.
 */
import {
  Familiar,
  type Origin,
  type Pair,
  exists as isExisting,
  isOldPassword,
  wasRetrying,
} from "#/familiarity/records.ts";
import { type Millis, days, hours, millis } from "#/platform/units.ts";
import type { Campaign, CampaignKind, Confidence, Origin as OriginTold, Target } from "./conclusion.ts";
import { type Episode, calmPerDay, findEpisodes } from "./episodes.ts";
import { type FallenContext, fallenOf } from "./fallen.ts";
import type { Dated, Judge } from "./judge.ts";
import { classify, explainKind } from "./kinds.ts";
import { existingNames, noiseTest } from "./noise.ts";
import { type Suspect, cameHome, gatherSuspects, isMembers, isStrange } from "./suspects.ts";

/** A campaign in the making: pairs that took part, and when the running state first said so. */
export type Group = {
  kind: CampaignKind;
  readonly pairs: Set<Pair>;
  readonly origins: Set<Origin>;
  from: number;
  to: number;
  /** 0 where only hindsight saw it. */
  detectedAt: number;
  readonly findings: string[];
  /** Usual strangers' failures a day beside it, for campaigns seen in the aggregate; 0 otherwise. */
  usualPerDay: number;
  distributed: boolean;
};

/** Campaigns of one kind that are closer than this are one. */
const TOGETHER = days(1);
/** On a server that is tried more than used, one bot follows the other: they are told as one. */
const TOGETHER_AMONG_STRANGERS = days(10);

const togetherWithin = (judge: Judge): number => (judge.isMostlyStrangers ? TOGETHER_AMONG_STRANGERS : TOGETHER);

export function campaignsOf(judge: Judge): Campaign[] {
  const oneAccount = oneAccountGroups(judge);
  const taken = new Set<Pair>(oneAccount.flatMap((group) => [...group.pairs]));
  const all = [...oneSourceGroups(judge), ...oneAccount, ...distributedGroups(judge, taken)];
  const groups = mergeGroups(all, togetherWithin(judge));
  complete(judge, groups);
  const context: FallenContext = { familiarity: judge.familiarity, last: judge.last };
  return groups
    .sort((left, right) => left.from - right.from)
    .map((group, index) => toCampaign(group, index, judge, context));
}

/** Addresses that the one-source detector declared, and that hindsight did not acquit. */
function oneSourceGroups(judge: Judge): Group[] {
  const groups: Group[] = [];
  const isNoise = noiseTest(judge);
  for (const { found } of judge.dated) {
    if (found.kind !== "attacking-origin") continue;
    const { origin } = found;
    if (origin.suspicion < judge.settings.oneSource.declareAt / 2 || isNoise(origin) || isMembers(origin)) continue;
    const pairs = [...origin.pairs.values()].filter(
      (pair) => isStrange(pair) && (pair.failures > 0 || pair.evidence === 0),
    );
    // Devices with old passwords, on a network that is new to them: nothing else may be left of the evidence.
    const guesses = pairs.length > OWNERS_MAX ? pairs : pairs.filter((pair) => !isOwners(pair));
    if (guesses.length === 0 || guesses.length < pairs.length / 2) continue;
    const group = newGroup(pairs, found.at, found.why, false);
    if (group.pairs.size > 0) groups.push({ ...group, kind: classify(group) });
  }
  return groups;
}

/** More accounts than this with old passwords do not meet behind one address that is strange to them all. */
const OWNERS_MAX = 8;

/** Most likely the owner's: a device that retries with an old password, at less than three a minute. */
function isOwners(pair: Pair): boolean {
  const isLeisurely = pair.lastFailure - pair.firstFailure > (pair.failures - 1) * 20_000 || pair.failures < 3;
  return isLeisurely && (isOldPassword(pair) || wasRetrying(pair.account, pair.firstFailure));
}

/** Accounts that were tried from many unrelated networks, with all who tried them on the way. */
function oneAccountGroups(judge: Judge): Group[] {
  const groups: Group[] = [];
  const declared = new Map<object, { at: number; why: string }>();
  for (const { found } of judge.dated) {
    if (found.kind === "attacked-account" && !declared.has(found.account)) declared.set(found.account, found);
  }
  if (declared.size === 0) return groups;
  const perAccount = pairsTrying(judge, new Set(declared.keys()));
  for (const [account, pairs] of perAccount) {
    const { at, why } = declared.get(account) ?? { at: 0, why: "" };
    if (pairs.length <= judge.settings.oneAccount.areasMax) continue;
    groups.push({ ...newGroup(pairs, at, why, true), kind: "password-guessing" });
  }
  return groups;
}

/** All strangers' pairs with these accounts. */
function pairsTrying(judge: Judge, accounts: ReadonlySet<object>): Map<object, Pair[]> {
  const perAccount = new Map<object, Pair[]>();
  for (const origin of judge.familiarity.origins.values()) {
    if (origin.failures === 0 || isMembers(origin)) continue;
    for (const pair of origin.pairs.values()) {
      if (!accounts.has(pair.account) || pair.failures === 0 || pair.successes > 0) continue;
      if (pair.familiarAtFirst !== Familiar.no || cameHome(pair)) continue;
      const pairs = perAccount.get(pair.account);
      if (pairs === undefined) perAccount.set(pair.account, [pair]);
      else pairs.push(pair);
    }
  }
  return perAccount;
}

/** Stretches in which strangers failed far more often than usual, from anywhere. */
function distributedGroups(judge: Judge, taken: ReadonlySet<Pair>): Group[] {
  // Where hardly any success is logged, nothing says which names exist: unless the source does, they may.
  const blind = judge.isMostlyStrangers || judge.familiarity.accounts.size < 20;
  const isNoise = noiseTest(judge);
  // What the one-source detector has declared is told there, but many small ones together are told here.
  const isTold = ({ pair }: Suspect): boolean => taken.has(pair) || (pair.origin.held && !isNoise(pair.origin));
  const suspects = gatherSuspects(judge.familiarity, blind).filter((suspect) => !isTold(suspect));
  const settings = judge.settings.distributed;
  const spanDays = Math.max(0.25, (judge.last - judge.first) / days(1));
  const usual = settings.usualPerDay + (settings.usualPerSuccess * judge.successes) / spanDays;
  const noise =
    settings.backgroundOnExisting *
    Math.min(2_500, Math.max(settings.backgroundPerDay, calmPerDay(suspects, false, judge)));
  const extra = inFaults(judge);
  const least = Math.min(1, judge.calm) * (usual + noise);
  const known = findEpisodes(suspects, true, { least, most: 3 * usual + noise, extra }, judge, settings);
  const unknown = findEpisodes(
    suspects,
    false,
    { least: settings.backgroundPerDay, most: 2_500, extra },
    judge,
    settings,
  );
  const alarms = judge.dated.filter(({ found }) => found.kind === "distributed-attack");
  const groups: Group[] = [];
  for (const episode of known) groups.push(...toGroup(episode, suspects, unknown, alarms, judge));
  for (const episode of unknown) {
    if (known.some((other) => overlap(other, episode))) continue;
    // Noise on invented names only: worth a campaign where the running state saw it begin, or it is beyond all noise.
    if (alarmIn(episode, alarms) === undefined && judge.successes > 0 && spanDays < 1) continue;
    groups.push(...toGroup(episode, suspects, unknown, alarms, judge));
  }
  return groups;
}

/** The busiest hour of a day has about this many times its mean. */
const PEAK = 4;

/** While a fault runs, members who are new to a place fail there like everybody else, and no success takes it back. */
function inFaults(judge: Judge): (at: number) => number {
  const spans = judge.faults.spans(judge.last);
  const extra = PEAK * judge.newPlacesPerDay;
  return (at) => (spans.some(({ from, to }) => at >= from && at <= to) ? extra : 0);
}

function toGroup(
  episode: Episode,
  suspects: readonly Suspect[],
  unknown: readonly Episode[],
  alarms: readonly Dated[],
  judge: Judge,
): Group[] {
  const inTime = suspects.filter(({ at }) => at >= episode.from - hours(1) && at <= episode.to + hours(1));
  const noisy = unknown.some((other) => overlap(other, episode));
  const hit = new Set(inTime.filter((suspect) => suspect.known === episode.known).map(({ pair }) => pair.origin));
  const isNoise = noiseTest(judge);
  const isPopular = popularNames(suspects, episode);
  const takesPart = (suspect: Suspect): boolean =>
    (noisy && (suspect.known || !isPopular(suspect))) ||
    ((suspect.known || hit.has(suspect.pair.origin)) && !isBot(suspect.pair.origin, isNoise));
  const pairs = inTime.filter(takesPart).map(({ pair }) => pair);
  if (pairs.length < 5) return [];
  const alarm = alarmIn(episode, alarms);
  const found = alarm?.found;
  const why =
    found?.kind === "distributed-attack"
      ? found.why
      : "seen with hindsight only: strangers' failures far above what is usual here";
  const group = newGroup(pairs, found?.at ?? judge.last, why, true);
  group.usualPerDay = episode.usualPerDay;
  return [{ ...group, kind: classify(group) }];
}

/** Tries outside the episode from which on a name that does not exist is one that bots always try (admin, test). */
const POPULAR_TRIES = 3;

function popularNames(suspects: readonly Suspect[], episode: Episode): (suspect: Suspect) => boolean {
  const outside = new Map<object, number>();
  for (const { pair, at, known } of suspects) {
    if (known || (at >= episode.from && at <= episode.to)) continue;
    outside.set(pair.account, (outside.get(pair.account) ?? 0) + 1);
  }
  return ({ pair }) => (outside.get(pair.account) ?? 0) >= POPULAR_TRIES;
}

/** One of the everyday bots: with several names, most of which do not exist. */
function isBot(origin: Origin, isNoise: (origin: Origin) => boolean): boolean {
  return origin.pairs.size >= 3 && existingNames(origin) <= origin.pairs.size / 2 && isNoise(origin);
}

const overlap = (left: Episode, right: Episode): boolean => left.from <= right.to && right.from <= left.to;

function alarmIn(episode: Episode, alarms: readonly Dated[]): Dated | undefined {
  return alarms.find(({ found }) => found.at >= episode.from - hours(1) && found.at <= episode.to + hours(12));
}

function newGroup(pairs: readonly Pair[], detectedAt: number, why: string, isDistributed: boolean): Group {
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  const origins = new Set<Origin>();
  for (const pair of pairs) {
    from = Math.min(from, pair.first);
    to = Math.max(to, pair.last);
    origins.add(pair.origin);
  }
  return {
    kind: "password-guessing",
    pairs: new Set(pairs),
    origins,
    from,
    to,
    detectedAt,
    findings: [why],
    usualPerDay: 0,
    distributed: isDistributed,
  };
}

function mergeGroups(groups: readonly Group[], within: number): Group[] {
  const merged: Group[] = [];
  for (const group of [...groups].sort((left, right) => left.from - right.from)) {
    const into = merged.find((other) => isTogether(other, group, within));
    if (into === undefined) merged.push(group);
    else absorb(into, group);
  }
  return merged;
}

function isTogether(left: Group, right: Group, within: number): boolean {
  return left.kind === right.kind && right.from <= left.to + within && left.from <= right.to + within;
}

function absorb(into: Group, group: Group): void {
  for (const pair of group.pairs) into.pairs.add(pair);
  for (const origin of group.origins) into.origins.add(origin);
  into.from = Math.min(into.from, group.from);
  into.to = Math.max(into.to, group.to);
  into.detectedAt = Math.min(into.detectedAt, group.detectedAt);
  into.distributed ||= group.distributed;
  into.usualPerDay = Math.max(into.usualPerDay, group.usualPerDay);
  for (const why of group.findings) if (into.findings.length < 5) into.findings.push(why);
}

/**
 * Once somebody is known to be attacking, lesser suspects on the same ground are judged by a lower bar: an address that only ever
 * failed, on names that do not exist or on accounts that the campaign tried too, belongs to it.
 */
function complete(judge: Judge, groups: Group[]): void {
  if (groups.length === 0) return;
  const names = new Map<object, Group>();
  for (const group of groups) {
    for (const pair of group.pairs) if (!names.has(pair.account)) names.set(pair.account, group);
  }
  const isNoise = noiseTest(judge);
  const within = togetherWithin(judge);
  for (const suspect of gatherSuspects(judge.familiarity, false)) {
    const { pair, at } = suspect;
    const group =
      names.get(pair.account) ?? groups.find((other) => at >= other.from - hours(1) && at <= other.to + hours(1));
    if (group === undefined || group.pairs.has(pair) || isNoise(pair.origin)) continue;
    if (at < group.from - within || at > group.to + within) continue;
    const isSure = group.origins.has(pair.origin) || judge.isMostlyStrangers;
    if (isSure || isLikely(suspect, group, names.has(pair.account))) join(pair, group);
  }
}

/** Of an address that is not in it yet: a name that does not exist, and more than a single try unless the campaign is made of these. */
function isLikely({ pair, known }: Suspect, group: Group, isTried: boolean): boolean {
  return !known && (group.distributed || isTried || pair.failures > 1 || pair.origin.accountsFailed > 1);
}

function join(pair: Pair, group: Group): void {
  group.pairs.add(pair);
  group.origins.add(pair.origin);
  group.to = Math.max(group.to, pair.last);
  group.from = Math.min(group.from, pair.first);
}

function toCampaign(group: Group, index: number, judge: Judge, context: FallenContext): Campaign {
  const origins = originsTold(group);
  const targets = targetsTold(group);
  const { fallen, opened } = fallenOf(group, context);
  let attempts = opened;
  let before = 0;
  for (const pair of group.pairs) {
    attempts += pair.failures;
    before += attemptsBefore(pair, group.detectedAt);
  }
  const confidence = confidenceOf(group);
  return {
    id: `C${index + 1}`,
    kind: group.kind,
    firstAttempt: millis(group.from),
    lastAttempt: millis(group.to),
    detectedAt: millis(group.detectedAt),
    attemptsBeforeDetection: Math.min(before, attempts),
    attempts,
    origins,
    targets,
    fallen,
    services: [...new Set([...group.pairs].map((pair) => pair.service))].filter((name) => name !== ""),
    confidence,
    why: [...explainKind(group, origins.length, targets.length, attempts, judge), ...group.findings.map(sentence)],
  };
}

const sentence = (why: string): string => `${why.charAt(0).toUpperCase()}${why.slice(1)}.`;

/** How many of a pair's failures came up to `at`, taken as even between its first and last. */
function attemptsBefore(pair: Pair, at: number): number {
  if (pair.firstFailure > at || pair.failures === 0) return 0;
  if (pair.lastFailure <= at) return pair.failures;
  const share = (at - pair.firstFailure) / Math.max(1, pair.lastFailure - pair.firstFailure);
  return Math.max(1, Math.round(share * pair.failures));
}

function confidenceOf(group: Group): Confidence {
  if (!group.distributed) return "confirmed";
  const perDay = group.pairs.size / Math.max(1, (group.to - group.from) / days(1));
  return perDay > 5 * group.usualPerDay ? "confirmed" : "probable";
}

function originsTold(group: Group): OriginTold[] {
  const told = new Map<Origin, { attempts: number; accounts: number; first: number; last: number }>();
  for (const pair of group.pairs) {
    const origin = told.get(pair.origin) ?? { attempts: 0, accounts: 0, first: pair.first, last: pair.last };
    origin.attempts += pair.failures + pair.successes;
    origin.accounts += 1;
    origin.first = Math.min(origin.first, pair.first);
    origin.last = Math.max(origin.last, pair.last);
    told.set(pair.origin, origin);
  }
  return [...told]
    .map(([origin, counts]) => ({
      address: origin.address,
      attempts: counts.attempts,
      accounts: counts.accounts + origin.accountsUnlisted,
      first: counts.first as Millis,
      last: counts.last as Millis,
    }))
    .sort((left, right) => right.attempts - left.attempts);
}

function targetsTold(group: Group): Target[] {
  const told = new Map<string, { attempts: number; exists: boolean }>();
  for (const pair of group.pairs) {
    if (pair.account.name === "") continue;
    const target = told.get(pair.account.name) ?? { attempts: 0, exists: isExisting(pair.account) };
    target.attempts += pair.failures;
    told.set(pair.account.name, target);
  }
  return [...told]
    .map(([account, { attempts, exists }]) => ({ account, attempts, exists }))
    .sort((left, right) => right.attempts - left.attempts);
}
