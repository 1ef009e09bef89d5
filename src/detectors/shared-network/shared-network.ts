/**
 * A shared network (an office, a carrier's gateway, the institution's own proxy or webmail) from which more accounts fail than ever do.
 * T1110.003, and T1110.001 where it is one account in a hurry.
 *
 * To most who sign in from there it is familiar, so no detector that looks for strangers may speak, and an attacker who sits in
 * it, or comes through it, would go unseen. It tests at every account that begins to fail whether that is more than usual there
 * (CUSUM at four scales, against a rate that goes with the successes and is learned); whoever gets in soon after is taken back.
 *
 * What it cannot see: guesses as rare as the members' own slips. What could be mistaken for it: an outage, which incidents/
 * tells apart with what is kept here of each spell (do the same accounts try again at once? do others get in?).
 */
import { type Baseline, createBaseline, learn, rateOf } from "#/detectors/toolbox/baseline.ts";
import { type Cusum, createCusum, stepCusum } from "#/detectors/toolbox/cusum.ts";
import { type Fading, createFading, fade, ratePerMs } from "#/detectors/toolbox/fading.ts";
import type { Detector, Found } from "#/detectors/detector.ts";
import type { Observation } from "#/familiarity/familiarity.ts";
import { type Place, isShared } from "#/familiarity/places.ts";
import { beginOfBurst, burstOf, wasRetrying } from "#/familiarity/records.ts";
import type { Units } from "#/platform/settings.ts";
import { type Duration, counted, days, hours, inWords, millis, minutes } from "#/platform/units.ts";
import type { Reason } from "#/signin/signin.ts";
import { type Spell, extend, include, newSpell } from "./spell.ts";

export type Settings = {
  /** Extra accounts a day that begin to fail, that the charts look for. */
  readonly shiftsPerDay: readonly number[];
  /** Accounts that begin to fail and do not get in soon, per success from there, before anything is learned. */
  readonly usualPerSuccess: number;
  /** And per day, however few sign in. */
  readonly usualPerDay: number;
  /** How clumped they come: variance over mean. */
  readonly dispersion: number;
  /** Log-odds at which a spell is declared. */
  readonly declareAt: number;
  /** A spell is not declared before it has so many accounts, however sudden. */
  readonly accountsMin: number;
  /** A further failure, or a success, of the same account this soon is a person's or a device's next try. */
  readonly retryWithin: Duration;
  /** Failures on one account, less one for each half minute: beyond this nobody types, and few devices retry. */
  readonly burst: number;
  /** How fast the usual rates are forgotten. */
  readonly halfLife: Duration;
  /** Accounts kept of one spell; when full, further ones are counted only. */
  readonly accountsMax: number;
  /** Networks watched at once; when full, further ones are not. */
  readonly placesMax: number;
};

export const defaults: Settings = {
  shiftsPerDay: [100, 400, 1_600, 6_400],
  usualPerSuccess: 0.02,
  usualPerDay: 7,
  dispersion: 2,
  declareAt: 10,
  accountsMin: 8,
  retryWithin: minutes(15),
  burst: 40,
  halfLife: days(14),
  accountsMax: 20_000,
  placesMax: 20_000,
};

export const units: Units<Settings> = {
  shiftsPerDay: "per-day-list",
  usualPerSuccess: "share",
  usualPerDay: "per-day",
  dispersion: "number",
  declareAt: "log-odds",
  accountsMin: "count",
  retryWithin: "duration",
  burst: "number",
  halfLife: "duration",
  accountsMax: "count",
  placesMax: "count",
};

type Watch = {
  readonly charts: readonly Cusum[];
  readonly usual: Baseline;
  readonly traffic: Fading;
  trafficSeen: number;
  spell: Spell | undefined;
  /** The account in a hurry. */
  hurry: Spell | undefined;
};

export type State = { readonly watched: Map<Place, Watch> };

export const sharedNetwork: Detector<State, Settings> = {
  name: "shared-network",
  defaults,
  start: () => ({ watched: new Map() }),
  step(state, seen, settings, found) {
    const { place } = seen.origin;
    if (seen.signIn.outcome === "success") {
      if (seen.failuresBefore > 0) mend(state.watched.get(place), seen, settings);
      return;
    }
    if (!isShared(place) || seen.origin.address === "" || !isGuess(seen.signIn.reason)) return;
    const watch = watchOf(state, place, seen.at, settings);
    if (watch === undefined) return;
    hurry(watch, seen, settings, found);
    many(watch, seen, settings, found);
  },
};

/** Whether a guesser may have been told so: what is said of locked accounts, or of the server's own trouble, tells of a fault. */
function isGuess(reason: Reason | ""): boolean {
  return reason === "bad-password" || reason === "unknown-account" || reason === "other" || reason === "";
}

const DAY = days(1);
/** Traffic is estimated over about this long. */
const TRAFFIC_HALF_LIFE = hours(1);
/** Successes that the usual share is worth before anything is learned. */
const PRIOR_WORTH = 300;
/** Of the charts, so many below the fastest that called still keep a spell up: what goes on slower is members' slips. */
const SCALES_KEPT = 2;
/** A spell that pauses longer is over. */
const PAUSE_MAX = hours(3);

