// The records that familiarity keeps: one for each account, origin, and pair of them. Detectors read them.
import { type Millis, millis, seconds } from "#/platform/units.ts";
import type { Place } from "./places.ts";

/** How familiar an origin is to an account, least to most. */
export const Familiar = {
  /** Never a success from anywhere near. */
  no: 0,
  /** A success from the wider area (IPv4 /16, IPv6 /32): a broadband line that changed its address, perhaps. */
  area: 1,
  /** A success from the same network (IPv4 /24, IPv6 /48). */
  network: 2,
  /** A success from this very address. */
  address: 3,
} as const;
export type Familiar = (typeof Familiar)[keyof typeof Familiar];

const SECOND = 1_000;
const THOUSAND = 1_000;
/** Of accounts that never signed in, which are most; and of addresses with one account. */
export const noClients: readonly string[] = [];
export const noPairs: readonly Pair[] = [];

/** Times of accounts, origins and pairs are kept no finer than this. */
export const PRECISION = seconds(1);

/** Whole seconds of a time in ms. */
const toSeconds = (at: number): number => Math.floor(at / SECOND);

/** @param at ms */
export const wholeSeconds = (at: Millis): Millis => millis(toSeconds(at) * SECOND);

const toThousandths = (value: number): number => Math.round(value * THOUSAND);

export const NETWORKS_PER_ACCOUNT_MAX = 12;
export const CLIENTS_PER_ACCOUNT_MAX = 8;

/** `last` never goes back: what is told late, or by a clock that is behind, makes nothing less familiar. */
export type KnownNetwork = { network: string; area: string; first: Millis; last: Millis };

/**
 * An account, real or invented. There may be a million of these, and of the pairs: their times are kept in whole seconds
 * and their weights in thousandths, for V8 gives every other number a box of its own.
 */
export class Account {
  /** As the log writes it; of two spellings, the one with the domain. */
  name: string;
  /** The account that this one turned out to be, written otherwise; its pairs keep pointing here. */
  sameAs: Account | undefined;
  networks: KnownNetwork[] = [];
  /** Client software that it has signed in with, as it names itself; at most a few. */
  clients: readonly string[] = noClients;
  successes = 0;
  failures = 0;
  /** The source said that no such account exists. */
  saidUnknown = false;
  /** The source said something that it says of existing accounts only (wrong password, locked, expired). */
  saidKnown = false;
  private lastSeconds = 0;
  private lastSuccessSeconds = 0;
  private retryFromSeconds = 0;
  private retryToSeconds = 0;

  constructor(name: string) {
    this.name = name;
  }

  get last(): number {
    return this.lastSeconds * SECOND;
  }

  set last(at: number) {
    this.lastSeconds = toSeconds(at);
  }

  get lastSuccess(): number {
    return this.lastSuccessSeconds * SECOND;
  }

  set lastSuccess(at: number) {
    this.lastSuccessSeconds = toSeconds(at);
  }

  /** One of its own devices kept failing, from a familiar origin or its surroundings, from here ... */
  get retryFrom(): number {
    return this.retryFromSeconds * SECOND;
  }

  set retryFrom(at: number) {
    this.retryFromSeconds = toSeconds(at);
  }

  /** ... to here; 0 for never. */
  get retryTo(): number {
    return this.retryToSeconds * SECOND;
  }

  set retryTo(at: number) {
    this.retryToSeconds = toSeconds(at);
  }
}

/** What the wider area of an address (IPv4 /16, IPv6 /32) is to this site. */
export type Neighbourhood = {
  /** Pairs of account and address in it that signed in, and were trusted. */ opened: number;
};

/** When an origin was declared, and why; and what it did since: its last failure, and when it paused. */
export type Held = { readonly at: Millis; readonly why: string; last: Millis; readonly pauses: Pause[] };

/** A stretch in which an attacker was silent, between two in which it was not. */
export type Pause = { readonly from: Millis; readonly to: Millis };

