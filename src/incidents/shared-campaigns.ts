/**
 * What a spell at a shared network was: an attack from within it or through it, a fault, or something that the log cannot tell. An
 * outage makes people and devices try again at once, and keeps the others out too; a guesser goes on to the next account.
 * Both are weighed; where they contradict each other, or say little, that is what is told.
 */
import { type Spell, type Tried, triedIn } from "#/detectors/shared-network/spell.ts";
import { usualBetween } from "#/familiarity/places.ts";
import { exists } from "#/familiarity/records.ts";
import { counted, days, hours, inWords, millis, minutes } from "#/platform/units.ts";
import type { Campaign, Fault, Origin, Target } from "./conclusion.ts";
import type { Hindsight } from "./hindsight.ts";
import type { Dated } from "./judge.ts";

export type Verdict = "attack" | "undecided" | "fault";

/** A spell, what it was, the log-odds for an attack, and how many of its names are nobody's. */
export type Judged = {
  readonly spell: Spell;
  readonly verdict: Verdict;
  readonly odds: number;
  readonly nobodys: number;
};

/** Share of those who fail in a fault that try again at once; of the guessed-at, whose owners may happen to be about. */
const OWNERS_IN_FAULT = 0.6;
const OWNERS_IN_ATTACK = 0.1;
/** The share of the usual successes that is left in an outage. */
const LEFT_IN_OUTAGE = 0.2;
/** Devices sign in by the dozen, so that so many successes are worth one. */
const SUCCESSES_WORTH_ONE = 5;
/** Neither kind of evidence counts for more than this: both lean on assumptions. */
const EVIDENCE_MAX = 12;
/** Log-odds from which it is said what it was. */
const DECIDED_AT = 4;
/** A log shows within so long who signs in. */
const NAMES_KNOWN_AFTER = days(3);
/** Fewer accounts than this are a coincidence, or somebody else's to tell. */
const ACCOUNTS_MIN = 10;

export function judgeSpells(dated: readonly Dated[], { judge: log, isNoise }: Hindsight): Judged[] {
  return dated.flatMap(({ found }) => {
    if (found.kind !== "shared-network" || isBots(found.spell, isNoise)) return [];
    const { spell } = found;
    if (spell.kind === "one") return [{ spell, verdict: "attack", odds: 0, nobodys: 0 } as const];
    // Who has not been seen in days of the log is nobody who signs in there.
    const areNamesKnown = spell.from - log.first > NAMES_KNOWN_AFTER || log.last - spell.to > NAMES_KNOWN_AFTER;
    const nobodys = areNamesKnown ? guessed(spell).filter(({ account }) => !exists(account)).length : 0;
    const odds = oddsOf(spell, nobodys);
    if (guessed(spell).length + spell.unlisted < ACCOUNTS_MIN) return [];
    const verdict = odds >= DECIDED_AT ? "attack" : odds <= -DECIDED_AT ? "fault" : "undecided";
    return [{ spell, verdict, odds, nobodys }];
  });
}

/** A bot like every day's is no more for having an address in a network that members use too. */
const isBots = ({ tried }: Spell, isNoise: Hindsight["isNoise"]): boolean =>
  [...tried.values()].every(({ origin }) => isNoise(origin));

/** Accounts that failed and did not get in soon after. */
const guessed = (spell: Spell): Tried[] => triedIn(spell).filter(({ isMended }) => !isMended);

function oddsOf(spell: Spell, nobodys: number): number {
  let retries = 0;
  for (const { isOwners } of triedIn(spell))
    retries += isOwners
      ? Math.log(OWNERS_IN_ATTACK / OWNERS_IN_FAULT)
      : Math.log((1 - OWNERS_IN_ATTACK) / (1 - OWNERS_IN_FAULT));
  // That others get in excuses nobody: a fault may strike some. That they do not is how an outage looks.
  return (
    bounded(retries) + Math.min(0, bounded(drought(spell))) + bounded(crowd(spell)) + bounded(names(spell, nobodys))
  );
}

/** Of the accounts that fail where members are, this share are names that are nobody's: typing errors, and people who have left. */
const NOBODYS_USUAL = 0.1;
/** One person tries two or three spellings. */
const SPELLINGS_EACH = 2;

/** Log-odds for an attack from how many of the names are nobody's, beside what typing errors make: a fault strikes who is there. */
function names(spell: Spell, nobodys: number): number {
  const usual = usualNobodys(spell);
  return nobodys > usual ? (nobodys * Math.log(nobodys / usual) - (nobodys - usual)) / SPELLINGS_EACH : 0;
}

const usualNobodys = (spell: Spell): number => Math.max(1, NOBODYS_USUAL * guessed(spell).length);

/** A day may be so many times as busy as is usual at its hour, as a Monday after a weekend. */
const BUSIER = 2;

