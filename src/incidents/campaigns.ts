/**
 * From findings to campaigns: which addresses took part, which accounts were tried and fell, and what kind of attack it was.
 * Detection is the running state's; hindsight completes the lists and takes back what turned out to be a member.
 */
import {
  type Account,
  Familiar,
  type Origin,
  type Pair,
  exists as isExisting,
  isOldPassword,
  wasRetrying,
  PRECISION,
} from "#/familiarity/records.ts";
import { type Millis, counted, days, hours, millis } from "#/platform/units.ts";
import type { Campaign, Confidence, Origin as OriginTold, Target } from "./conclusion.ts";
import { decoyGroups } from "./decoys.ts";
import { type FallenContext, fallenOf } from "./fallen.ts";
import type { Judge } from "./judge.ts";
import { distributedGroups, heedAlarms, popularNames } from "./distributed-campaigns.ts";
import { type Group, newGroup } from "./group.ts";
import { hotGroups } from "./hot-passwords.ts";
import type { Hindsight } from "./hindsight.ts";
import { classify, explainKind, explainSecondFactor } from "./kinds.ts";
import { explainPause, pausesOf } from "./pauses.ts";
import { orderedGroups } from "./ordered-campaigns.ts";
import { movedMeanwhile } from "./rollout.ts";
import { explainMeanwhile, signedInMeanwhile } from "./single-guesses.ts";
import { sentence } from "./sentence.ts";
import { type Suspect, cameHome, isMembers, isStrange } from "./suspects.ts";

/** Campaigns of one kind that are closer than this are one. */
const TOGETHER = days(1);
/** On a server that is tried more than used, one bot follows the other: they are told as one. */
const TOGETHER_AMONG_STRANGERS = days(10);

const togetherWithin = (judge: Judge): number => (judge.isMostlyStrangers ? TOGETHER_AMONG_STRANGERS : TOGETHER);

export function campaignsOf(hindsight: Hindsight): Campaign[] {
  const { judge } = hindsight;
  const oneAccount = oneAccountGroups(judge);
  const taken = new Set<Pair>(oneAccount.flatMap((group) => [...group.pairs]));
  const found = [
    ...hotGroups(judge),
    ...decoyGroups(judge),
    ...oneSourceGroups(hindsight),
    ...oneAccount,
    ...distributedGroups(hindsight, taken),
  ];
  for (const group of found) for (const pair of group.pairs) taken.add(pair);
  const all = [...found, ...orderedGroups(hindsight, taken)];
  const groups = mergeGroups(all, togetherWithin(judge));
  for (const group of groups) heedAlarms(group, hindsight);
  complete(hindsight, groups);
  const context: FallenContext = { judge, familiarity: judge.familiarity, last: judge.last };
  return groups
    .sort((left, right) => left.from - right.from)
    .map((group, index) => toCampaign(group, index, judge, context));
}

/** Addresses that the one-source detector declared, and that hindsight did not acquit. */
function oneSourceGroups({ judge, isNoise, isSlips }: Hindsight): Group[] {
  const groups: Group[] = [];
  for (const origin of judge.familiarity.origins.values()) {
    const { held } = origin;
    if (held === undefined || origin.suspicion < judge.settings.oneSource.declareAt / 2) continue;
    if (isNoise(origin) || isMembers(origin) || isSlips(origin)) continue;
    const pairs = [...origin.pairs.values()].filter(
      (pair) => isStrange(pair) && (pair.failures > 0 || pair.evidence === 0),
    );
    // Devices with old passwords, on a network that is new to them: nothing else may be left of the evidence.
    const guesses = pairs.length > OWNERS_MAX ? pairs : pairs.filter((pair) => !isOwners(pair, pairs.length));
    if (guesses.length === 0 || guesses.length < pairs.length / 2) continue;
    const left = guesses.reduce((sum, { evidence }) => sum + evidence, 0);
    if (guesses.length < pairs.length && left < judge.settings.oneSource.declareAt / 2) continue;
    const group = newGroup(pairs, held.at, held.why, false);
    if (group.pairs.size > 0) groups.push({ ...group, kind: classify(group, judge.successes === 0) });
  }
  return groups;
}

/** More accounts than this with old passwords do not meet behind one address that is strange to them all. */
const OWNERS_MAX = 8;