/** One account from one address. */
export class Pair {
  readonly account: Account;
  /** The account as it was written here. */
  readonly name: string;
  readonly origin: Origin;
  /** How familiar the origin was to the account at first contact. */
  readonly familiarAtFirst: Familiar;
  failures = 0;
  successes = 0;
  /** Successes from which familiarity was learned. */
  trusted = 0;
  failuresSinceSuccess = 0;
  /** Failures lately, in the half minutes that each is worth, less those since, in seconds: few people or devices are so quick. */
  burst = 0;
  /** It failed at the second factor, which is asked for once the password was right. */
  knewPassword = false;
  /** At its first success, the client was one with which the account had never signed in, though it had with others. */
  strangeClient = false;
  client = "";
  service = "";
  private firstSeconds: number;
  private lastSeconds: number;
  private firstFailureSeconds = 0;
  private lastFailureSeconds = 0;
  private firstSuccessSeconds = 0;
  private lastSuccessSeconds = 0;
  private evidenceThousandths = 0;
  private weightThousandths = 0;

  constructor(account: Account, name: string, origin: Origin, familiarAtFirst: Familiar, at: Millis) {
    this.account = account;
    this.name = name;
    this.origin = origin;
    this.familiarAtFirst = familiarAtFirst;
    this.firstSeconds = toSeconds(at);
    this.lastSeconds = this.firstSeconds;
  }

  /** Sign-ins of several logs may come a little out of order: the earliest ... */
  get first(): number {
    return this.firstSeconds * SECOND;
  }

  set first(at: number) {
    this.firstSeconds = toSeconds(at);
  }

  /** ... and the latest. */
  get last(): number {
    return this.lastSeconds * SECOND;
  }

  set last(at: number) {
    this.lastSeconds = toSeconds(at);
  }

  /** 0 where there was none; so with the others. */
  get firstFailure(): number {
    return this.firstFailureSeconds * SECOND;
  }

  set firstFailure(at: number) {
    this.firstFailureSeconds = toSeconds(at);
  }

  get lastFailure(): number {
    return this.lastFailureSeconds * SECOND;
  }

  set lastFailure(at: number) {
    this.lastFailureSeconds = toSeconds(at);
  }

  get firstSuccess(): number {
    return this.firstSuccessSeconds * SECOND;
  }

  set firstSuccess(at: number) {
    this.firstSuccessSeconds = toSeconds(at);
  }

  get lastSuccess(): number {
    return this.lastSuccessSeconds * SECOND;
  }

  set lastSuccess(at: number) {
    this.lastSuccessSeconds = toSeconds(at);
  }

  /** Evidence that the one-source detector has put on the origin for this pair, to take back when it resolves. */
  get evidence(): number {
    return this.evidenceThousandths / THOUSAND;
  }

  set evidence(value: number) {
    this.evidenceThousandths = toThousandths(value);
  }

  /** What the distributed detector has counted for it, to take back when it resolves: above zero as a name that exists, below as one that does not. */
  get weight(): number {
    return this.weightThousandths / THOUSAND;
  }

  set weight(value: number) {
    this.weightThousandths = toThousandths(value);
  }
}

/** The pairs of one address. Most have one or a few, for which a list is enough; an index costs more than all that it points to. */
export class Pairs {
  /** Nearly all addresses have only this one. */
  private first: Pair | undefined;
  private others: readonly Pair[] = noPairs;
  private index: Map<Account, Pair> | undefined;

  get size(): number {
    if (this.index !== undefined) return this.index.size;
    return this.first === undefined ? 0 : 1 + this.others.length;
  }

  get(account: Account): Pair | undefined {
    if (this.index !== undefined) return this.index.get(account);
    if (this.first?.account === account) return this.first;
    for (const pair of this.others) if (pair.account === account) return pair;
    return undefined;
  }

  /** The pair of an account that has none yet. */
  add(pair: Pair): void {
    if (this.index !== undefined) {
      this.index.set(pair.account, pair);
    } else if (this.first === undefined) {
      this.first = pair;
    } else if (this.others.length < LISTED_MAX - 1) {
      // A list grown by pushing has room for sixteen more, of which nearly all would stay empty.
      this.others = [...this.others, pair];
    } else {
      this.index = new Map([this.first, ...this.others, pair].map((each) => [each.account, each]));
      this.first = undefined;
      this.others = noPairs;
    }
  }

  delete(pair: Pair): void {
    if (this.index !== undefined) {
      this.index.delete(pair.account);
    } else if (this.first === pair) {
      [this.first, ...this.others] = this.others;
    } else {
      this.others = this.others.filter((other) => other !== pair);
    }
  }

  values(): IterableIterator<Pair> {
    if (this.index !== undefined) return this.index.values();
    return (this.first === undefined ? noPairs : [this.first, ...this.others]).values();
  }
}

const LISTED_MAX = 8;

