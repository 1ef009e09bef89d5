/**
 * What is usual for each account: from which networks and with which clients it signs in. Learns from successes only, since anybody can fail
 * with any name. It keeps one record for each account, each origin (address) and each pair of them, all bounded, and
 * hands every sign-in on as an Observation. It does not know what an attack is.
 */
import type { Units } from "#/platform/settings.ts";
import { type Duration, type Millis, days } from "#/platform/units.ts";
import { median } from "#/platform/median.ts";
import type { SignIn } from "#/signin/signin.ts";
import {
  Account,
  type Neighbourhood,
  Origin,
  Pair,
  Familiar,
  CLIENTS_PER_ACCOUNT_MAX,
  NETWORKS_PER_ACCOUNT_MAX,
  exists,
  noteBurst,
  wholeSeconds,
} from "./records.ts";
import { Distinct } from "./distinct.ts";
import { forgetQuiet } from "./forgetting.ts";
import { givesWay } from "./giving-way.ts";
import { areaOf, networkKey } from "./networks.ts";
import { type Place, countSuccess, createPlace } from "./places.ts";
import { Spellings } from "./spellings.ts";

export type Settings = {
  /** Accounts (real or invented names) kept at once. When full, the names idle longest that never signed in go first. */
  readonly accountsMax: number;
  /** Addresses kept at once. When full, those idle longest go first, with their pairs. */
  readonly originsMax: number;
  /** Pairs of account and address kept at once. When full, origins are dropped as above. */
  readonly pairsMax: number;
  /** Names kept for one address. Further ones are counted, not named, unless the account exists or gets in. */
  readonly accountsPerOriginMax: number;
  /** How long a network stays familiar after the last success from it. */
  readonly familiarFor: Duration;
  /** From which address a member once signed in without trouble is forgotten after such a silence; the network stays familiar. */
  readonly quietFor: Duration;
};

/** Maxima that hold a busy site's quarter within about 300 MB; 90 days outlast a summer's recess. */
export const defaults: Settings = {
  accountsMax: 1_000_000,
  originsMax: 250_000,
  pairsMax: 600_000,
  accountsPerOriginMax: 20_000,
  familiarFor: days(90),
  quietFor: days(14),
};

export const units: Units<Settings> = {
  accountsMax: "count",
  originsMax: "count",
  pairsMax: "count",
  accountsPerOriginMax: "count",
  familiarFor: "duration",
  quietFor: "duration",
};

/** One sign-in beside what was known of its account and origin just before it. Reused from one sign-in to the next. */
export type Observation = {
  signIn: SignIn;
  at: Millis;
  account: Account;
  origin: Origin;
  pair: Pair;
  /** How familiar the origin was to the account before this sign-in. */
  familiar: Familiar;
  /** The first sign-in of this account from this address. */
  firstContact: boolean;
  /** Failures of this pair since its last success, before this sign-in. */
  failuresBefore: number;
  /** The pair's last failure before this sign-in; 0 if none. */
  lastFailureBefore: number;
};

/** Says whether a success may teach: false for an origin that is under suspicion. */
export type Trust = (origin: Origin, pair: Pair) => boolean;

export class Familiarity {
  readonly accounts = new Map<string, Account>();
  readonly origins = new Map<string, Origin>();
  pairCount = 0;
  /** How many records were dropped for want of room, for the blind spots. */
  dropped = 0;
  /** Origins that were last seen before this may have been dropped, ms; 0 where none was. */
  droppedBefore = 0;
  /** Attempts on accounts beyond the maximum for one origin, of all origins. */
  attemptsUnlisted = 0;

  private readonly accountNames = new Distinct();
  private readonly addresses = new Distinct();
  /** Addresses that were forgotten and not seen again since, so that each counts once. */
  private readonly forgotten = new Set<string>();
  private forgetAt = 0;
  private hasDroppedAccounts = false;
  private hasDroppedOrigins = false;
  private readonly settings: Settings;
  private readonly trust: Trust;
  private readonly neighbourhoods = new Map<string, Neighbourhood>();
  private readonly places = new Map<string, Place>();
  readonly spellingBook = new Spellings(this.accounts);
  /** Sources that tell a wrong name from a wrong password: only from them does "wrong password" mean that the account exists. */
  private readonly telling = new Set<string>();