/** More than this and none is excused by its pace alone: whoever goes round a few names comes back to each as slowly as a device does. */
const PACE_EXCUSES_MAX = 3;

/** Most likely the owner's: a device that retries with an old password, at less than three a minute, and perhaps did so at home. */
function isOwners(pair: Pair, together: number): boolean {
  const isLeisurely = pair.lastFailure - pair.firstFailure > (pair.failures - 1) * 20_000 || pair.failures < 3;
  if (!isLeisurely) return false;
  return wasRetrying(pair.account, pair.firstFailure) || (together <= PACE_EXCUSES_MAX && isOldPassword(pair));
}

/** Accounts that were tried from many unrelated networks, with all who tried them on the way. */
function oneAccountGroups(judge: Judge): Group[] {
  const groups: Group[] = [];
  const declared = judge.attackedAccounts;
  if (declared.size === 0) return groups;
  const perAccount = pairsTrying(judge, declared);
  for (const [account, declarations] of declared) {
    for (const pairs of stretchesOf(perAccount.get(account) ?? [])) {
      const group = newGroup(pairs, 0, "", true);
      const first = declarations.find(({ at }) => at >= group.from && at <= group.to + PRECISION);
      if (first === undefined || pairs.length <= judge.settings.oneAccount.areasMax) continue;
      groups.push({ ...group, kind: "password-guessing", detectedAt: first.at, findings: [first.why] });
    }
  }
  return groups;
}

/** Earliest first, and apart wherever nothing came for longer than belongs together. */
function stretchesOf(pairs: Pair[]): Pair[][] {
  const stretches: Pair[][] = [];
  let to = Number.NEGATIVE_INFINITY;
  for (const pair of pairs.sort((left, right) => left.firstFailure - right.firstFailure)) {
    if (pair.firstFailure > to + TOGETHER) stretches.push([]);
    stretches.at(-1)?.push(pair);
    to = Math.max(to, pair.lastFailure);
  }
  return stretches;
}

