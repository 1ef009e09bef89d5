// The records that familiarity keeps: one for each account, origin, and pair of them. Detectors read them.
import type { Millis } from "#/platform/units.ts";

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

export type KnownNetwork = { network: string; area: string; first: Millis; last: Millis };

export type Account = {
  readonly name: string;
  networks: KnownNetwork[];
  /** Client software that it has signed in with, as it names itself; at most a few. */
  readonly clients: string[];
  successes: number;
  failures: number;
  last: number;
  lastSuccess: number;
  /** The source said that no such account exists. */
  saidUnknown: boolean;
  /** The source said something that it says of existing accounts only (wrong password, locked, expired). */
  saidKnown: boolean;
  /** One of its own devices kept failing, from a familiar origin or its surroundings, from here ... */
  retryFrom: number;
  /** ... to here; 0 for never. */
  retryTo: number;
};

/** What the wider area of an address (IPv4 /16, IPv6 /32) is to this site. */
export type Neighbourhood = {
  /** Pairs of account and address in it that signed in, and were trusted. */ opened: number;
};

export type Origin = {
  readonly address: string;
  readonly network: string;
  readonly area: string;
  readonly neighbourhood: Neighbourhood;
  readonly pairs: Map<Account, Pair>;
  successes: number;
  failures: number;
  /** Accounts that have signed in from here. */
  accountsOpened: number;
  /** Accounts that failed from here and never signed in from here. */
  accountsFailed: number;
  /** Attempts on accounts beyond the maximum for one origin: counted, not named. */
  accountsUnlisted: number;
  last: number;
  /** Log-odds that this is an attacker, kept by the one-source detector. */
  suspicion: number;
  /** Declared by the one-source detector: never dropped for want of room. */
  held: boolean;
};

export type Pair = {
  readonly account: Account;
  readonly origin: Origin;
  /** How familiar the origin was to the account at first contact. */
  readonly familiarAtFirst: Familiar;
  /** Sign-ins of several logs may come a little out of order: the earliest and the latest. */
  first: Millis;
  last: Millis;
  failures: number;
  successes: number;
  /** Successes from which familiarity was learned. */
  trusted: number;
  failuresSinceSuccess: number;
  /** 0 where there was none. */
  firstFailure: number;
  lastFailure: number;
  firstSuccess: number;
  lastSuccess: number;
  /** The source said "no such account". */
  unknown: boolean;
  /** Evidence that the one-source detector has put on the origin for this pair, to take back when it resolves. */
  evidence: number;
  /** Weight that the distributed detector has counted for this pair, to take back when it resolves. */
  weight: number;
  client: string;
  /** At its first success, the client was one with which the account had never signed in, though it had with others. */
  strangeClient: boolean;
  service: string;
};

export function createAccount(name: string): Account {
  return {
    name,
    networks: [],
    clients: [],
    successes: 0,
    failures: 0,
    last: 0,
    lastSuccess: 0,
    saidUnknown: false,
    saidKnown: false,
    retryFrom: 0,
    retryTo: 0,
  };
}

export function createOrigin(address: string, network: string, area: string, neighbourhood: Neighbourhood): Origin {
  return {
    address,
    network,
    area,
    neighbourhood,
    pairs: new Map(),
    successes: 0,
    failures: 0,
    accountsOpened: 0,
    accountsFailed: 0,
    accountsUnlisted: 0,
    last: 0,
    suspicion: 0,
    held: false,
  };
}

export function createPair(account: Account, origin: Origin, familiarAtFirst: Familiar, at: Millis): Pair {
  return {
    account,
    origin,
    familiarAtFirst,
    first: at,
    last: at,
    failures: 0,
    successes: 0,
    trusted: 0,
    failuresSinceSuccess: 0,
    firstFailure: 0,
    lastFailure: 0,
    firstSuccess: 0,
    lastSuccess: 0,
    unknown: false,
    evidence: 0,
    weight: 0,
    client: "",
    strangeClient: false,
    service: "",
  };
}

const DAY = 86_400_000;

/** Whether a device of the account's own was failing over and over about then, so that a stray failure is likely that device's too. */
export function wasRetrying(account: Account, at: number): boolean {
  return account.retryTo !== 0 && at > account.retryFrom - DAY && at < account.retryTo + DAY;
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