/** One address, as it behaves here. */
export class Origin {
  readonly address: string;
  readonly network: string;
  readonly area: string;
  readonly neighbourhood: Neighbourhood;
  readonly place: Place;
  readonly pairs = new Pairs();
  successes = 0;
  failures = 0;
  /** Accounts that have signed in from here. */
  accountsOpened = 0;
  /** Accounts that failed from here and never signed in from here. */
  accountsFailed = 0;
  /** Pairs of which nothing more is to be told, and that are not back since. */
  pairsForgotten = 0;
  /** Attempts on names beyond the maximum for one origin: counted, not named. */
  attemptsUnlisted = 0;
  /** Declared by the one-source detector: dropped last for want of room. */
  held: Held | undefined = undefined;
  private lastUnlistedSeconds = 0;
  private lastSeconds = 0;
  private suspicionThousandths = 0;

  constructor(address: string, area: string, neighbourhood: Neighbourhood, place: Place) {
    this.address = address;
    this.network = place.network;
    this.area = area;
    this.neighbourhood = neighbourhood;
    this.place = place;
  }

  /** The latest of the attempts that were not named. */
  get lastUnlisted(): number {
    return this.lastUnlistedSeconds * SECOND;
  }

  set lastUnlisted(at: number) {
    this.lastUnlistedSeconds = toSeconds(at);
  }

  get last(): number {
    return this.lastSeconds * SECOND;
  }

  set last(at: number) {
    this.lastSeconds = toSeconds(at);
  }

  /** Log-odds that this is an attacker, kept by the one-source detector. */
  get suspicion(): number {
    return this.suspicionThousandths / THOUSAND;
  }

  set suspicion(value: number) {
    this.suspicionThousandths = toThousandths(value);
  }
}

/** A machine, such as a probe or a scanner, signs in as one, or as two; behind an address with more names there are people. */
export const MACHINES_NAMES_MAX = 2;

const DAY = 86_400_000;

/** How long a failure counts for the burst, in seconds: nobody types faster for long, and devices retry every few minutes. */
const BURST_DRAIN = 30;
/** Enough to be told, and forgotten within hours, in seconds. */
const BURST_MAX = 10_000;

export function noteBurst(pair: Pair, at: number, count: number): void {
  const since = Math.max(0, toSeconds(at) - toSeconds(pair.lastFailure));
  pair.burst = Math.min(BURST_MAX, Math.max(0, pair.burst - since) + BURST_DRAIN * count);
}

/** Failures of this pair lately, less one for each half minute. */
export const burstOf = (pair: Pair): number => pair.burst / BURST_DRAIN;

/**
 * When the burst began, and its failures. Where nearly all that failed since the last success is of it, what has drained of them tells
 * how long ago that was; older failures would say the same of another time, and then only what is left counts.
 */
export function beginOfBurst(pair: Pair, at: number): { from: number; failures: number } {
  const left = burstOf(pair);
  const drained = pair.failuresSinceSuccess - left;
  if (drained > left / 2) return { from: at, failures: Math.round(left) };
  return {
    from: Math.max(pair.firstFailure, at - drained * BURST_DRAIN * SECOND),
    failures: pair.failuresSinceSuccess,
  };
}

/** Whether a device of the account's own was failing over and over about then, so that a stray failure is likely that device's too. */
export function wasRetrying(account: Account, at: number): boolean {
  return account.retryTo !== 0 && at >= account.retryFrom && at < account.retryTo + DAY;
}

/** Whether the account is known to exist: it signed in, or the source said so. */
export const exists = (account: Account): boolean =>
  account.successes > 0 || (account.saidKnown && !account.saidUnknown);

/** Slower than this on average is a device's retry, not a guesser in a hurry. */
const RETRY_GAP = 30_000;

/**
 * Looks like a device, or an owner, with an old or forgotten password: the same account again and again from one
 * address, at leisure, while the account is in use elsewhere.
 */
export function isOldPassword(pair: Pair): boolean {
  if (pair.failures < 3 || pair.account.successes === 0) return false;
  return pair.lastFailure - pair.firstFailure > (pair.failures - 1) * RETRY_GAP || pair.failures < 10;
}

/** Members sign in from this neighbourhood as a matter of course: their telephone company's, perhaps. */
const NEIGHBOURS_MIN = 5;

export const isNeighbourhood = (origin: Origin): boolean => origin.neighbourhood.opened >= NEIGHBOURS_MIN;
