/**
 * What is remembered of passwords, by their fingerprints: who tried each, as a stranger, and how usual it is. Two generations are kept: one
 * that nobody tries for a window is forgotten, and when the younger generation is full the older goes. It does not know what is too often.
 */
import type { Account, Pair } from "#/familiarity/records.ts";
import type { Settings } from "./settings.ts";

/** A password that too many accounts were tried with, from the try that showed it until nobody has tried it for a window. */
export type Hot = {
  readonly at: number;
  readonly why: string;
  /** Strangers who tried it, and when first. */
  readonly tries: ReadonlyMap<Pair, number>;
  /** Strangers who got in with it, and when first. */
  readonly opened: ReadonlyMap<Pair, number>;
  last: number;
};

/** One password. */
export type Tried = {
  tries: Map<Pair, number>;
  opened: Map<Pair, number>;
  /** Accounts on which it failed from where they sign in: their own people's mistake. */
  readonly owners: Account[];
  /** Strangers' tries that the window has left behind, fading: how popular it was before. */
  triesBefore: number;
  /** How many strangers' tries on invented names had been seen when it came up: lately, and ever. */
  readonly seenLately: number;
  readonly seenEver: number;
  /** The generation up to which the tries before have faded. */
  generation: number;
  hot: Hot | undefined;
};

/** A number in the present generation, and what is left of those before. */
export type Total = { now: number; old: number };

export type Fingerprints = {
  young: Map<string, Tried>;
  old: Map<string, Tried>;
  generation: number;
  /** When the present generation began. */
  since: number;
  /** Tries kept, of all passwords, hot ones too. */
  kept: number;
  /** Accounts that exist on which strangers failed from an address, with whatever passwords, and never got in. */
  readonly existing: Total;
  /** Strangers' tries on other names, each name, address and password once. */
  readonly invented: Total;
  /** As many of these as there ever were. */
  inventedEver: number;
  /** Members' mistakes where they are at home. */
  readonly mistakes: Total;
};

/** More owners than this say no more. */
const OWNERS_MAX = 1_000;

export const createFingerprints = (): Fingerprints => ({
  young: new Map(),
  old: new Map(),
  generation: 0,
  since: 0,
  kept: 0,
  existing: { now: 0, old: 0 },
  invented: { now: 0, old: 0 },
  inventedEver: 0,
  mistakes: { now: 0, old: 0 },
});

/** A generation has its time, and then gives way. */
export function pass(all: Fingerprints, at: number, settings: Settings): void {
  if (all.since === 0) all.since = at;
  if (at - all.since <= settings.window) return;
  all.since = at;
  all.generation += 1;
  for (const total of [all.existing, all.invented, all.mistakes]) {
    total.old = (total.old + total.now) / 2;
    total.now = 0;
  }
  age(all);
}

function age(all: Fingerprints): void {
  for (const tried of all.old.values()) if (tried.hot === undefined) all.kept -= tried.tries.size + tried.opened.size;
  all.old = all.young;
  all.young = new Map();
}

/** The password's record, brought up to date; undefined where nothing is known of it. */
export function find(all: Fingerprints, fingerprint: string): Tried | undefined {
  const young = all.young.get(fingerprint);
  if (young !== undefined) return young;
  const tried = all.old.get(fingerprint);
  if (tried === undefined) return undefined;
  all.old.delete(fingerprint);
  tried.triesBefore /= 2 ** (all.generation - tried.generation);
  tried.generation = all.generation;
  all.young.set(fingerprint, tried);
  return tried;
}

export function findOrCreate(all: Fingerprints, fingerprint: string, settings: Settings): Tried {
  const found = find(all, fingerprint);
  if (found !== undefined) return found;
  if (all.young.size >= settings.fingerprintsMax) age(all);
  const fresh: Tried = {
    tries: new Map(),
    opened: new Map(),
    owners: [],
    triesBefore: 0,
    seenLately: inAll(all.invented),
    seenEver: all.inventedEver,
    generation: all.generation,
    hot: undefined,
  };
  all.young.set(fingerprint, fresh);
  return fresh;
}

export function noteOwner({ owners }: Tried, account: Account): void {
  if (owners.length < OWNERS_MAX && !owners.includes(account)) owners.push(account);
}

/** How many there usually are in a window; while the first generation grows, as many as there have been. */
export const inWindow = ({ now, old }: Total): number => Math.max(now, old);

export const inAll = ({ now, old }: Total): number => now + old;
