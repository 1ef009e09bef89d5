/**
 * The site's own domain, and with it which two names are one account: `anna` and `anna@parliament.example`, where nearly all who sign in
 * with a domain share that one. Learned from successes only, so that nobody outside can move it. On a server of many
 * domains there is none, and every name stays an account of its own.
 */

import { millis } from "#/platform/units.ts";
import { type Account, CLIENTS_PER_ACCOUNT_MAX, type KnownNetwork, NETWORKS_PER_ACCOUNT_MAX } from "./records.ts";

/** So many accounts must have signed in with the domain, and this share of all with one. */
const ACCOUNTS_MIN = 20;
const SHARE_MIN = 0.9;
/** Domains that are counted; a server of more has none of its own. */
const DOMAINS_MAX = 1_000;

export class OwnDomain {
  private readonly counts = new Map<string, number>();
  private total = 0;
  private own = "";

  /** An account's first success. Whether the own domain became plain by it. */
  note(name: string): boolean {
    const domain = domainOf(name);
    if (domain === "") return false;
    this.total += 1;
    const count = this.counts.get(domain) ?? 0;
    if (count === 0 && this.counts.size >= DOMAINS_MAX) return false;
    this.counts.set(domain, count + 1);
    const before = this.own;
    const own = before === "" ? domain : before;
    const owned = this.counts.get(own) ?? 0;
    this.own = owned >= ACCOUNTS_MIN && owned >= SHARE_MIN * this.total ? own : "";
    return this.own !== "" && this.own !== before;
  }

  /** The name's other spelling: with the domain, or without; undefined where it has none. */
  otherSpelling(name: string): string | undefined {
    if (this.own === "" || name === "") return undefined;
    const at = name.lastIndexOf("@");
    if (at < 0) return `${name}@${this.own}`;
    return at > 0 && name.slice(at + 1) === this.own ? name.slice(0, at) : undefined;
  }
}

/** The accounts under both their spellings. Whoever never signed in is left alone: a name that was only tried is what was tried. */
export class Spellings {
  private readonly accounts: Map<string, Account>;
  private readonly ownDomain = new OwnDomain();
  /** Accounts by the spelling without the domain. */
  private readonly others = new Map<string, Account>();
  /** Told when a name turns out to be an account's other spelling. */
  onNamed: (account: Account, written: string) => void = () => undefined;

  constructor(accounts: Map<string, Account>) {
    this.accounts = accounts;
  }

  /** By the spelling that is not their name. */
  get all(): ReadonlyMap<string, Account> {
    return this.others;
  }

  get(name: string): Account | undefined {
    return this.others.get(name);
  }

  /** The account of a name that is new, where it signed in under the other spelling. */
  findOther(name: string): Account | undefined {
    const account = this.#recordOf(this.ownDomain.otherSpelling(name));
    if (account === undefined || account.successes === 0) return undefined;
    this.#name(account, name);
    return account;
  }

  /** An account is about to sign in for the first time. */
  noteFirst(account: Account): void {
    const isPlainNow = this.ownDomain.note(account.name);
    if (!isPlainNow) return this.#unite(account);
    for (const other of this.accounts.values()) if (other.successes > 0) this.#unite(other);
    this.#unite(account);
  }

  /** Accounts were dropped, and these may point to them. Whoever comes again is found again. */
  forget(): void {
    this.others.clear();
  }

  /** Makes one of an account and what was tried under its other spelling. */
  #unite(account: Account): void {
    const other = this.#recordOf(this.ownDomain.otherSpelling(account.name));
    if (other === undefined || other === account) return;
    this.accounts.delete(other.name);
    takeIn(account, other);
    this.#name(account, other.name);
  }

  /** Files an account under a further spelling. It is called by the one with the domain, which says most. */
  #name(account: Account, name: string): void {
    if (!name.includes("@")) {
      this.others.set(name, account);
      this.onNamed(account, name);
      return;
    }
    const written = account.name;
    this.accounts.delete(written);
    this.others.set(written, account);
    account.name = name;
    this.accounts.set(name, account);
    this.onNamed(account, written);
  }

  #recordOf(name: string | undefined): Account | undefined {
    return name === undefined ? undefined : this.accounts.get(name);
  }
}

/** Pairs that were made with the other go on with it, so both know what each knew. */
function takeIn(account: Account, other: Account): void {
  account.networks = united(account.networks, other.networks);
  account.clients = [...new Set([...account.clients, ...other.clients])].slice(0, CLIENTS_PER_ACCOUNT_MAX);
  account.failures += other.failures;
  account.successes += other.successes;
  account.last = Math.max(account.last, other.last);
  account.lastSuccess = Math.max(account.lastSuccess, other.lastSuccess);
  account.saidKnown ||= other.saidKnown;
  other.sameAs = account;
  other.networks = account.networks;
  other.clients = account.clients;
  other.saidKnown = true;
  other.saidUnknown = false;
}

/** Of a network that both knew, its whole time; of too many, those used last. */
function united(own: readonly KnownNetwork[], others: readonly KnownNetwork[]): KnownNetwork[] {
  const networks = new Map(own.map((known) => [known.network, known]));
  for (const known of others) {
    const same = networks.get(known.network);
    if (same === undefined) networks.set(known.network, known);
    else {
      same.first = millis(Math.min(same.first, known.first));
      same.last = millis(Math.max(same.last, known.last));
    }
  }
  const all = [...networks.values()];
  if (all.length <= NETWORKS_PER_ACCOUNT_MAX) return all;
  return all.toSorted((one, other) => other.last - one.last).slice(0, NETWORKS_PER_ACCOUNT_MAX);
}

const domainOf = (name: string): string => (name.lastIndexOf("@") > 0 ? name.slice(name.lastIndexOf("@") + 1) : "");
