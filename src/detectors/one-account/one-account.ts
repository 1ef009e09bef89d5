/**
 * One account, guessed from many addresses. T1110.001.
 *
 * It counts the wider areas (IPv4 /16, IPv6 /32) from which strangers failed on one existing account within a day, since a phone with
 * an old password changes its address too, but stays with its operator. Speaks up once per account and day.
 *
 * What it cannot see: a guess a day. What could be mistaken for it: a traveller's device with an old password.
 */
import type { Units } from "#/platform/settings.ts";
import type { Detector } from "#/detectors/detector.ts";
import { type Account, Familiar, exists } from "#/familiarity/records.ts";
import { type Duration, counted, days, inWords } from "#/platform/units.ts";

export type Settings = {
  /** How long a network counts against an account. */
  readonly window: Duration;
  /** Areas from which an account may be failed on by strangers within the window before we speak up. */
  readonly areasMax: number;
  /** And this share of all strangers' failures in a day more: where there is much noise, popular names get much of it. */
  readonly shareOfNoise: number;
  /** Accounts followed at once; when full, the tenth whose windows began first goes. */
  readonly followedMax: number;
};

/** A phone on the move crosses a handful of /16s a day; guesses through proxies come from as many as there are guesses. */
export const defaults: Settings = { window: days(1), areasMax: 10, shareOfNoise: 0.05, followedMax: 50_000 };

export const units: Units<Settings> = {
  window: "duration",
  areasMax: "count",
  shareOfNoise: "share",
  followedMax: "count",
};

/** Areas kept for one account: what is beyond them adds nothing to what has been said. */
const AREAS_KEPT_MAX = 1_000;

type Followed = { since: number; readonly areas: Set<string>; failures: number; declared: boolean };

export type State = {
  readonly followed: Map<Account, Followed>;
  /** Strangers' failures, on whatever account, fading over a day. */
  noise: number;
  noiseAt: number;
};

export const oneAccount: Detector<State, Settings> = {
  name: "one-account",
  defaults,
  start: () => ({ followed: new Map(), noise: 0, noiseAt: 0 }),
  step(state, seen, settings, found) {
    const { signIn, account, origin, at } = seen;
    if (signIn.outcome === "success" || seen.familiar !== Familiar.no || signIn.reason === "fault") return;
    if (origin.accountsOpened > 0 || origin.address === "") return;
    if (at > state.noiseAt) {
      state.noise *= Math.exp(-(at - state.noiseAt) / settings.window);
      state.noiseAt = at;
    }
    if (seen.firstContact) state.noise += 1;
    if (!exists(account)) return;
    let followed = state.followed.get(account);
    if (followed === undefined || at - followed.since > settings.window) {
      state.followed.delete(account);
      if (state.followed.size >= settings.followedMax) dropOldest(state, settings);
      followed = { since: at, areas: new Set(), failures: 0, declared: false };
      state.followed.set(account, followed);
    }
    followed.failures += signIn.count;
    if (followed.areas.size < AREAS_KEPT_MAX) followed.areas.add(origin.area);
    if (followed.declared || followed.areas.size <= settings.areasMax + settings.shareOfNoise * state.noise) return;
    followed.declared = true;
    const why = `${account.name} was tried ${counted(followed.failures, "time")} from ${followed.areas.size} unrelated networks within ${inWords(at - followed.since)}`;
    found({ kind: "attacked-account", at, account, why });
  },
};

/** The order of the map is that in which the windows began, so the first tenth is the oldest. */
function dropOldest(state: State, settings: Settings): void {
  let left = Math.ceil(settings.followedMax / 10);
  for (const account of state.followed.keys()) {
    if (left === 0) return;
    state.followed.delete(account);
    left -= 1;
  }
}
