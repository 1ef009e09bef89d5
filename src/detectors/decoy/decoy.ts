/**
 * Decoys: names that the institution has put where attackers find them (a web page, the address book) and that nobody has. Whoever tries one
 * reads from such a list and is an attacker: T1110. Everything else from that address counts with it.
 *
 * From where members sign in one decoy may be a member's slip, and is a remark; two within a day are none. What it cannot see, what could be
 * mistaken for it, and how much it remembers: about.md.
 */
import type { Detector } from "#/detectors/detector.ts";
import type { Observation } from "#/familiarity/familiarity.ts";
import type { Account, Origin, Pair } from "#/familiarity/records.ts";
import type { Units } from "#/platform/settings.ts";
import { type Duration, days } from "#/platform/units.ts";
import { normaliseAccount } from "#/signin/account.ts";
import { isMisspelling } from "#/signin/misspelling.ts";

export type Settings = {
  /** Accounts that nobody has, as somebody would type them: ["k.vance", "archive@example.org"]. One without a domain is meant in every domain. */
  readonly names: readonly string[];
  /** From where members sign in, somebody who tries two decoys within this time mistypes nothing. */
  readonly window: Duration;
  /** Addresses remembered for having tried a decoy; when full, further ones are not. */
  readonly originsMax: number;
};

export const defaults: Settings = { names: [], window: days(1), originsMax: 20_000 };

export const units: Units<Settings> = { names: "names", window: "duration", originsMax: "count" };

/** What an address did to decoys. */
export type Tried = {
  /** The first try, ms. */
  readonly at: number;
  readonly pair: Pair;
  /** The decoy tried last, and when. */
  last: Account;
  lastAt: number;
  /** When it was called an attacker, and why; undefined where it may be a slip. */
  sure: { readonly at: number; readonly why: string } | undefined;
  /** Decoys that it opened. */
  readonly opened: Pair[];
};

export type State = {
  /** With a domain, and without. */
  readonly names: ReadonlySet<string>;
  readonly locals: ReadonlySet<string>;
  readonly tried: Map<Origin, Tried>;
};

export const decoy: Detector<State, Settings> = {
  name: "decoy",
  defaults,
  start({ names }) {
    const all = names.map((name) => normaliseAccount(name));
    return { names: new Set(all), locals: new Set(all.filter((name) => !name.includes("@"))), tried: new Map() };
  },
  step(state, seen, settings, found) {
    if (state.names.size === 0) return;
    const { account, origin, at, pair, signIn } = seen;
    const before = state.tried.size === 0 ? undefined : state.tried.get(origin);
    if (!isDecoy(account.name, state)) {
      if (before !== undefined && signIn.outcome === "success") excuse(state, before, seen);
      return;
    }
    const tried = before ?? note(state, seen, settings);
    const isOpened = signIn.outcome === "success" && !tried.opened.includes(pair);
    if (isOpened) tried.opened.push(pair);
    const isSure = isOpened || !isMembersPlace(seen) || isSecond(tried, seen, settings);
    tried.last = account;
    tried.lastAt = at;
    if (before !== undefined && (tried.sure !== undefined || !isSure) && !isOpened) return;
    const why = explain(seen, isSure);
    if (isSure) {
      tried.sure ??= { at, why };
      origin.held ??= { at, why, last: at, pauses: [] };
    }
    found({ kind: "decoy", at, origin, account, why });
  },
};

function isDecoy(name: string, { names, locals }: State): boolean {
  if (names.has(name)) return true;
  if (locals.size === 0) return false;
  const end = name.lastIndexOf("@");
  return end > 0 && locals.has(name.slice(0, end));
}

/** Somebody signed in from this address, or from its network, as a matter of course. */
const isMembersPlace = ({ origin }: Observation): boolean => origin.successes > 0 || origin.place.accounts > 0;

const isSecond = (tried: Tried, { account, at }: Observation, { window }: Settings): boolean =>
  tried.last !== account && at - tried.lastAt <= window;

function note({ tried }: State, { origin, pair, account, at }: Observation, { originsMax }: Settings): Tried {
  const fresh: Tried = { at, pair, last: account, lastAt: at, sure: undefined, opened: [] };
  // An attempt of which the log does not say where from is told, and remembered of nowhere.
  if (tried.size < originsMax && origin.address !== "") tried.set(origin, fresh);
  return fresh;
}

/** Whose name the decoy looks like, and signs in there, has mistyped it: on a network that was new to everybody, too. */
function excuse({ tried }: State, slip: Tried, { origin, account }: Observation): void {
  if (slip.opened.length > 0 || slip.last !== slip.pair.account) return;
  if (!isMisspelling(localOf(slip.last.name), localOf(account.name))) return;
  if (origin.held !== undefined && origin.held.why === slip.sure?.why) origin.held = undefined;
  tried.delete(origin);
}

const localOf = (name: string): string => name.slice(0, name.includes("@") ? name.lastIndexOf("@") : undefined);

function explain({ origin, account, signIn }: Observation, isSure: boolean): string {
  const who = origin.address === "" ? "somebody" : origin.address;
  if (signIn.outcome === "success") return `${who} signed in to ${account.name}, a decoy: an account that nobody has`;
  const tried = `${who} tried ${account.name}, a decoy: an account that nobody has`;
  return isSure ? tried : `${tried}; members sign in from there, and one of them may have mistyped a name`;
}
