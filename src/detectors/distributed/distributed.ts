/**
 * A distributed attack: many addresses with one to three attempts each, far below what any count per address can see.
 * T1110.003 and T1110.004.
 *
 * It counts strangers' failures: the first failure of an account from an address where it never signed in, in a network
 * where it never did, from an address that has not shown itself honest (members sign in there, and few fail). People who mistype on a new network sign in a
 * minute later, and theirs are taken back. A pair that comes again after days counts again. What is left is rare in peace, and its rate is
 * tested at every one (CUSUM at several scales) against what is usual for this site: in proportion to its traffic for names that exist, and a
 * flat background of the internet's noise for names that do not, which has a chart of its own so that it cannot hide the other.
 *
 * A guesser in a hurry is told at once. The slow one is looked for among the failures that nothing has resolved a quarter of an hour later:
 * ten times fewer than those that just came, so that what stands out of them may be ten times slower.
 *
 * What it cannot see: guesses from addresses that members use, and an attack as slow as the usual noise. What could be
 * mistaken for it: a new mail client that tries for all its users from a cloud's addresses with old passwords.
 */
import type { Units } from "#/platform/settings.ts";
import type { Detector, Found } from "#/detectors/detector.ts";
import { type Baseline, createBaseline, learn, rateOf } from "#/detectors/toolbox/baseline.ts";
import {
  type Alarm,
  type Chart,
  type Level,
  type Rates,
  count,
  createChart,
  endOf,
  lowerAlarm,
  takeOff,
} from "./charts.ts";
import { type Fading, createFading, fade, ratePerMs } from "#/detectors/toolbox/fading.ts";
import type { Observation } from "#/familiarity/familiarity.ts";
import { Familiar, type Pair, exists, isOldPassword, wasRetrying } from "#/familiarity/records.ts";
import { type Duration, type Millis, days, hours, millis, minutes } from "#/platform/units.ts";

export type Settings = {
  /** Extra failures a day that the charts look for. Four scales a factor of about four apart lose little against the ideal one. */
  readonly shiftsPerDay: readonly number[];
  /** Scales from here on are tested with every failure at once, since whoever guesses so fast is not to be waited for. */
  readonly atOncePerDay: number;
  /** And all with those that are unresolved after so long: most people who mistype sign in within a minute, nearly all within this. */
  readonly settlesAfter: Duration;
  /** Strangers' unresolved failures on existing accounts, per successful sign-in, before anything is learned. */
  readonly usualPerSuccess: number;
  /** And per day, whatever the traffic. */
  readonly usualPerDay: number;
  /** Failures a day on names that do not exist, before anything is learned: the internet's background. */
  readonly backgroundPerDay: number;
  /** Of the background, this many fall on names that do exist (info, press) for each that does not. */
  readonly backgroundOnExisting: number;
  /** How clumped they come: variance over mean. */
  readonly dispersion: number;
  /** The same for names that do not exist, which bots try by the dozen. */
  readonly backgroundDispersion: number;
  /** Log-odds at which an attack is declared. */
  readonly declareAt: number;
  /** The chart of names that do not exist is for learning only, for this long from the start of the log. */
  readonly backgroundLearning: Duration;
  /** How fast the usual rates are forgotten. */
  readonly halfLife: Duration;
  /** Weight of a failure from the wider area of a familiar network: a broadband line that changed its address, perhaps. */
  readonly areaWeight: number;
  /** Attempts from one address count 1, 1/2, 1/3 ... up to this many accounts: busy addresses are another detector's. */
  readonly accountsPerOriginMax: number;
};

export const defaults: Settings = {
  shiftsPerDay: [20, 80, 320, 1_500],
  atOncePerDay: 300,
  settlesAfter: minutes(15),
  usualPerSuccess: 0.002,
  usualPerDay: 6,
  backgroundPerDay: 25,
  backgroundOnExisting: 0.25,
  dispersion: 1.6,
  backgroundDispersion: 3,
  declareAt: 9,
  backgroundLearning: hours(24),
  halfLife: days(7),
  areaWeight: 0.2,
  accountsPerOriginMax: 6,
};