  constructor(settings: Settings, trust: Trust) {
    this.settings = settings;
    this.trust = trust;
  }

  /** Different accounts that were seen, kept or not. Exact until some had to be dropped. */
  get accountsSeen(): number {
    const kept = this.accounts.size - (this.accounts.has("") ? 1 : 0);
    return this.hasDroppedAccounts ? Math.max(kept, this.accountNames.estimate()) : kept;
  }

  /** Different addresses that were seen, kept or not. Exact until some had to be dropped. */
  get addressesSeen(): number {
    const kept = this.origins.size + this.forgotten.size - (this.origins.has("") ? 1 : 0);
    return this.hasDroppedOrigins ? Math.max(kept, this.addresses.estimate()) : kept;
  }

  /** Whether some of what was seen is not kept, so that the number of accounts or addresses is an estimate. */
  get hasDropped(): boolean {
    return this.hasDroppedAccounts || this.hasDroppedOrigins;
  }

  /** The account of that name, under whichever of its spellings. */
  find(name: string): Account | undefined {
    return this.accounts.get(name) ?? this.spellingBook.get(name);
  }

  /** Accounts by their further spellings. */
  get spellings(): ReadonlyMap<string, Account> {
    return this.spellingBook.all;
  }

  /** Takes in one sign-in. The observation says what was known before it; the records are up to date after it. */
  observe(signIn: SignIn, into: Observation): void {
    if (signIn.at >= this.forgetAt) this.#forget(signIn.at);
    const account =
      this.accounts.get(signIn.account) ?? this.spellingBook.get(signIn.account) ?? this.#newAccount(signIn.account);
    const origin = this.origins.get(signIn.address) ?? this.#newOrigin(signIn.address);
    const found = origin.pairs.get(account);
    const familiar =
      found !== undefined && found.trusted > 0 && origin.address !== ""
        ? Familiar.address
        : this.#judge(account, origin, signIn.at);
    const pair = found ?? this.#newPair(account, origin, familiar, signIn);
    into.signIn = signIn;
    into.at = signIn.at;
    into.account = account;
    into.origin = origin;
    into.pair = pair;
    into.familiar = familiar;
    into.firstContact = found === undefined;
    into.failuresBefore = pair.failuresSinceSuccess;
    into.lastFailureBefore = pair.lastFailure;
    this.#count(signIn, account, origin, pair, familiar);
  }

