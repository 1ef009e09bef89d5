/**
 * A sign-in with the right password that is not like its owner: a password that somebody stole, bought or guessed elsewhere. T1078.
 *
 * Only an account's first success from a network that is new to it is scored (score.ts says how), and strangers' first failures
 * and members' first successes teach it how each of them are. It says nothing by itself, for people travel: those whose
 * score is high are kept, and incidents/ tells them of accounts that a campaign tried, with a probability.
 *
 * What it cannot see: a thief in the account's own networks, and one who waits until the campaign is forgotten. What could be
 * mistaken for it: a first journey with a new device.
 */
import type { Detector } from "#/detectors/detector.ts";
import { count, createShares } from "#/detectors/toolbox/shares.ts";
import type { Observation } from "#/familiarity/familiarity.ts";
import { Familiar, type Pair, isOldPassword, wasRetrying } from "#/familiarity/records.ts";
import type { Units } from "#/platform/settings.ts";
import { type Duration, days } from "#/platform/units.ts";
import { type Contact, type Crowd, type Site, explainScore, hourOf, probabilityOf, scoreOf, whereOf } from "./score.ts";

export type Settings = {
  /** Times a day that an account signs in from a network that is new to it, before anything is learned. */
  readonly movesPerDay: number;
  /** Of these, with a client that is new to it, before anything is learned. */
  readonly strangeClientShare: number;
  /** For so long from the start of the log, accounts that sign in for the first time are not scored. */
  readonly learning: Duration;
  /** Owners who fail at a new place and do not get in, for each who does: their failures are not the attack's. */
  readonly slips: number;
  /** How often a thief keeps to the attack's own places, clients and hours. The others bought the password, or read the mail from home. */
  readonly sameShare: number;
  /** Share of the accounts tried that an attack opens, before anything is known: half a per cent in June 2017, one at most sites that Microsoft saw. */
  readonly fallShare: number;
  /** How long after an attack its passwords are used. */
  readonly usedWithin: Duration;
  /** From this probability on, an account that was tried is told as one that may have fallen. */
  readonly tellAt: number;
  /** From this probability on, its holder is worth a telephone call. */
  readonly askAt: number;
  /** Share of all successful sign-ins that may be scored high enough to be challenged. */
  readonly challengedMax: number;
  /** How fast members' ways are forgotten. */
  readonly halfLife: Duration;
  /** And strangers', who change theirs with each attack. */
  readonly strangersHalfLife: Duration;
  /** Different clients, and areas, that are counted of each; when full, further ones are not counted by name until others fade. */
  readonly valuesMax: number;
  /** Sign-ins kept; when full, the oldest tenth goes. */
  readonly keptMax: number;
};

export const defaults: Settings = {
  movesPerDay: 0.2,
  strangeClientShare: 0.1,
  learning: days(3),
  slips: 0.1,
  sameShare: 0.5,
  fallShare: 0.01,
  usedWithin: days(7),
  tellAt: 0.9,
  askAt: 0.1,
  challengedMax: 0.1,
  halfLife: days(30),
  strangersHalfLife: days(3),
  valuesMax: 4_096,
  keptMax: 20_000,
};

export const units: Units<Settings> = {
  movesPerDay: "per-day",
  strangeClientShare: "share",
  learning: "duration",
  slips: "share",
  sameShare: "share",
  fallShare: "share",
  usedWithin: "duration",
  tellAt: "share",
  askAt: "share",
  challengedMax: "share",
  halfLife: "duration",
  strangersHalfLife: "duration",
  valuesMax: "count",
  keptMax: "count",
};

/** A sign-in that was scored. */
export type Unusual = {
  readonly pair: Pair;
  readonly logOdds: number;
  /** What speaks for a thief, strongest first. */
  readonly why: readonly string[];
};

export type State = {
  readonly site: Site;
  /** Scored high enough to be told if its account was tried; earliest first. */
  readonly kept: Unusual[];
  /** The first sign-in; accounts that signed in; and up to when the time that they were seen for has been counted. */
  start: number;
  accounts: number;
  since: number;
  successes: number;
  /** Sign-ins at home since one was last looked at. */
  unsampled: number;
  /** Scored sign-ins by their log-odds, in quarters, from the lowest that is told apart. */
  readonly scored: Float64Array;
};

const createCrowd = (): Crowd => ({
  wheres: createShares(),
  areas: createShares(),
  clients: createShares(),
  hours: createShares(),
});

export const unusualSignIn: Detector<State, Settings> = {
  name: "unusual-sign-in",
  defaults,
  start: () => ({
    site: { members: createCrowd(), strangers: createCrowd(), moves: 0, movesStrange: 0, exposure: 0 },
    kept: [],
    start: 0,
    accounts: 0,
    since: 0,
    successes: 0,
    unsampled: 0,
    scored: new Float64Array(BINS),
  }),
  step(state, seen, settings) {
    const { signIn, pair } = seen;
    if (state.start === 0) state.start = seen.at;
    if (signIn.outcome === "success") {
      state.successes += signIn.count;
      if (pair.successes === signIn.count && pair.origin.address !== "") succeed(state, seen, settings);
      else if (++state.unsampled === SAMPLED) sample(state, seen, settings);
    } else if (seen.familiar < Familiar.network && pair.failures === signIn.count) fail(state, seen, settings);
  },
};