export const units: Units<Settings> = {
  shiftsPerDay: "per-day-list",
  atOncePerDay: "per-day",
  settlesAfter: "duration",
  usualPerSuccess: "share",
  usualPerDay: "per-day",
  backgroundPerDay: "per-day",
  backgroundOnExisting: "share",
  dispersion: "number",
  backgroundDispersion: "number",
  declareAt: "log-odds",
  backgroundLearning: "duration",
  halfLife: "duration",
  areaWeight: "share",
  accountsPerOriginMax: "count",
};

const DAY = days(1);
/** Traffic is estimated over about this long, so that the usual rate follows the hour of the day. */
const TRAFFIC_HALF_LIFE = hours(1);
/** Failures that the expectation from elsewhere is worth against what is seen here. */
const PRIOR_WORTH = 15;
/** However quiet the site has been, never expect less than this part. */
const MULTIPLE_LEAST = 0.1;

/** A pair that failed before, and comes again after so long, counts as one that comes for the first time. */
export const COMES_AGAIN_AFTER = days(3);
/** Failures that may wait at once; when full, the oldest is counted as if it had waited. */
const WAITING_MAX = 65_536;
/** Alarms kept. Each takes hours of guesses, so that is years of attacks; when full, further ones are found but not kept. */
const ALARMS_MAX = 4_096;

/** A failure that may yet be resolved. */
type Waiting = { readonly pair: Pair; readonly at: Millis; readonly weight: number };

export type State = {
  readonly known: Chart;
  readonly unknown: Chart;
  /** Every alarm, earliest first. */
  readonly alarms: Alarm[];
  /** How much of what is usual elsewhere is usual here: learned, 1 at first. */
  readonly multiple: Baseline;
  /** The same of what has settled. */
  readonly settledMultiple: Baseline;
  readonly background: Baseline;
  /** Earliest first, from `waitingFrom` on. */
  waiting: Waiting[];
  waitingFrom: number;
  start: number;
  /** Successes, and failures on names that do not exist, fading; and when they were last brought up to date. */
  readonly traffic: Fading;
  readonly noise: Fading;
  /** Up to when the multiples, and the background, have counted their exposure. */
  learnedAt: number;
  settledAt: number;
  backgroundSince: number;
};

export const distributed: Detector<State, Settings> = {
  name: "distributed",
  defaults,
  start: (settings) => ({
    known: createChart(true, settings, settings.dispersion),
    unknown: createChart(false, settings, settings.backgroundDispersion),
    alarms: [],
    multiple: createBaseline(1, PRIOR_WORTH),
    settledMultiple: createBaseline(1, PRIOR_WORTH),
    background: createBaseline(settings.backgroundPerDay / DAY, hours(12)),
    start: 0,
    traffic: createFading(),
    noise: createFading(),
    waiting: [],
    waitingFrom: 0,
    learnedAt: 0,
    settledAt: 0,
    backgroundSince: 0,
  }),
  step(state, seen, settings, found) {
    if (state.start === 0) {
      state.start = seen.at;
      state.traffic.at = seen.at;
      state.backgroundSince = seen.at;
    }
    if (state.waitingFrom < state.waiting.length) settle(state, seen.at, settings, found);
    if (seen.at > state.known.overAt) end(state.known, found);
    if (seen.at > state.unknown.overAt) end(state.unknown, found);
    if (seen.signIn.outcome === "success") succeed(state, seen, settings);
    else fail(state, seen, settings, found);
  },
};

function succeed(state: State, seen: Observation, settings: Settings): void {
  fade(state.traffic, seen.at, TRAFFIC_HALF_LIFE);
  state.traffic.sum += 1;
  // The stranger was a member after all: what was counted is taken back.
  if (seen.pair.weight !== 0) takeBack(state, seen.pair, settings);
}

/** From the chart that it was counted on, whatever has been heard of the account since. */
function takeBack(state: State, pair: Pair, settings: Settings): void {
  const chart = pair.weight > 0 ? state.known : state.unknown;
  const usual = usualRates(state, chart.known, settings);
  takeOff(chart, Math.abs(pair.weight), usual, isWaiting(pair, state, settings));
  pair.weight = 0;
  if (chart.alarm !== undefined) chart.overAt = endOf(chart, usual);
}