/**
 * Log-odds for an attack from how many accounts failed, at the densest, beside how many would have come: an outage keeps out whoever
 * comes, and makes nobody come. Only where a restart brings all devices back at once is it otherwise, and then nobody gets in.
 */
function crowd(spell: Spell): number {
  const { byHour, from, to, level } = spell;
  const usualInAll = usualBetween(byHour, from, to);
  if (usualInAll === undefined) return 0;
  // Those who get in say how many have come today, whatever came of late at such an hour: after holidays, or on a day of work at a weekend.
  const busy = Math.max(Math.min(LEVEL_MAX, level), gotIn(spell) / Math.max(1, usualInAll));
  let highest = 0;
  let came = 0;
  for (const { first } of triedIn(spell)) {
    came += 1;
    const usual = usualBetween(byHour, from, first);
    if (usual === undefined) break;
    const expected = Math.max(1, usual * BUSIER * busy);
    if (came > expected) highest = Math.max(highest, came * Math.log(came / expected) - (came - expected));
  }
  return highest / SUCCESSES_WORTH_ONE;
}

/** Log-odds for an attack from how many got in meanwhile, beside how many would have. */
function drought(spell: Spell): number {
  const expected = expectedIn(spell);
  if (expected === undefined) return 0;
  const left = Math.log(1 / LEFT_IN_OUTAGE);
  return (gotIn(spell) * left - expected * (1 - LEFT_IN_OUTAGE)) / SUCCESSES_WORTH_ONE;
}

/** Today may be busier than usual, or a holiday. */
function expectedIn({ byHour, from, to, level }: Spell): number | undefined {
  const usual = usualBetween(byHour, from, to);
  return usual === undefined ? undefined : usual * Math.min(LEVEL_MAX, level);
}

/** A quiet hour before says little of how much busier than usual the next will be. */
const LEVEL_MAX = 3;

const gotIn = (spell: Spell): number => spell.successes - spell.successesBefore;
const bounded = (odds: number): number => Math.max(-EVIDENCE_MAX, Math.min(EVIDENCE_MAX, odds));

/** Lists of made-up names are guessing: whoever sprays knows whom. */
const MADE_UP_SHARE = 0.8;

/** The campaigns of all spells that were or may have been attacks; ids are given later. */
export function sharedCampaigns(judged: readonly Judged[], faults: readonly Fault[]): Campaign[] {
  const groups: Judged[][] = [];
  const told = judged.filter((one) => mayBeAttack(one, faults));
  for (const one of told.toSorted((left, right) => left.spell.from - right.spell.from)) {
    const { spell } = one;
    const into = groups.find((group) =>
      group.some(({ spell: other }) => other.kind === spell.kind && overlaps(other, spell.from, spell.to)),
    );
    // One account in a hurry is one thing by itself; many of many networks at once are one.
    if (into === undefined || spell.kind === "one") groups.push([one]);
    else into.push(one);
  }
  return groups.map(toCampaign);
}

function mayBeAttack({ spell, verdict, odds }: Judged, faults: readonly Fault[]): boolean {
  if (verdict !== "undecided") return verdict === "attack";
  return odds > 0 || faults.some(({ confidence, from, to }) => confidence === "suspected" && overlaps(spell, from, to));
}

/** Whether a spell and a fault were at the same time, give or take what each takes to begin. */
export const overlaps = (spell: Spell, from: number, to: number): boolean =>
  spell.from <= to + hours(1) && from <= spell.to + hours(1);

function toCampaign(group: readonly Judged[]): Campaign {
  const spells = group.map(({ spell }) => spell);
  const tried = spells.flatMap(guessed);
  const isOne = spells.some(({ kind }) => kind === "one");
  const nobodys = group.reduce((total, one) => total + one.nobodys, 0);
  const isSure = group.some(({ verdict, odds }) => verdict === "attack" && odds > 2 * DECIDED_AT);
  const sum = (of: (spell: Spell) => number): number => spells.reduce((total, spell) => total + of(spell), 0);
  const attempts = isOne ? sum(({ failures }) => failures) : tried.reduce((total, one) => total + one.failures, 0);
  return {
    id: "",
    kind: isOne || nobodys > MADE_UP_SHARE * tried.length ? "password-guessing" : "password-spraying",
    firstAttempt: millis(Math.min(...tried.map(({ first }) => first))),
    lastAttempt: millis(Math.max(...spells.map(({ to }) => to))),
    detectedAt: millis(Math.min(...spells.map(({ declaredAt }) => declaredAt))),
    attemptsBeforeDetection: Math.min(spells[0]?.failuresBefore ?? 0, attempts),
    attempts,
    origins: originsOf(tried),
    targets: targetsOf(tried),
    fallen: [],
    services: servicesOf(spells),
    confidence: isSure ? "probable" : "suspected",
    why: isOne ? spells.flatMap((spell) => whyOne(spell, tried)) : whyMany(group, tried),
  };
}

