/**
 * One source: an address that guesses. T1110.001 and T1110.003.
 *
 * It is the sequential test by which port scanners are found (Jung et al., "threshold random walk", 2004), on first
 * contacts: a member's first sign-in from a new address nearly always succeeds in the end, a guesser's nearly never. Each
 * account that an address first fails on adds log-odds, each that signs in takes them away, and a failure that the same person mends
 * is taken back. So a campus behind one address may fail a hundred times and still be a campus.
 *
 * What it cannot see: an attacker with one to three attempts per address (the distributed detector does), and one who hides
 * behind an address from which many members sign in. What could be mistaken for it: a shared gateway whose every user
 * fails for hours before any success, as at the start of a log that begins in an outage (conclude() takes those back).
 */
import type { Units } from "#/platform/settings.ts";
import type { Detector } from "#/detectors/detector.ts";
import type { Observation } from "#/familiarity/familiarity.ts";
import {
  Familiar,
  type Held,
  type Origin,
  type Pair,
  MACHINES_NAMES_MAX,
  exists,
  isNeighbourhood,
  wasRetrying,
} from "#/familiarity/records.ts";
import { isPrivate } from "#/signin/address.ts";
import { type Duration, type Millis, counted, days, inWords, seconds } from "#/platform/units.ts";

export type Settings = {
  /** Log-odds for the first failure on an account, from an address where it is a stranger: ln(0.98 / 0.10). */
  readonly firstFailure: number;
  /** The same where no such account is known: ln(0.5 / 0.02), since people rarely mistype their own name. */
  readonly firstFailureUnknown: number;
  /** Log-odds against, for an account that signs in: ln(0.02 / 0.90). */
  readonly success: number;
  /** For each further failure on the same account sooner than a person would type. */
  readonly repeatFast: number;
  /** For each further failure on the same account at leisure. */
  readonly repeatSlow: number;
  /** Sooner than this, on average since the first failure, is fast: two in 20 seconds is a hurried person, ten in a row is not. */
  readonly fastGap: Duration;
  /** A device with an old password retries for days: all that one account in use adds by slow repeats is at most this. */
  readonly repeatsMaxKnown: number;
  /** The same where other accounts sign in from the address, or the account from the wider area. */
  readonly repeatsMaxShared: number;
  /** Declared from these log-odds on. ln(100,000): one wrong in a hundred thousand strange addresses. */
  readonly declareAt: number;
  /** Good behaviour is not hoarded beyond this. */
  readonly floor: number;
};

export const defaults: Settings = {
  firstFailure: 2.3,
  firstFailureUnknown: 3.2,
  success: -3.8,
  repeatFast: 1.05,
  repeatSlow: 0.6,
  fastGap: seconds(20),
  repeatsMaxKnown: 5,
  repeatsMaxShared: 3,
  declareAt: 11.5,
  floor: -12,
};

export const units: Units<Settings> = {
  firstFailure: "log-odds",
  firstFailureUnknown: "log-odds",
  success: "log-odds",
  repeatFast: "log-odds",
  repeatSlow: "log-odds",
  fastGap: "duration",
  repeatsMaxKnown: "log-odds",
  repeatsMaxShared: "log-odds",
  declareAt: "log-odds",
  floor: "log-odds",
};

/** All it needs to remember stands on the origins and pairs themselves. */
export type State = { declared: number };

export const oneSource: Detector<State, Settings> = {
  name: "one-source",
  defaults,
  start: () => ({ declared: 0 }),
  step(state, seen, settings, found) {
    const { origin, pair, at } = seen;
    if (origin.address === "") return;
    if (origin.held !== undefined && seen.signIn.outcome === "failure") noteAttempt(origin.held, at);
    const gain = gainOf(seen, settings);
    if (gain === 0) return;
    const before = origin.suspicion;
    origin.suspicion = Math.max(settings.floor, before + gain);
    if (gain < 0 || before >= settings.declareAt) return;
    if (origin.suspicion >= settings.declareAt) {
      const why = explain(pair, seen);
      origin.held ??= { at, why, last: at, pauses: [] };
      state.declared += 1;
      found({ kind: "attacking-origin", at, origin, why });
    }
  },
};

/** Silent for longer than this, and then at it again, is worth telling. */
const PAUSE_MIN = days(1);
const PAUSES_MAX = 16;