/** Whether what was counted for a pair is too young to have settled. A pair that came again after days was counted when it came. */
function isWaiting({ firstFailure, lastFailure }: Pair, { traffic }: State, { settlesAfter }: Settings): boolean {
  const countedAt = lastFailure - firstFailure > COMES_AGAIN_AFTER ? lastFailure : firstFailure;
  return countedAt > traffic.at - settlesAfter;
}

/** It is over, and the next one needs evidence of its own. */
function end(chart: Chart, found: (what: Found) => void): void {
  const at = millis(Math.round(chart.overAt));
  lowerAlarm(chart, at);
  found({ kind: "distributed-attack-over", at });
}

function fail(state: State, seen: Observation, settings: Settings, found: (what: Found) => void): void {
  // A device that goes on with an old password is no guess, however often it changes its address.
  if (seen.pair.weight !== 0 && isOldPassword(seen.pair)) takeBack(state, seen.pair, settings);
  const weight = weightOf(seen, settings);
  if (weight === 0) return;
  const { pair, at } = seen;
  const known = exists(pair.account);
  const chart = known ? state.known : state.unknown;
  fade(state.traffic, at, TRAFFIC_HALF_LIFE);
  fade(state.noise, at, TRAFFIC_HALF_LIFE);
  pair.weight = known ? weight : -weight;
  if (!known) state.noise.sum += weight;
  const usual = usualRates(state, known, settings);
  const learning = !known && at - state.start < settings.backgroundLearning;
  const counted = { at, weight: learning ? 0 : weight, settled: false };
  const level = count(chart, counted, usual);
  learnUsual(state, { at, weight, known, highest: level.highest, usual: usual.atOnce }, settings);
  call(state, chart, { ...level, at, usual: usual.atOnce }, settings, found);
  if (chart.alarm !== undefined) chart.overAt = endOf(chart, usual);
  if (known) wait(state, { pair, at, weight }, settings, found);
}

/** Declares an attack where the chart stands high enough and no alarm is up. */
function call(
  state: State,
  chart: Chart,
  { calling, since: from, at, usual }: Level & { readonly at: Millis; readonly usual: number },
  settings: Settings,
  found: (what: Found) => void,
): void {
  if (chart.alarm !== undefined || calling < settings.declareAt) return;
  const since = millis(from);
  const why = explain(chart.known, usual, state.traffic.sum === 0);
  chart.alarm = { known: chart.known, since, at, over: Number.POSITIVE_INFINITY, risenTo: at, why };
  if (state.alarms.length < ALARMS_MAX) state.alarms.push(chart.alarm);
  found({ kind: "distributed-attack", at, since, why });
}

function wait(state: State, waiting: Waiting, settings: Settings, found: (what: Found) => void): void {
  state.waiting.push(waiting);
  const first = state.waiting[state.waitingFrom];
  if (state.waiting.length - state.waitingFrom <= WAITING_MAX || first === undefined) return;
  settle(state, millis(first.at + settings.settlesAfter), settings, found);
}

/** Counts what has waited long enough and is still nobody's slip. */
function settle(state: State, now: Millis, settings: Settings, found: (what: Found) => void): void {
  for (;;) {
    const waiting = state.waiting[state.waitingFrom];
    if (waiting === undefined || waiting.at > now - settings.settlesAfter) break;
    state.waitingFrom += 1;
    if (!isUnresolved(waiting.pair, settings)) continue;
    const { at, weight } = waiting;
    const usual = usualRates(state, true, settings);
    const chart = state.known;
    const level = count(chart, { at, weight, settled: true }, usual);
    const expected = elsewhere(state, settings) * Math.max(0, at - (state.settledAt || state.start));
    if (level.highest < settings.declareAt / 2) learn(state.settledMultiple, at, weight, expected, settings.halfLife);
    state.settledAt = at;
    call(state, chart, { ...level, at: now, usual: usual.settled }, settings, found);
    if (chart.alarm !== undefined) chart.overAt = endOf(chart, usual);
  }
  if (state.waitingFrom < state.waiting.length && state.waitingFrom < 1_024) return;
  state.waiting = state.waiting.slice(state.waitingFrom);
  state.waitingFrom = 0;
}

