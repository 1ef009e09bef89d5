// A spell: a stretch of time in which accounts began to fail from one shared network, and what tells its owner's failures from a guess.
import type { Observation } from "#/familiarity/familiarity.ts";
import { type Place, levelOf } from "#/familiarity/places.ts";
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
  to: number;
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
  /** The network's successes before it, and up to its last failure. */
  readonly successesBefore: number;
  successes: number;
  /** The successes usual there by hour of the day, as they were when it was declared. */
  byHour: Float32Array | undefined;
  /** How busy the hours before were, beside the usual. */
  readonly level: number;
};

export const newSpell = (place: Place, at: number, kind: Spell["kind"]): Spell => ({
  place,
  from: at,
  to: at,
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

/** Counts a failure to a spell. Whether its account is new to it. */
export function include(spell: Spell, seen: Observation, usual: number, settings: SpellSettings): boolean {
  const { signIn, account, origin, at } = seen;
  spell.to = Math.max(spell.to, at);
  spell.failures += signIn.count;
  spell.successes = origin.place.successes;
  spell.services.set(signIn.service, (spell.services.get(signIn.service) ?? 0) + signIn.count);
  const tried = spell.tried.get(account);
  if (tried !== undefined) {
    if (at - tried.last < settings.retryWithin) tried.isOwners = true;
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