/** Most failures first. */
function servicesOf(spells: readonly Spell[]): string[] {
  const counts = new Map<string, number>();
  for (const { services } of spells)
    for (const [name, count] of services) counts.set(name, (counts.get(name) ?? 0) + count);
  return [...counts].sort((left, right) => right[1] - left[1]).map(([name]) => name);
}

function targetsOf(tried: readonly Tried[]): Target[] {
  const told = new Map<string, Target>();
  for (const { account, failures } of tried) {
    const attempts = failures + (told.get(account.name)?.attempts ?? 0);
    told.set(account.name, { account: account.name, attempts, exists: exists(account), knewPassword: false });
  }
  return [...told.values()].sort((left, right) => right.attempts - left.attempts);
}

function originsOf(tried: readonly Tried[]): Origin[] {
  const told = new Map<string, { attempts: number; accounts: number; first: number; last: number }>();
  for (const { origin, failures, first, last } of tried) {
    const one = told.get(origin.address) ?? { attempts: 0, accounts: 0, first, last };
    one.attempts += failures;
    one.accounts += 1;
    one.first = Math.min(one.first, first);
    one.last = Math.max(one.last, last);
    told.set(origin.address, one);
  }
  return [...told]
    .map(([address, { attempts, accounts, first, last }]) => ({
      address,
      attempts,
      accounts,
      first: millis(first),
      last: millis(last),
      isShared: true,
      members: 0,
      networkMembers: 0,
    }))
    .sort((left, right) => right.attempts - left.attempts);
}

function whyMany(group: readonly Judged[], tried: readonly Tried[]): string[] {
  const spells = group.map(({ spell }) => spell);
  const once = tried.filter(({ isOwners }) => !isOwners).length;
  const sum = (of: (spell: Spell) => number): number => spells.reduce((total, spell) => total + of(spell), 0);
  const from = Math.min(...spells.map((spell) => spell.from));
  const to = Math.max(...spells.map((spell) => spell.to));
  const where = spells.length === 1 ? "a network" : counted(spells.length, "network");
  const accounts = counted(tried.length + sum(({ unlisted }) => unlisted), "account");
  const sharers = counted(
    sum(({ place }) => place.accounts),
    "account",
  );
  const sentences = [
    `${accounts} began to fail within ${inWords(to - from)} from ${where} from which ${sharers} usually sign in, far more than ever fail there.`,
    once > 0
      ? `${once.toLocaleString("en-US")} of them did not try again within ${inWords(minutes(15))}: people and their devices do so at once, a guesser goes on to the next account.`
      : `All of them tried again within ${inWords(minutes(15))}, as people and their devices do, and as somebody does who goes through a list more than once.`,
    ...namesSentence(group),
    ...crowdSentence(spells),
    usualSentence(spells),
    "Whoever did it came from where your own people sign in, so an account that was opened looks like its owner: the log cannot say whether any fell.",
  ];
  if (!group.some(({ verdict }) => verdict === "attack"))
    sentences.push("A fault that strikes those who come from there would look much the same.");
  return sentences;
}

function namesSentence(group: readonly Judged[]): string[] {
  if (!group.some(({ spell, nobodys }) => names(spell, nobodys) >= DECIDED_AT)) return [];
  const nobodys = group.reduce((total, one) => total + one.nobodys, 0);
  const usual = group.reduce((total, { spell }) => total + usualNobodys(spell), 0);
  return [
    `Nobody is known by ${nobodys.toLocaleString("en-US")} of the names, where typing errors make about ${Math.round(usual)}: a fault strikes those who are there.`,
  ];
}

function crowdSentence(spells: readonly Spell[]): string[] {
  if (!spells.some((spell) => crowd(spell) >= DECIDED_AT)) return [];
  return [
    "More accounts failed at once than come at such an hour: a fault keeps out whoever comes, and makes few come.",
  ];
}

function usualSentence(spells: readonly Spell[]): string {
  const got = counted(
    spells.reduce((sum, spell) => sum + gotIn(spell), 0),
    "sign-in",
  );
  const usual = spells.map((spell) => expectedIn(spell));
  const expected = usual.some((one) => one === undefined)
    ? undefined
    : usual.reduce<number>((sum, one) => sum + (one ?? 0), 0);
  const said = `${got} from there succeeded meanwhile`;
  return expected === undefined
    ? `${said}.`
    : `${said}; about ${Math.round(expected).toLocaleString("en-US")} would be usual.`;
}

function whyOne(spell: Spell, tried: readonly Tried[]): string[] {
  const [one] = tried;
  const gap = (spell.to - (one?.first ?? spell.from)) / Math.max(1, spell.failures - 1);
  return [
    `${counted(spell.failures, "failure")} on one account, one every ${inWords(gap)}: no person types like that, and few devices do.`,
    `${counted(spell.place.accounts, "account")} usually sign in from that network, so it is either a program of your own that has run wild or somebody who guesses from within.`,
    "Whether a later sign-in from there was the owner's, the log cannot say.",
  ];
}