/** All strangers' pairs with these accounts. */
function pairsTrying(judge: Judge, accounts: ReadonlyMap<object, unknown>): Map<object, Pair[]> {
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

function mergeGroups(groups: readonly Group[], within: number): Group[] {
  const merged: Group[] = [];
  for (const group of [...groups].sort((left, right) => left.from - right.from)) {
    const into = merged.find((other) => isTogether(other, group, within));
    if (into === undefined) merged.push(group);
    else absorb(into, group);
  }
  return merged;
}

/**
 * What ties attempts that are days apart together is the addresses that they come from: the same ones again are the same campaign
 * after a pause (which is told); others, whatever they try, are another campaign, declared anew.
 */
function isTogether(left: Group, right: Group, within: number): boolean {
  // Who shares addresses with a campaign that is known by its password or by a decoy belongs to it, whatever the rest looks like.
  if (left.kind !== right.kind) return (left.entered ?? right.entered) !== undefined && sharesAddresses(left, right);
  return (right.from <= left.to + within && left.from <= right.to + within) || sharesAddresses(left, right);
}

/** Of the smaller one's addresses, at least this share takes part in the other: more than passing bots swept into both. */
const SHARED_ADDRESSES_MIN = 0.2;

function sharesAddresses(left: Group, right: Group): boolean {
  const [small, large] = left.origins.size <= right.origins.size ? [left, right] : [right, left];
  let shared = 0;
  for (const origin of small.origins) if (large.origins.has(origin)) shared += 1;
  return shared > 0 && shared >= small.origins.size * SHARED_ADDRESSES_MIN;
}

function absorb(into: Group, group: Group): void {
  const isKindBetter = group.isKindSure === true || (into.isKindSure !== true && group.pairs.size > into.pairs.size);
  if (isKindBetter) into.kind = group.kind;
  into.isKindSure = into.isKindSure === true || group.isKindSure === true;
  delete into.confidence;
  into.byPassword = (into.byPassword ?? 0) + (group.byPassword ?? 0);
  for (const pair of group.pairs) into.pairs.add(pair);
  for (const origin of group.origins) into.origins.add(origin);
  into.from = Math.min(into.from, group.from);
  into.to = Math.max(into.to, group.to);
  into.detectedAt = Math.min(into.detectedAt, group.detectedAt);
  into.distributed ||= group.distributed;
  if (group.entered !== undefined) into.entered = new Map([...(into.entered ?? []), ...group.entered]);
  into.usualPerDay = Math.max(into.usualPerDay, group.usualPerDay);
  for (const why of group.findings) if (into.findings.length < 5) into.findings.push(why);
}

/**
 * Once somebody is known to be attacking, lesser suspects on the same ground are judged by a lower bar: an address that only ever
 * failed, on names that do not exist or on accounts that the campaign tried too, belongs to it.
 */
function complete({ judge, suspects, isNoise, isSlips }: Hindsight, groups: Group[]): void {
  if (groups.length === 0) return;
  const taken = new Set<Pair>(groups.flatMap((group) => [...group.pairs]));
  const aimed = new Map(groups.filter(isAimed).map((group) => [group, popularNames(suspects, group)]));
  const tried = groups.map((group) => new Set([...group.pairs].map(({ account }) => account)));
  const within = togetherWithin(judge);
  for (const suspect of suspects) {
    const { pair, at } = suspect;
    if (taken.has(pair) || isNoise(pair.origin)) continue;
    const isAbout = (group: Group, time: number): boolean => at >= group.from - time && at <= group.to + time;
    const triedIt = groups.find((group, index) => isAbout(group, within) && tried[index]?.has(pair.account) === true);
    const group = triedIt ?? groups.find((other) => isAbout(other, hours(1)));
    if (group === undefined) continue;
    // Without successes, a name that may exist may be its owner's, and nothing but the time tells a lone guess from a slip.
    const isMembersPerhaps = judge.successes === 0 && suspect.known;
    if (isMembersPerhaps && group.distributed) continue;
    const isOfIt = group.origins.has(pair.origin);
    if (!isOfIt && (isSlips(pair.origin) || aimed.get(group)?.(suspect) === true)) continue;
    const isSure = isOfIt || (judge.isMostlyStrangers && !isMembersPerhaps && !aimed.has(group));
    if (isSure || isLikely(suspect, group, triedIt !== undefined)) join(suspect, group);
  }
}

/** From many addresses at accounts that exist: whoever does that has a list, and the bots that pass by meanwhile are not theirs. */
function isAimed(group: Group): boolean {
  let existing = 0;
  for (const { account } of group.pairs) if (isExisting(account)) existing += 1;
  return group.distributed && existing > group.pairs.size / 2;
}

/** Of an address that is not in it yet: a name that does not exist, and more than a single try unless the campaign is made of these. */
function isLikely({ pair, known }: Suspect, group: Group, isTried: boolean): boolean {
  return !known && (group.distributed || isTried || pair.failures > 1 || pair.origin.accountsFailed > 1);
}

function join({ pair, at }: Suspect, group: Group): void {
  group.pairs.add(pair);
  group.origins.add(pair.origin);
  group.from = Math.min(group.from, at);
  group.to = Math.max(group.to, at, pair.lastFailure > group.to + TOGETHER ? at : pair.lastFailure);
}

/** With so many of its attempts known by their password, those who got in are known, too. */
const KNOWN_SHARE = 0.9;

function toCampaign(group: Group, index: number, judge: Judge, context: FallenContext): Campaign {
  const { fallen, opened, doubtful } = fallenOf(group, context);
  const origins = originsTold(group);
  const targets = targetsTold(group);
  // Hindsight may have acquitted all that came before the running state spoke, or the alarm was up when it began.
  const detectedAt = Math.max(group.detectedAt, group.from);
  let attempts = opened;
  let before = 0;
  for (const pair of group.pairs) {
    attempts += pair.failures;
    before += attemptsBefore(pair, detectedAt);
  }
  let attemptsUnlisted = 0;
  let last = group.to;
  for (const origin of group.origins) {
    attemptsUnlisted += origin.attemptsUnlisted;
    last = Math.max(last, origin.lastUnlisted);
  }
  attempts += attemptsUnlisted;
  // Nobody moves with one and the same password; and where it is known, so is who got in with it.
  const moved = group.isKindSure === true ? 0 : movedMeanwhile(group, judge);
  const isKnown = (group.byPassword ?? 0) >= KNOWN_SHARE * group.pairs.size;
  const meanwhile = isKnown ? undefined : signedInMeanwhile(group, judge, doubtful);
  const confidence = moved > 0 ? "suspected" : confidenceOf(group, judge);
  return {
    id: `C${index + 1}`,
    kind: group.kind,
    firstAttempt: millis(group.from),
    lastAttempt: millis(last),
    detectedAt: millis(detectedAt),
    attemptsBeforeDetection: Math.min(before, attempts),
    attempts,
    attemptsUnlisted,
    origins,
    targets,
    fallen,
    ...(meanwhile === undefined ? {} : { meanwhile }),
    services: [...new Set([...group.pairs].map((pair) => pair.service))].filter((name) => name !== ""),
    confidence,
    why: [
      ...explainKind(group, origins.length, targets.length, attempts, judge),
      ...explainSecondFactor(group),
      ...(meanwhile === undefined ? [] : [explainMeanwhile(meanwhile)]),
      ...pausesOf(group).map((pause) => explainPause(pause, group, judge.alarms)),
      ...group.findings.map(sentence),
      ...(moved > 0 ? [rolloutSentence(moved)] : []),
    ],
  };
}

const rolloutSentence = (moved: number): string =>
  `But about ${counted(moved, "account")} more than usual got in from places new to them meanwhile, and many of those that failed tried again at once: ` +
  "people who set up something new, of whom some gave up, look like this too.";

/** How many of a pair's failures came up to `at`, taken as even between its first and last. */
function attemptsBefore(pair: Pair, at: number): number {
  if (pair.firstFailure > at || pair.failures === 0) return 0;
  if (pair.lastFailure <= at) return pair.failures;
  const share = (at - pair.firstFailure) / Math.max(1, pair.lastFailure - pair.firstFailure);
  return Math.max(1, Math.round(share * pair.failures));
}

function confidenceOf(group: Group, judge: Judge): Confidence {
  if (group.confidence !== undefined) return group.confidence;
  if (!group.distributed) return "confirmed";
  // Without successes nothing tells a bad day of the members from an attack.
  if (judge.successes === 0) return "suspected";
  const perDay = group.pairs.size / Math.max(1, (group.to - group.from) / days(1));
  return perDay > 5 * group.usualPerDay ? "confirmed" : "probable";
}

/** What a pair counts: its failures, and the guess that hit. Whoever comes back with the right password guesses no more. */
const attemptsOf = (pair: Pair): number => pair.failures + (pair.successes > 0 ? 1 : 0);

function originsTold(group: Group): OriginTold[] {
  const told = new Map<Origin, { attempts: number; accounts: number; first: number; last: number }>();
  for (const pair of group.pairs) {
    const origin = told.get(pair.origin) ?? { attempts: 0, accounts: 0, first: pair.first, last: pair.last };
    origin.attempts += attemptsOf(pair);
    origin.accounts += 1;
    origin.first = Math.min(origin.first, pair.first);
    origin.last = Math.max(origin.last, pair.last);
    told.set(pair.origin, origin);
  }
  return [...told]
    .map(([origin, counts]) => ({
      address: origin.address,
      attempts: counts.attempts + origin.attemptsUnlisted,
      accounts: counts.accounts,
      first: counts.first as Millis,
      last: millis(Math.max(counts.last, origin.lastUnlisted)),
      members: 0,
      networkMembers: 0,
    }))
    .sort((left, right) => right.attempts - left.attempts);
}

/** Each account once, as it was written where it fell, or else where it was first tried. */
function targetsTold(group: Group): Target[] {
  const told = new Map<Account, { name: string; attempts: number; knewPassword: boolean }>();
  for (const pair of group.pairs) {
    if (pair.account.name === "") continue;
    const account = pair.account.sameAs ?? pair.account;
    const target = told.get(account) ?? { name: pair.name, attempts: 0, knewPassword: false };
    if (pair.successes > 0) target.name = pair.name;
    target.knewPassword ||= pair.knewPassword;
    target.attempts += attemptsOf(pair);
    told.set(account, target);
  }
  return [...told]
    .map(([account, { name, ...counts }]) => ({ account: name, exists: isExisting(account), ...counts }))
    .sort((left, right) => right.attempts - left.attempts);
}