  #count(signIn: SignIn, account: Account, origin: Origin, pair: Pair, familiar: Familiar): void {
    const { at, count } = signIn;
    account.last = Math.max(account.last, at);
    origin.last = Math.max(origin.last, at);
    if (at > pair.last) pair.last = at;
    else if (at < pair.first) pair.first = at;
    if (signIn.client !== "") pair.client = signIn.client;
    pair.service = signIn.service;
    if (signIn.outcome === "success") {
      if (pair.successes === 0) {
        pair.firstSuccess = at;
        // An account that was forgotten here and is back has been counted.
        if (origin.pairsForgotten > 0 && familiar >= Familiar.network) origin.pairsForgotten -= 1;
        else origin.accountsOpened += 1;
        pair.strangeClient =
          signIn.client !== "" && account.clients.length > 0 && !account.clients.includes(signIn.client);
        if (pair.failures > 0) origin.accountsFailed -= 1;
      }
      pair.successes += count;
      pair.lastSuccess = Math.max(pair.lastSuccess, at);
      pair.failuresSinceSuccess = 0;
      if (account.successes === 0) this.spellingBook.noteFirst(account);
      account.successes += count;
      account.lastSuccess = Math.max(account.lastSuccess, at);
      origin.successes += count;
      countSuccess(origin.place, at, count);
      if (this.trust(origin, pair)) this.#learn(account, origin, pair, at);
      return;
    }
    if (pair.failures === 0) {
      pair.firstFailure = at;
      if (pair.successes === 0) origin.accountsFailed += 1;
    }
    pair.failures += count;
    pair.failuresSinceSuccess += count;
    noteBurst(pair, at, count);
    pair.lastFailure = Math.max(pair.lastFailure, at);
    pair.firstFailure = Math.min(pair.firstFailure, at);
    if (pair.failuresSinceSuccess >= RETRIES && familiar >= Familiar.area) noteRetry(account, at);
    this.#hearOf(account, pair, signIn);
    account.failures += count;
    origin.failures += count;
  }

  /** What a failure's reason says about whether the account exists. */
  #hearOf(account: Account, pair: Pair, signIn: SignIn): void {
    switch (signIn.reason) {
      case "unknown-account":
        account.saidUnknown = true;
        this.telling.add(signIn.source);
        return;
      case "bad-password":
        account.saidKnown ||= this.telling.has(signIn.source);
        return;
      case "expired":
        // It will be changed now, and some of its devices will go on with the old one.
        noteRetry(account, signIn.at);
        account.saidKnown = true;
        return;
      case "second-factor":
        pair.knewPassword = true;
        account.saidKnown = true;
        return;
      case "locked":
      case "disabled":
        account.saidKnown = true;
        return;
      case "policy":
      case "fault":
      case "other":
      case "":
        return;
      default:
        signIn.reason satisfies never;
    }
  }

  #judge(account: Account, origin: Origin, at: Millis): Familiar {
    // Where the log does not say where from, nothing is familiar.
    if (origin.address === "") return Familiar.no;
    let best: Familiar = Familiar.no;
    for (const known of account.networks) {
      if (at - known.last > this.settings.familiarFor) continue;
      if (known.network === origin.network) return Familiar.network;
      if (known.area === origin.area) best = Familiar.area;
    }
    return best;
  }

  #learn(account: Account, origin: Origin, pair: Pair, at: Millis): void {
    if (pair.trusted === 0) origin.neighbourhood.opened += 1;
    pair.trusted += 1;
    if (pair.client !== "") {
      // The account's own copy of the text: sign-ins that come one by one bring a new one each.
      const own = account.clients.indexOf(pair.client);
      if (own >= 0) pair.client = account.clients[own] ?? pair.client;
      else if (account.clients.length < CLIENTS_PER_ACCOUNT_MAX) account.clients = [...account.clients, pair.client];
    }
    for (const known of account.networks) {
      if (known.network !== origin.network) continue;
      if (at > known.last) known.last = at;
      return;
    }
    // To the second, as the pair's first success, with which it is compared.
    const fresh = { network: origin.network, area: origin.area, first: wholeSeconds(at), last: at };
    origin.place.accounts += 1;
    if (account.networks.length < NETWORKS_PER_ACCOUNT_MAX) {
      account.networks = [...account.networks, fresh];
      return;
    }
    const least = givesWay(account.networks);
    const forgotten = this.places.get(account.networks[least]?.network ?? "");
    if (forgotten !== undefined && forgotten.accounts > 0) forgotten.accounts -= 1;
    account.networks[least] = fresh;
  }

  #newAccount(name: string): Account {
    const known = this.spellingBook.findOther(name);
    if (known !== undefined) return known;
    if (this.accounts.size >= this.settings.accountsMax) this.#dropAccounts();
    const account = new Account(name);
    this.accounts.set(name, account);
    if (name !== "") this.accountNames.add(name);
    return account;
  }

  #newOrigin(address: string): Origin {
    if (this.origins.size >= this.settings.originsMax) this.#dropOrigins();
    this.forgotten.delete(address);
    const area = areaOf(address);
    const origin = new Origin(address, area, this.#neighbourhood(area), this.#place(networkKey(address)));
    this.origins.set(address, origin);
    if (address !== "") this.addresses.add(address);
    return origin;
  }

  /** As many as origins, at most; when full, all are forgotten, and what is new counts from nothing. */
  #neighbourhood(area: string): Neighbourhood {
    const found = this.neighbourhoods.get(area);
    if (found !== undefined) return found;
    if (this.neighbourhoods.size >= this.settings.originsMax) this.neighbourhoods.clear();
    const fresh = { opened: 0 };
    this.neighbourhoods.set(area, fresh);
    return fresh;
  }

  /** As the neighbourhoods. */
  #place(network: string): Place {
    const found = this.places.get(network);
    if (found !== undefined) return found;
    if (this.places.size >= this.settings.originsMax) this.places.clear();
    const fresh = createPlace(network);
    this.places.set(network, fresh);
    return fresh;
  }

  #newPair(account: Account, origin: Origin, familiar: Familiar, signIn: SignIn): Pair {
    const pair = new Pair(
      account,
      signIn.account === account.name ? account.name : signIn.account,
      origin,
      familiar,
      signIn.at,
    );
    // Names may be invented without end; who exists, or gets in, is somebody whose later attempts and whose fall must be told.
    const isNamed = signIn.outcome === "success" || exists(account);
    if (origin.pairs.size >= this.settings.accountsPerOriginMax && !isNamed) {
      origin.attemptsUnlisted += signIn.count;
      this.attemptsUnlisted += signIn.count;
      origin.lastUnlisted = Math.max(origin.lastUnlisted, signIn.at);
      // Taken off again where the failure is counted: the same name may come again, and each time look new.
      origin.accountsFailed -= 1;
      return pair;
    }
    if (this.pairCount >= this.settings.pairsMax) this.#dropOrigins();
    origin.pairs.add(pair);
    this.pairCount += 1;
    return pair;
  }

  /** Once a week, by the sign-ins' own time. */
  #forget(at: Millis): void {
    const isFirst = this.forgetAt === 0;
    this.forgetAt = at + FORGET_EVERY;
    if (isFirst) return;
    for (const origin of this.origins.values()) {
      this.pairCount -= forgetQuiet(origin, at, this.settings.quietFor);
      if (origin.pairs.size > 0 || origin.failures > 0) continue;
      this.origins.delete(origin.address);
      if (this.forgotten.size < this.settings.originsMax) this.forgotten.add(origin.address);
      else this.hasDroppedOrigins = true;
    }
  }

  /** Half of the origins go: those idle longest; held ones (part of a campaign) only when there is little else to drop. */
  #dropOrigins(): void {
    this.hasDroppedOrigins = true;
    const free = [...this.origins.values()].filter((origin) => origin.held === undefined);
    const pool = free.length > this.origins.size / 10 ? free : [...this.origins.values()];
    const cutoff = median(pool.map((origin) => origin.last));
    this.droppedBefore = Math.max(this.droppedBefore, cutoff);
    for (const origin of pool) {
      if (origin.last > cutoff) continue;
      this.pairCount -= origin.pairs.size;
      this.dropped += 1;
      this.origins.delete(origin.address);
    }
  }

  /** Names that never signed in go first, idle longest; real accounts only when there is nothing else to drop. */
  #dropAccounts(): void {
    this.hasDroppedAccounts = true;
    const names = [...this.accounts.values()].filter((account) => account.successes === 0);
    const pool = names.length > this.settings.accountsMax / 10 ? names : [...this.accounts.values()];
    const cutoff = median(pool.map((account) => account.last));
    for (const account of pool) {
      if (account.last > cutoff) continue;
      this.dropped += 1;
      this.accounts.delete(account.name);
    }
    this.spellingBook.forget();
  }
}

const FORGET_EVERY = days(7);

/** Three failures in a row are no single slip any more. */
const RETRIES = 3;
const RETRY_BREAK = days(3);

function noteRetry(account: Account, at: number): void {
  if (account.retryTo === 0 || at - account.retryTo > RETRY_BREAK) account.retryFrom = at;
  account.retryTo = Math.max(account.retryTo, at);
}