/** Of sign-ins where the account is at home, one of so many tells at which hours members sign in. */
const SAMPLED = 32;

function sample(state: State, { at, familiar }: Observation, { halfLife }: Settings): void {
  state.unsampled = 0;
  if (familiar === Familiar.address) count(state.site.members.hours, at, hourOf(at), 1, halfLife, BINS);
}

function succeed(state: State, seen: Observation, settings: Settings): void {
  const { account, pair, signIn } = seen;
  passTime(state, seen.at);
  if (account.successes === signIn.count) state.accounts += 1;
  const isHome = seen.familiar >= Familiar.network;
  // At first everybody is new; who comes for the first time later on is a newcomer, or a dormant account that somebody woke.
  const isKnown = account.networks.some(({ network }) => network !== pair.origin.network);
  const isMove = !isHome && (isKnown || seen.at - state.start > settings.learning);
  const contact = contactOf(seen);
  if (!isMove) {
    if (pair.trusted > 0) learn(state.site.members, contact, 1, false, settings, settings.halfLife);
    return;
  }
  const logOdds = scoreOf(contact, state.site, settings);
  const bin = binOf(logOdds);
  state.scored[bin] = (state.scored[bin] ?? 0) + 1;
  const probability = probabilityOf(logOdds, thievesPerDay(settings, settings.fallShare, 0));
  if (probability >= settings.askAt / 10) {
    keep(state, { pair, logOdds, why: explainScore(contact, state.site, settings) }, settings);
  }
  if (pair.trusted === 0) return;
  // As much as it is likely to be the owner's.
  const weight = 1 - probability;
  state.site.moves += weight;
  if (pair.strangeClient) state.site.movesStrange += weight;
  learn(state.site.members, contact, weight, true, settings, settings.halfLife);
}

/** Thieves' sign-ins per account and day, of those that an attack of this length has tried. */
export const thievesPerDay = (settings: Settings, fallShare: number, length: number): number =>
  (fallShare * days(1)) / (length + settings.usedWithin);

function fail(state: State, seen: Observation, settings: Settings): void {
  const { signIn, pair, origin } = seen;
  if (signIn.reason === "fault" || origin.address === "" || pair.successes > 0) return;
  if (wasRetrying(pair.account, seen.at) || isOldPassword(pair)) return;
  // One address with a thousand guesses is still one.
  const weight = 1 / Math.max(1, origin.accountsFailed);
  learn(state.site.strangers, contactOf(seen), weight, true, settings, settings.strangersHalfLife);
}

function learn(
  crowd: Crowd,
  contact: Contact,
  weight: number,
  isAway: boolean,
  { valuesMax }: Settings,
  halfLife: number,
): void {
  const { at, area, client } = contact;
  if (isAway) count(crowd.wheres, at, whereOf(contact), weight, halfLife, valuesMax);
  count(crowd.areas, at, area, weight, halfLife, valuesMax);
  count(crowd.hours, at, hourOf(at), weight, halfLife, valuesMax);
  if (client !== "") count(crowd.clients, at, client, weight, halfLife, valuesMax);
}

/** What was known before this sign-in, which the records have taken in already. */
function contactOf({ at, account, origin, pair, familiar, signIn }: Observation): Contact {
  const itself = pair.trusted > 0 && pair.successes === signIn.count ? 1 : 0;
  return {
    at,
    account,
    network: origin.network,
    area: origin.area,
    familiar,
    sharers: origin.place.accounts - itself,
    neighbours: origin.neighbourhood.opened - itself,
    addressFailed: origin.accountsFailed,
    client: signIn.client,
    isStrangeClient:
      signIn.outcome === "success"
        ? pair.strangeClient
        : account.clients.length > 0 && !account.clients.includes(signIn.client),
  };
}

function passTime(state: State, at: number): void {
  if (state.since !== 0 && at > state.since) state.site.exposure += (state.accounts * (at - state.since)) / days(1);
  state.since = Math.max(state.since, at);
}

function keep(state: State, unusual: Unusual, { keptMax }: Settings): void {
  if (state.kept.length >= keptMax) state.kept.splice(0, Math.ceil(keptMax / 10));
  state.kept.push(unusual);
}

const BINS = 128;
const BIN = 0.25;
const LOWEST = -12;
const binOf = (logOdds: number): number => Math.max(0, Math.min(BINS - 1, Math.floor((logOdds - LOWEST) / BIN)));

/** The log-odds from which on a sign-in may be challenged, so that no more than the share that the settings allow ever are. */
export function challengeAt(state: State, { challengedMax }: Settings): number {
  let left = challengedMax * state.successes;
  for (let bin = BINS - 1; bin >= 0; bin -= 1) {
    left -= state.scored[bin] ?? 0;
    if (left < 0) return LOWEST + (bin + 1) * BIN;
  }
  return Number.NEGATIVE_INFINITY;
}
