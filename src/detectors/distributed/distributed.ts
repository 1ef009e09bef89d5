/**
 * A distributed attack: many addresses with one to three attempts each, far below what any count per address can see.
 * T1110.003 and T1110.004.
 *
 * It counts strangers' failures: the first failure of an account from an address where it never signed in, in a network
 * where it never did, from an address from which nobody has signed in. People who mistype on a new network sign in a
 * minute later, and theirs are taken back. What is left is rare in peace, and its rate is tested at every one (CUSUM at
 * four scales) against what is usual for this site: in proportion to its traffic for names that exist, and a flat background
 * of the internet's noise for names that do not, which has a chart of its own so that it cannot hide the other.
 *
 * What it cannot see: guesses from addresses that members use, and an attack as slow as the usual noise. What could be
 * mistaken for it: a new mail client that tries for all its users from a cloud's addresses with old passwords.
 */
import type { Units } from "#/platform/settings.ts";
import type { Detector, Found } from "#/detectors/detector.ts";
import { type Baseline, createBaseline, learn, rateOf } from "#/detectors/toolbox/baseline.ts";
import { type Cusum, createCusum, stepCusum } from "#/detectors/toolbox/cusum.ts";
import type { Observation } from "#/familiarity/familiarity.ts";
import { Familiar, type Pair, exists, isOldPassword, wasRetrying } from "#/familiarity/records.ts";
import { type Duration, days, hours, millis } from "#/platform/units.ts";

