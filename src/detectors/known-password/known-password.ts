/**
 * A password that a stranger knows: the second factor was refused, which no service asks for before the password was right. And one
 * account asked for it over and over within an hour, until somebody says yes. T1621.
 *
 * From where the account signs in, a refused second factor is its owner's slip; elsewhere it may be its owner on a journey, who gets in a
 * minute later, and is taken back. What is left is told by incidents/, which knows what else came from there. What it cannot see: services
 * that do not log the second factor. What could be mistaken for it: somebody on a journey who has lost the telephone.
 */
import type { Detector } from "#/detectors/detector.ts";
import type { Observation } from "#/familiarity/familiarity.ts";
import { type Account, Familiar, type Pair } from "#/familiarity/records.ts";
import type { Units } from "#/platform/settings.ts";
import { type Duration, counted, hours, inWords } from "#/platform/units.ts";

export type Settings = {
  /** Refusals of one account, from where it is a stranger, within the window, at which to speak up. Nobody slips so often. */
  readonly refusals: number;
  /** In this time. */
  readonly window: Duration;
  /** Pairs of account and address kept; when full, the oldest tenth goes. */
  readonly pairsMax: number;
};

export const defaults: Settings = { refusals: 10, window: hours(1), pairsMax: 50_000 };

export const units: Units<Settings> = { refusals: "count", window: "duration", pairsMax: "count" };

/** A stranger to whom the second factor was refused. */
export type Refused = { readonly pair: Pair; first: number; last: number; count: number };

/** The latest refusals of one account, from anywhere strange, in time; and when it was told. */
type Asked = { readonly times: number[]; toldAt: number };

export type State = { readonly refused: Map<Pair, Refused>; readonly asked: Map<Account, Asked> };

export const knownPassword: Detector<State, Settings> = {
  name: "known-password",
  defaults,
  start: () => ({ refused: new Map(), asked: new Map() }),
  step(state, seen, settings, found) {
    const { signIn, pair, account, at } = seen;
    if (signIn.outcome === "success") {
      if (seen.failuresBefore > 0) resolve(state, seen);
      return;
    }
    if (signIn.reason !== "second-factor" || seen.familiar >= Familiar.network) return;
    // Some servers log it without the name: nobody can be told to change anything.
    if (pair.origin.address === "" || account.name === "" || pair.successes > 0) return;
    note(state, seen, settings);
    const asked = askedOf(state, account, settings);
    const { times } = asked;
    for (let count = Math.min(signIn.count, settings.refusals); count > 0; count -= 1) times.push(at);
    times.splice(0, times.length - settings.refusals);
    const since = times[0] ?? at;
    if (times.length < settings.refusals || at - since > settings.window) return;
    if (asked.toldAt !== 0 && at - asked.toldAt < settings.window) return;
    asked.toldAt = at;
    const why = `the second factor of ${account.name} was refused ${counted(times.length, "time")} within ${inWords(at - since)}, to a stranger who knows the password`;
    found({ kind: "second-factor-fatigue", at, account, why });
  },
};

function note(state: State, { pair, at, signIn }: Observation, settings: Settings): void {
  const refused = state.refused.get(pair);
  if (refused === undefined) {
    if (state.refused.size >= settings.pairsMax) dropOldest(state.refused, settings);
    state.refused.set(pair, { pair, first: at, last: at, count: signIn.count });
    return;
  }
  // Several logs may come a little out of order.
  refused.first = Math.min(refused.first, at);
  refused.last = Math.max(refused.last, at);
  refused.count += signIn.count;
}

function askedOf(state: State, account: Account, settings: Settings): Asked {
  const found = state.asked.get(account);
  if (found !== undefined) return found;
  if (state.asked.size >= settings.pairsMax) dropOldest(state.asked, settings);
  const fresh: Asked = { times: [], toldAt: 0 };
  state.asked.set(account, fresh);
  return fresh;
}

/** Whoever gets in was the owner, on a journey: unless the account had been asked until it gave in. */
function resolve(state: State, { pair, account }: Observation): void {
  if ((state.asked.get(account)?.toldAt ?? 0) !== 0) return;
  if (state.refused.delete(pair)) state.asked.delete(account);
}

/** A map's order is that in which they came. */
function dropOldest(map: Map<object, unknown>, settings: Settings): void {
  let left = Math.ceil(settings.pairsMax / 10);
  for (const key of map.keys()) {
    if (left === 0) return;
    map.delete(key);
    left -= 1;
  }
}