function watchOf(state: State, place: Place, at: number, settings: Settings): Watch | undefined {
  const found = state.watched.get(place);
  if (found !== undefined || state.watched.size >= settings.placesMax) return found;
  const fresh: Watch = {
    charts: settings.shiftsPerDay.map(() => createCusum()),
    usual: createBaseline(settings.usualPerSuccess, PRIOR_WORTH),
    traffic: createFading(at),
    trafficSeen: place.successes,
    spell: undefined,
    hurry: undefined,
  };
  state.watched.set(place, fresh);
  return fresh;
}

/** One account, in more of a hurry than anybody types. */
function hurry(watch: Watch, seen: Observation, settings: Settings, found: (what: Found) => void): void {
  const { pair, at, origin, signIn } = seen;
  const running = watch.hurry;
  if (running?.tried.has(pair.account) === true && at - running.last < PAUSE_MAX) {
    include(running, seen, 0, settings);
    return;
  }
  if (burstOf(pair) < settings.burst) return;
  const { from, failures } = beginOfBurst(pair, at);
  const spell = newSpell(origin.place, from, "one");
  include(spell, seen, 0, settings);
  watch.hurry = spell;
  spell.declaredAt = at;
  spell.failures = Math.max(signIn.count, failures);
  spell.failuresBefore = spell.failures;
  const tried = spell.tried.get(pair.account);
  if (tried !== undefined) spell.tried.set(pair.account, { ...tried, first: from, failures: spell.failures });
  const why = `${origin.address} failed ${counted(spell.failures, "time")} on the account ${pair.name} faster than anybody types`;
  found({ kind: "shared-network", at, spell, why });
}

/** Many accounts, a little each. */
function many(watch: Watch, seen: Observation, settings: Settings, found: (what: Found) => void): void {
  const { account, at, origin } = seen;
  if (watch.spell !== undefined && at - watch.spell.last > PAUSE_MAX) endSpell(watch);
  const begins = at - seen.lastFailureBefore > DAY || seen.failuresBefore === 0;
  if (!begins || wasRetrying(account, at)) {
    if (watch.spell?.tried.has(account) === true) include(watch.spell, seen, 0, settings);
    return;
  }
  const usual = usualRate(watch, origin.place, at, settings);
  watch.spell ??= newSpell(origin.place, at, "many");
  const { spell } = watch;
  if (!include(spell, seen, usual, settings)) return;
  let highest = 0;
  let kept = 0;
  for (const [index, cusum] of watch.charts.entries()) {
    stepCusum(cusum, at, 1, usual, (settings.shiftsPerDay[index] ?? 1) / DAY, settings.dispersion);
    cusum.sum = Math.min(cusum.sum, settings.declareAt * 1.5);
    highest = Math.max(highest, cusum.sum);
    if (cusum.sum >= settings.declareAt) spell.keptFrom = Math.max(spell.keptFrom, index - SCALES_KEPT);
    if (index >= spell.keptFrom) kept = Math.max(kept, cusum.sum);
  }
  if (kept >= spell.highest) {
    spell.highest = kept;
    extend(spell, at);
  }
  if (spell.declaredAt === 0) {
    spell.failuresBefore = spell.failures;
    if (highest >= settings.declareAt && spell.tried.size >= settings.accountsMin) declare(spell, seen, found);
  } else if (highest < 1 && at - spell.to > settings.retryWithin) endSpell(watch);
}

function declare(spell: Spell, { at, origin }: Observation, found: (what: Found) => void): void {
  spell.declaredAt = at;
  spell.byHour = spell.place.hours?.byHour.slice();
  const why = `${counted(spell.tried.size, "account")} began to fail within ${inWords(at - spell.from)} from a network that many share (${origin.address}), far more than usual there`;
  found({ kind: "shared-network", at: millis(at), spell, why });
}

function endSpell(watch: Watch): void {
  watch.spell = undefined;
  for (const cusum of watch.charts) cusum.sum = 0;
}

/** Accounts that begin to fail, per ms. Learns from what was before this one. */
function usualRate(watch: Watch, place: Place, at: number, settings: Settings): number {
  const fresh = place.successes - watch.trafficSeen;
  fade(watch.traffic, at, TRAFFIC_HALF_LIFE);
  watch.traffic.sum += fresh;
  watch.trafficSeen = place.successes;
  const isCalm = watch.charts.every(({ sum }) => sum < settings.declareAt / 2);
  if (isCalm) learn(watch.usual, at, 1, fresh, settings.halfLife);
  return Math.max(settings.usualPerDay / DAY, rateOf(watch.usual) * ratePerMs(watch.traffic, TRAFFIC_HALF_LIFE));
}

/** Its owner got in: no guess. */
function mend(watch: Watch | undefined, seen: Observation, settings: Settings): void {
  const spell = watch?.spell;
  const tried = spell?.tried.get(seen.account);
  if (watch === undefined || spell === undefined || tried === undefined || tried.isMended) return;
  if (seen.at - tried.last > settings.retryWithin) return;
  tried.isMended = true;
  tried.isOwners = true;
  watch.usual.occurrences = Math.max(0, watch.usual.occurrences - 1);
  let highest = 0;
  for (const [index, cusum] of watch.charts.entries()) {
    const shift = (settings.shiftsPerDay[index] ?? 1) / DAY;
    cusum.sum = Math.max(0, cusum.sum - Math.log(1 + shift / tried.usual) / settings.dispersion);
    highest = Math.max(highest, cusum.sum);
  }
  // One that was declared is kept until it is over: others of its accounts may yet get in.
  if (highest === 0 && spell.declaredAt === 0) watch.spell = undefined;
}