export type Settings = {
  /** Extra failures a day that the charts look for. Four scales a factor of about four apart lose little against the ideal one. */
  readonly shiftsPerDay: readonly number[];
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

/** One class of names: those that exist, or those that do not. */
type Chart = { readonly cusums: readonly Cusum[]; active: boolean };

export type State = {
  readonly known: Chart;
  readonly unknown: Chart;
  /** How much of what is usual elsewhere is usual here: learned, 1 at first. */
  readonly multiple: Baseline;
  readonly background: Baseline;
  start: number;
  /** Successes, and failures on names that do not exist, fading; and when they were last brought up to date. */
  traffic: number;
  noise: number;
  trafficAt: number;
  /** Up to when the multiple, and the background, have counted their exposure. */
  learnedAt: number;
  backgroundSince: number;
};

const createChart = (settings: Settings): Chart => ({
  cusums: settings.shiftsPerDay.map(() => createCusum()),
  active: false,
});

export const distributed: Detector<State, Settings> = {
  name: "distributed",
  defaults,
  start: (settings) => ({
    known: createChart(settings),
    unknown: createChart(settings),
    multiple: createBaseline(1, PRIOR_WORTH),
    background: createBaseline(settings.backgroundPerDay / DAY, hours(12)),
    start: 0,
    traffic: 0,
    noise: 0,
    trafficAt: 0,
    learnedAt: 0,
    backgroundSince: 0,
  }),
  step(state, seen, settings, found) {
    if (state.start === 0) {
      state.start = seen.at;
      state.trafficAt = seen.at;
      state.backgroundSince = seen.at;
    }
    if (seen.signIn.outcome === "success") succeed(state, seen, settings);
    else fail(state, seen, settings, found);
  },
};

function succeed(state: State, seen: Observation, settings: Settings): void {
  passTraffic(state, seen.at);
  state.traffic += 1;
  // The stranger was a member after all: what was counted is taken back.
  if (seen.pair.weight > 0) takeBack(state, seen.pair, settings);
}

function takeBack(state: State, pair: Pair, settings: Settings): void {
  const chart = exists(pair.account) ? state.known : state.unknown;
  const usual = usualRate(state, chart === state.known, settings);
  for (const [index, cusum] of chart.cusums.entries()) {
    const shift = (settings.shiftsPerDay[index] ?? 1) / DAY;
    cusum.sum = Math.max(0, cusum.sum - (pair.weight * Math.log(1 + shift / usual)) / settings.dispersion);
  }
  pair.weight = 0;
}

function fail(state: State, seen: Observation, settings: Settings, found: (what: Found) => void): void {
  // A device that goes on with an old password is no guess, however often it changes its address.
  if (seen.pair.weight > 0 && isOldPassword(seen.pair)) takeBack(state, seen.pair, settings);
  const weight = weightOf(seen, settings);
  if (weight === 0) return;
  const { pair, at } = seen;
  const known = exists(pair.account);
  const chart = known ? state.known : state.unknown;
  passTraffic(state, at);
  pair.weight = weight;
  if (!known) state.noise += weight;
  const usual = usualRate(state, known, settings);
  const dispersion = known ? settings.dispersion : settings.backgroundDispersion;
  const learning = !known && at - state.start < settings.backgroundLearning;
  let highest = 0;
  let since = at as number;
  for (const [index, cusum] of chart.cusums.entries()) {
    const shift = (settings.shiftsPerDay[index] ?? 1) / DAY;
    stepCusum(cusum, at, weight, usual, shift, dispersion);
    cusum.sum = learning ? 0 : Math.min(cusum.sum, settings.declareAt * 1.5);
    if (cusum.sum > highest) {
      highest = cusum.sum;
      since = cusum.since;
    }
  }
  learnUsual(state, { at, weight, known, highest, usual }, settings);
  if (!chart.active && highest >= settings.declareAt) {
    chart.active = true;
    found({ kind: "distributed-attack", at, since: millis(since), why: explain(known, usual) });
  } else if (chart.active && highest < 1) {
    chart.active = false;
    found({ kind: "distributed-attack-over", at });
  }
}

function weightOf(seen: Observation, settings: Settings): number {
  const { signIn, pair, origin } = seen;
  if (signIn.reason === "fault" || seen.familiar >= Familiar.network || origin.address === "") return 0;
  if (pair.failures !== signIn.count || pair.successes > 0 || wasRetrying(pair.account, seen.at)) return 0;
  if (origin.accountsOpened > 0 || origin.accountsFailed > settings.accountsPerOriginMax || origin.held) return 0;
  return (seen.familiar === Familiar.area ? settings.areaWeight : 1) / Math.max(1, origin.accountsFailed);
}

function usualRate(state: State, known: boolean, settings: Settings): number {
  if (!known) return rateOf(state.background);
  const seenFor = 1 - 2 ** (-(state.trafficAt - state.start) / TRAFFIC_HALF_LIFE);
  const perOne = Math.LN2 / TRAFFIC_HALF_LIFE / Math.max(0.1, seenFor);
  const perMs = state.traffic * perOne;
  // At night it is the quiet of the night, but never nothing. Where bots are busier than ever, some of what they try exists too.
  const noise = settings.backgroundOnExisting * Math.max(rateOf(state.background), state.noise * perOne);
  return learnedMultiple(state) * (settings.usualPerSuccess * perMs + settings.usualPerDay / DAY + noise);
}

/** How much of what is usual elsewhere has been usual here. */
export const learnedMultiple = (state: State): number => Math.max(MULTIPLE_LEAST, rateOf(state.multiple));

function passTraffic(state: State, at: number): void {
  if (at <= state.trafficAt) return;
  const keep = 2 ** (-(at - state.trafficAt) / TRAFFIC_HALF_LIFE);
  state.traffic *= keep;
  state.noise *= keep;
  state.trafficAt = at;
}

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
    const expected = (usual / learnedMultiple(state)) * Math.max(0, at - (state.learnedAt || state.start));
    if (calm) learn(state.multiple, at, weight, expected, settings.halfLife);
    state.learnedAt = at;
    return;
  }
  if (calm || at - state.start < settings.backgroundLearning) {
    learn(state.background, at, weight, Math.max(0, at - state.backgroundSince), settings.halfLife);
  }
  state.backgroundSince = at;
}

function explain(known: boolean, usual: number): string {
  const perDay = Math.max(1, Math.round(usual * DAY)).toLocaleString("en-US");
  return known
    ? `strangers fail on accounts known to exist, one or a few per address, far more often than the ${perDay} a day that are to be expected at this hour`
    : `strangers fail on names not known to exist, from many addresses, far more often than the ${perDay} a day that are to be expected`;
}