function noteAttempt(held: Held, at: Millis): void {
  if (at - held.last > PAUSE_MIN && held.pauses.length < PAUSES_MAX) held.pauses.push({ from: held.last, to: at });
  if (at > held.last) held.last = at;
}

function gainOf(seen: Observation, settings: Settings): number {
  const { signIn, pair, origin } = seen;
  if (signIn.outcome === "success") return resolve(seen, settings);
  if (signIn.reason === "fault" || seen.familiar >= Familiar.network) return 0;
  // Refused before anybody looked at the password, perhaps by our own gate: where members sign in, it was as likely right.
  if (signIn.reason === "policy" && origin.accountsOpened > 0) return 0;
  const known = exists(pair.account);
  if (seen.firstContact || pair.failures === signIn.count) {
    const first = known || origin.accountsOpened > 0 ? settings.firstFailure : settings.firstFailureUnknown;
    const weak = weightOf(seen, known);
    const repeats = Math.min(signIn.count - 1, 10) * settings.repeatFast;
    pair.evidence = (signIn.reason === "expired" ? 0.5 : 1) * first * weak + repeats;
    return pair.evidence;
  }
  return repeat(seen, settings, known);
}

/** Less where the account's owner may well be behind it. */
function weightOf(seen: Observation, known: boolean): number {
  if (wasRetrying(seen.account, seen.at)) return 0.1;
  if (seen.familiar === Familiar.area) return 0.3;
  return known && isNeighbourhood(seen.origin) ? 0.6 : 1;
}

/** A further failure on the same account: a guesser's, or a device with an old password. */
function repeat(seen: Observation, settings: Settings, known: boolean): number {
  const { pair, signIn, origin } = seen;
  // The password is right: whoever goes on asks for the second factor, and guesses no more.
  if (signIn.reason === "second-factor") return 0;
  const fast = signIn.at - pair.firstFailure < settings.fastGap * (pair.failures - 1);
  if (!fast && wasRetrying(pair.account, signIn.at)) return 0;
  const weak = seen.familiar === Familiar.area || origin.accountsOpened > 1 || isNeighbourhood(origin) ? 0.3 : 1;
  let gain = (fast ? settings.repeatFast : settings.repeatSlow) * weak * Math.min(signIn.count, 10);
  // A machine of the institution's own that nobody told of the new password.
  if (!fast && origin.pairs.size <= MACHINES_NAMES_MAX && isPrivate(origin.address))
    gain = Math.min(gain, Math.max(0, settings.repeatsMaxShared - pair.evidence));
  // The owner is about, so this may well be the owner's: a retry at leisure, or any from the owner's own surroundings.
  if (known && (weak < 1 || (!fast && (pair.account.lastSuccess > 0 || signIn.service !== "ssh")))) {
    const most = weak < 1 ? settings.repeatsMaxShared : settings.repeatsMaxKnown;
    gain = Math.min(gain, Math.max(0, most - pair.evidence));
  }
  pair.evidence += gain;
  return gain;
}

/** A success: evidence of an honest address, unless it comes from one that has been failing on others. */
function resolve(seen: Observation, settings: Settings): number {
  const { pair, origin } = seen;
  const taken = pair.evidence;
  pair.evidence = 0;
  if (pair.successes > seen.signIn.count) return 0;
  if (origin.suspicion - taken >= settings.declareAt / 2) {
    pair.evidence = taken;
    return 0;
  }
  // A guesser who gets in after twenty tries on one account is no honest address; a person who needs four tries is.
  if (taken >= settings.declareAt - 2) {
    pair.evidence = taken;
    return 0;
  }
  return settings.success - taken;
}

function explain(pair: Pair, seen: Observation): string {
  const { origin } = seen;
  if (origin.accountsFailed > 1) {
    const opened = origin.accountsOpened > 0 ? `, and signed in to ${counted(origin.accountsOpened, "account")}` : "";
    const failures = counted(strangersFailures(origin), "time");
    return `${origin.address} failed ${failures} on ${counted(origin.accountsFailed, "account")} that it never signed in to${opened}`;
  }
  const name = pair.account.name === "" ? "an account that the log does not name" : `the account ${pair.name}`;
  return `${origin.address} failed ${counted(pair.failures, "time")} on ${name} within ${inWords(seen.at - pair.firstFailure)}`;
}

/** Failures on accounts that never signed in from there. */
function strangersFailures(origin: Origin): number {
  let failures = 0;
  for (const pair of origin.pairs.values()) if (pair.successes === 0) failures += pair.failures;
  return failures;
}