/** Nobody signed in there since, no device of the owner's turned out to be retrying, and the address is not another detector's. */
function isUnresolved({ account, origin, weight, firstFailure }: Pair, settings: Settings): boolean {
  if (weight <= 0 || origin.held !== undefined || origin.accountsFailed > settings.accountsPerOriginMax) return false;
  return !wasRetrying(account, firstFailure);
}

function weightOf(seen: Observation, settings: Settings): number {
  const { signIn, pair, origin } = seen;
  if (signIn.reason === "fault" || seen.familiar >= Familiar.network || origin.address === "") return 0;
  const comesAgain = seen.at - seen.lastFailureBefore > COMES_AGAIN_AFTER;
  if ((pair.failures !== signIn.count && !comesAgain) || pair.successes > 0) return 0;
  if (wasRetrying(pair.account, seen.at) || origin.held !== undefined) return 0;
  if (origin.accountsFailed > settings.accountsPerOriginMax) return 0;
  // Where somebody signs in, the address is honest until its failures outweigh that: an attacker may own an account, or open one.
  if (origin.accountsOpened > 0 && origin.suspicion <= 0) return 0;
  return (seen.familiar === Familiar.area ? settings.areaWeight : 1) / Math.max(1, origin.accountsFailed);
}

function usualRates(state: State, known: boolean, settings: Settings): Rates {
  if (!known) return { atOnce: rateOf(state.background), settled: rateOf(state.background) };
  const expected = elsewhere(state, settings);
  return { atOnce: multipleOf(state.multiple) * expected, settled: multipleOf(state.settledMultiple) * expected };
}

/** Failures on names that exist that are usual at a site with this traffic, per ms. */
function elsewhere({ traffic, noise, background, start }: State, settings: Settings): number {
  fade(noise, traffic.at, TRAFFIC_HALF_LIFE);
  const seenFor = 1 - 2 ** (-(traffic.at - start) / TRAFFIC_HALF_LIFE);
  const rate = (of: Fading): number => ratePerMs(of, TRAFFIC_HALF_LIFE) / Math.max(0.1, seenFor);
  // At night it is the quiet of the night, but never nothing. Where bots are busier than ever, some of what they try exists too.
  const onExisting = settings.backgroundOnExisting * Math.max(rateOf(background), rate(noise));
  return settings.usualPerSuccess * rate(traffic) + settings.usualPerDay / DAY + onExisting;
}

const multipleOf = (learned: Baseline): number => Math.max(MULTIPLE_LEAST, rateOf(learned));

/** The internet's background on names that do not exist, as it was learned here, per day. */
export const backgroundOf = ({ background }: State): number => rateOf(background) * DAY;

/** How much of the unresolved failures that are usual elsewhere have been usual here. */
export const calmOf = ({ settledMultiple }: State): number => multipleOf(settledMultiple);

/** What was counted just now, for learning. */
type Counted = {
  readonly at: number;
  readonly weight: number;
  readonly known: boolean;
  readonly highest: number;
  readonly usual: number;
};

/** Learns while nothing is brewing; the background of invented names also in the first day, whatever it is. */
function learnUsual(state: State, { at, weight, known, highest, usual }: Counted, settings: Settings): void {
  const calm = highest < settings.declareAt / 2;
  if (known) {
    const expected = (usual / multipleOf(state.multiple)) * Math.max(0, at - (state.learnedAt || state.start));
    if (calm) learn(state.multiple, at, weight, expected, settings.halfLife);
    state.learnedAt = at;
    return;
  }
  if (calm || at - state.start < settings.backgroundLearning) {
    learn(state.background, at, weight, Math.max(0, at - state.backgroundSince), settings.halfLife);
  }
  state.backgroundSince = at;
}

/** @param isBlind no success has been seen, so that none of the names is known to exist, and nobody for a stranger. */
function explain(known: boolean, usual: number, isBlind: boolean): string {
  const perDay = Math.max(1, Math.round(usual * DAY)).toLocaleString("en-US");
  if (isBlind)
    return `sign-ins fail from many addresses, far more often than the ${perDay} a day that are to be expected; the log shows no success, which would say whose names exist`;
  return known
    ? `strangers fail on accounts known to exist, one or a few per address, far more often than the ${perDay} a day that are to be expected at this hour`
    : `strangers fail on names not known to exist, from many addresses, far more often than the ${perDay} a day that are to be expected`;
}
