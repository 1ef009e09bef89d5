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
import { type Duration, type Millis, counted, days, inWords } from "#/platform/units.ts";

export type Settings = {
  /** How long a network counts against an account. */
  readonly window: Duration;
  /** Areas from which an account may be failed on by strangers within the window before we speak up. */
  readonly areasMax: number;
  /** And this share of all strangers' failures in a day more: where there is much noise, popular names get much of it. */
  readonly shareOfNoise: number;
  /** Accounts followed at once; when full, the tenth idle longest goes. */
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

/** Declarations kept for one account: two months of daily ones. */
const DECLARED_PER_ACCOUNT_MAX = 64;

/** Failures from one area, and the latest. */
type Tries = { at: number; failures: number };

type Followed = {
  /** By area; some may have left the window, and are forgotten when it comes to counting. */
  readonly areas: Map<string, Tries>;
  /** The latest failure. */
  last: number;
  declaredAt: number;
  /** When those that had left the window were last forgotten. */
  forgottenAt: number;
};

/** When an account was declared, and why. */
export type Declared = { readonly at: Millis; readonly why: string };

export type State = {
  readonly followed: Map<Account, Followed>;
  /** Accounts that were declared, each time; at most as many as are followed, and the first ones stay. */
  readonly declared: Map<Account, Declared[]>;
  /** Strangers' failures, on whatever account, fading over a day. */
  noise: number;
  noiseAt: number;
};

export const oneAccount: Detector<State, Settings> = {
  name: "one-account",
  defaults,
  start: () => ({ followed: new Map(), declared: new Map(), noise: 0, noiseAt: 0 }),
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
    const followed = follow(state, account, settings);
    note(followed, origin.area, at, signIn.count, settings);
    const { areas, declaredAt } = followed;
    if (declaredAt !== 0 && at - declaredAt <= settings.window) return;
    const most = settings.areasMax + settings.shareOfNoise * state.noise;
    if (areas.size <= most) return;
    forget(followed, at, settings);
    if (areas.size <= most) return;
    followed.declaredAt = at;
    let failures = 0;
    let since: number = at;
    for (const tries of areas.values()) {
      failures += tries.failures;
      since = Math.min(since, tries.at);
    }
    const why = `${account.name} was tried ${counted(failures, "time")} from ${areas.size} unrelated networks within ${inWords(at - since)}`;
    keep(state, account, { at, why }, settings);
    found({ kind: "attacked-account", at, account, why });
  },
};

function follow(state: State, account: Account, settings: Settings): Followed {
  const found = state.followed.get(account);
  if (found !== undefined) return found;
  if (state.followed.size >= settings.followedMax) dropIdle(state);
  const fresh = { areas: new Map<string, Tries>(), last: 0, declaredAt: 0, forgottenAt: 0 };
  state.followed.set(account, fresh);
  return fresh;
}

/** Counts a failure. */
function note(followed: Followed, area: string, at: number, count: number, settings: Settings): void {
  const { areas } = followed;
  followed.last = Math.max(followed.last, at);
  const tries = areas.get(area);
  if (tries !== undefined) {
    tries.failures = (at - tries.at > settings.window ? 0 : tries.failures) + count;
    tries.at = at;
    return;
  }
  // Of an account that is tried from thousands of areas, looking for old ones at every failure would take long.
  const isFull = areas.size >= AREAS_KEPT_MAX;
  if (isFull && at - followed.forgottenAt > settings.window / 24) forget(followed, at, settings);
  if (areas.size < AREAS_KEPT_MAX) areas.set(area, { at, failures: count });
}

/** Forgets the areas that have left the window. */
function forget(followed: Followed, at: number, settings: Settings): void {
  followed.forgottenAt = at;
  for (const [area, tries] of followed.areas) if (at - tries.at > settings.window) followed.areas.delete(area);
}

function keep(state: State, account: Account, declared: Declared, settings: Settings): void {
  const before = state.declared.get(account);
  if (before === undefined && state.declared.size < settings.followedMax) state.declared.set(account, [declared]);
  else if (before !== undefined && before.length < DECLARED_PER_ACCOUNT_MAX) before.push(declared);
}

/** The tenth that has been idle longest goes. */
function dropIdle({ followed }: State): void {
  const lasts = Float64Array.from(followed.values(), ({ last }) => last).sort();
  const cutoff = lasts[Math.ceil(lasts.length / 10) - 1] ?? 0;
  for (const [account, { last }] of followed) if (last <= cutoff) followed.delete(account);
}
