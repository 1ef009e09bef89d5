// A spell: a stretch of time in which accounts began to fail from one shared network, and what tells its owner's failures from a guess.
import type { Observation } from "#/familiarity/familiarity.ts";
import { type Place, levelOf } from "#/familiarity/places.ts";
import { type Fading, createFading, fade } from "#/detectors/toolbox/fading.ts";
import type { Account, Origin } from "#/familiarity/records.ts";
import type { Duration } from "#/platform/units.ts";

/** What a spell needs of the detector's settings. */
type SpellSettings = { readonly retryWithin: Duration; readonly accountsMax: number };

/** An account that failed in a spell. */
export type Tried = {
  readonly account: Account;
  readonly origin: Origin;
  readonly first: number;
  last: number;
  failures: number;
  /** It tried again at once, or got in soon after: its owner, or its owner's device. */
  isOwners: boolean;
  /** It got in soon after. */
  isMended: boolean;
  /** What it added to each chart, in rates: to take back. */
  readonly usual: number;
};

/** A stretch of time in which accounts began to fail from one shared network. */
export type Spell = {
  readonly place: Place;
  readonly from: number;
  /** Its end: the last failure that still added to the evidence, or was one of many by the accounts that had. */
  to: number;
  /** The last failure, which may be a member's stray slip. */
  last: number;
  /** The slowest chart that keeps it up, and the highest that such charts have been at in it, log-odds. */
  keptFrom: number;
  highest: number;
  /** Failures of accounts that had failed in it before, fading; and the most that these were. One account's in a row are one. */
  readonly repeats: Fading;
  repeatsMost: number;
  repeater: Account | undefined;
  /** When it was declared; 0 while it is not. */
  declaredAt: number;
  /** One account in a hurry, rather than many. */
  readonly kind: "many" | "one";
  readonly tried: Map<Account, Tried>;
  failures: number;
  /** Failures up to the declaration. */
  failuresBefore: number;
  /** Accounts beyond the maximum. */
  unlisted: number;
  /** Failures by service. */
  readonly services: Map<string, number>;
  /** The network's successes before it, and up to its end. */
  readonly successesBefore: number;
  successes: number;
  /** The successes usual there by hour of the week, as they were when it was declared. */
  byHour: Float32Array | undefined;
  /** How busy the hours before were, beside the usual. */
  readonly level: number;
};

export const newSpell = (place: Place, at: number, kind: Spell["kind"]): Spell => ({
  place,
  from: at,
  to: at,
  last: at,
  keptFrom: 0,
  highest: 0,
  repeats: createFading(at),
  repeatsMost: 0,
  repeater: undefined,
  declaredAt: 0,
  kind,
  tried: new Map(),
  failures: 0,
  failuresBefore: 0,
  unlisted: 0,
  services: new Map(),
  successesBefore: place.successes,
  successes: place.successes,
  byHour: undefined,
  level: levelOf(place),
});

/** The accounts that began to fail before its end: who did later has nothing to do with it. */
export const triedIn = (spell: Spell): Tried[] => [...spell.tried.values()].filter(({ first }) => first <= spell.to);

/** It goes on up to here. */
export function extend(spell: Spell, at: number): void {
  if (at < spell.to) return;
  spell.to = at;
  spell.successes = spell.place.successes;
}

/** Repeats that are this much rarer than they were, or than accounts began to fail, are a device or two, or stray slips. */
const REPEATS_LEFT_SHARE = 0.25;

/** A list gone through again, or many who try again, are still of it; a device that goes on by itself is not. */
function noteRepeat(spell: Spell, account: Account, at: number, { retryWithin }: SpellSettings): void {
  const { repeats } = spell;
  fade(repeats, at, retryWithin);
  if (spell.repeater !== account) repeats.sum += 1;
  spell.repeater = account;
  spell.repeatsMost = Math.max(spell.repeatsMost, repeats.sum);
  const pace = (spell.tried.size * retryWithin) / Math.max(retryWithin, spell.to - spell.from);
  if (repeats.sum < Math.max(spell.repeatsMost, pace) * REPEATS_LEFT_SHARE) return;
  extend(spell, at);
}

/** Counts a failure to a spell. Whether its account is new to it. */
export function include(spell: Spell, seen: Observation, usual: number, settings: SpellSettings): boolean {
  const { signIn, account, origin, at } = seen;
  spell.last = Math.max(spell.last, at);
  if (spell.declaredAt === 0 || spell.kind === "one") extend(spell, at);
  spell.failures += signIn.count;
  spell.services.set(signIn.service, (spell.services.get(signIn.service) ?? 0) + signIn.count);
  const tried = spell.tried.get(account);
  if (tried !== undefined) {
    if (at - tried.last < settings.retryWithin) tried.isOwners = true;
    if (tried.first <= spell.to) noteRepeat(spell, account, at, settings);
    tried.last = at;
    tried.failures += signIn.count;
    return false;
  }
  if (spell.tried.size >= settings.accountsMax) {
    spell.unlisted += 1;
    return true;
  }
  const { count: failures } = signIn;
  spell.tried.set(account, {
    account,
    origin,
    first: at,
    last: at,
    failures,
    isOwners: false,
    isMended: false,
    usual,
  });
  return true;
}
