/**
 * From which networks each account signs in, for a million accounts in little memory: numbers in typed arrays, chained for each account. It only
 * grows by successes that taught (familiarity decides which), so no stranger grows it. When there are too many accounts, one that was idle
 * longest among a few goes: what is forgotten so has not signed in for long, and looking at all of them would keep attempts waiting.
 */
import { networkKey } from "#/familiarity/networks.ts";
import { givesWay } from "#/familiarity/giving-way.ts";
import { NETWORKS_PER_ACCOUNT_MAX } from "#/familiarity/records.ts";
import { type Duration, type Millis, millis } from "#/platform/units.ts";
import { NetworkNumbers, areaNumber } from "./network-number.ts";

/** How well an account knows a network. new: it knows none, since it never signed in or not for very long. */
export type Acquaintance = "network" | "area" | "stranger" | "new";

export type KnownNetwork = { readonly network: string; readonly first: Millis; readonly last: Millis };

/** Looked at, in turn, to find one to forget. */
const CANDIDATES = 16;
const NONE = -1;

export class FamiliarNetworks {
  readonly numbers = new NetworkNumbers();
  readonly #accountsMax: number;
  readonly #familiarFor: Duration;
  /** All spellings, to the account's place. */
  readonly #places = new Map<string, number>();
  /** By place: the account's own name, and where its chain begins. */
  readonly #names: string[] = [];
  #heads = new Int32Array(1_024).fill(NONE);
  readonly #otherSpellings = new Map<number, string[]>();
  readonly #freePlaces: number[] = [];
  #hand = 0;
  /** The links of the chains: network, first and last use in seconds since the epoch, the next link. */
  #network = new Float64Array(1_024);
  #first = new Uint32Array(1_024);
  #last = new Uint32Array(1_024);
  #next = new Int32Array(1_024).fill(NONE);
  #links = 0;
  #freeLink = NONE;
  /** Accounts that were forgotten for want of room. */
  forgotten = 0;

  constructor(limits: { readonly accountsMax: number; readonly familiarFor: Duration }) {
    this.#accountsMax = limits.accountsMax;
    this.#familiarFor = limits.familiarFor;
  }

  get accounts(): number {
    return this.#names.length - this.#freePlaces.length;
  }

  /** The name under which an account is kept, whatever its spelling. */
  nameOf(account: string): string {
    const place = this.#places.get(account);
    return place === undefined ? account : (this.#names[place] ?? account);
  }

  /** All names under which it may sign in, as far as they are known; that one alone where there is no such account. */
  spellingsOf(account: string): readonly string[] {
    const place = this.#places.get(account);
    if (place === undefined) return [account];
    return [this.#names[place] ?? account, ...(this.#otherSpellings.get(place) ?? [])];
  }

  /** @param network as networkKey writes it */
  learn(account: string, network: string, first: Millis, last: Millis): void {
    const number = this.numbers.take(network);
    if (number < 0 || account === "") return;
    this.#note(this.#places.get(account) ?? this.#newPlace(account), number, secondsOf(first), secondsOf(last));
  }

  /** From now on both names are one account, called `account`. */
  spell(account: string, written: string): void {
    if (account === written || account === "" || written === "") return;
    const other = this.#places.get(written);
    const own = this.#places.get(account);
    if (own === undefined && other !== undefined) {
      this.#names[other] = account;
      this.#places.set(account, other);
      this.#addSpelling(other, written);
      return;
    }
    const place = own ?? this.#newPlace(account);
    if (other === place) return;
    if (other !== undefined) {
      for (let link = this.#heads[other] ?? NONE; link !== NONE; link = this.#next[link] ?? NONE) {
        this.#note(place, this.#network[link] ?? 0, this.#first[link] ?? 0, this.#last[link] ?? 0);
      }
      this.#forget(other);
      this.#freePlaces.push(other);
    }
    if ((this.#otherSpellings.get(place)?.length ?? 0) >= SPELLINGS_MAX) return;
    this.#places.set(written, place);
    this.#addSpelling(place, written);
  }

  /** How well the account knew that address's network at that time. @param before leaves out what it knows since then */
  acquaintance(account: string, address: string, at: Millis, before?: Millis): Acquaintance {
    const place = this.#places.get(account);
    if (place === undefined) return "new";
    const number = address === "" ? NONE : this.numbers.of(networkKey(address));
    const area = areaNumber(number);
    const oldest = secondsOf(at) - this.#familiarFor / 1_000;
    const youngest = before === undefined ? Number.POSITIVE_INFINITY : secondsOf(before);
    let best: Acquaintance = "new";
    for (let link = this.#heads[place] ?? NONE; link !== NONE; link = this.#next[link] ?? NONE) {
      if ((this.#last[link] ?? 0) < oldest || (this.#first[link] ?? 0) >= youngest) continue;
      const known = this.#network[link] ?? NONE;
      if (known === number) return "network";
      if (area >= 0 && areaNumber(known) === area) best = "area";
      else if (best === "new") best = "stranger";
    }
    return best;
  }

  /** The account's networks that are familiar at that time, the last used first. */
  of(account: string, at: Millis): KnownNetwork[] {
    const found: KnownNetwork[] = [];
    const oldest = secondsOf(at) - this.#familiarFor / 1_000;
    this.#follow(this.#places.get(account), (number, first, last) => {
      if (last >= oldest)
        found.push({ network: this.numbers.textOf(number), first: timeOf(first), last: timeOf(last) });
    });
    return found.sort((left, right) => right.last - left.last);
  }

  /** Every network of every account, for figures. It looks at all of them: for a person who asks, never for an attempt. */
  visit(see: (account: string, network: string, first: Millis, last: Millis) => void): void {
    for (const [place, name] of this.#names.entries()) {
      this.#follow(place, (number, first, last) => {
        see(name, this.numbers.textOf(number), timeOf(first), timeOf(last));
      });
    }
  }

  #follow(place: number | undefined, see: (network: number, first: number, last: number) => void): void {
    if (place === undefined) return;
    for (let link = this.#heads[place] ?? NONE; link !== NONE; link = this.#next[link] ?? NONE) {
      see(this.#network[link] ?? 0, this.#first[link] ?? 0, this.#last[link] ?? 0);
    }
  }

  /** Notes a use; where the account has as many networks as are kept, one gives way. */
  #note(place: number, network: number, first: number, last: number): void {
    let count = 0;
    for (let link = this.#heads[place] ?? NONE; link !== NONE; link = this.#next[link] ?? NONE) {
      if (this.#network[link] === network) {
        this.#first[link] = Math.min(this.#first[link] ?? first, first);
        this.#last[link] = Math.max(this.#last[link] ?? last, last);
        return;
      }
      count += 1;
    }
    const link = count < NETWORKS_PER_ACCOUNT_MAX ? this.#newLink(place) : this.#givesWay(place);
    this.#network[link] = network;
    this.#first[link] = first;
    this.#last[link] = last;
  }

  #givesWay(place: number): number {
    const links: number[] = [];
    for (let link = this.#heads[place] ?? NONE; link !== NONE; link = this.#next[link] ?? NONE) links.push(link);
    const known = links.map((link) => ({
      area: areaNumber(this.#network[link] ?? NONE),
      first: this.#first[link] ?? 0,
      last: this.#last[link] ?? 0,
    }));
    return links[givesWay(known)] ?? NONE;
  }

  #newLink(place: number): number {
    const link = this.#freeLink === NONE ? this.#links : this.#freeLink;
    if (link === this.#links) {
      if (link === this.#network.length) this.#growLinks();
      this.#links += 1;
    } else this.#freeLink = this.#next[link] ?? NONE;
    this.#next[link] = this.#heads[place] ?? NONE;
    this.#heads[place] = link;
    return link;
  }

  #growLinks(): void {
    const size = 2 * this.#network.length;
    this.#network = grown(this.#network, new Float64Array(size));
    this.#first = grown(this.#first, new Uint32Array(size));
    this.#last = grown(this.#last, new Uint32Array(size));
    this.#next = grown(this.#next, new Int32Array(size));
  }

  #newPlace(account: string): number {
    if (this.accounts >= this.#accountsMax) {
      this.#freePlaces.push(this.#forgetIdlest());
      this.forgotten += 1;
    }
    const place = this.#freePlaces.pop() ?? this.#names.length;
    if (place >= this.#heads.length) this.#heads = grown(this.#heads, new Int32Array(2 * this.#heads.length));
    this.#names[place] = account;
    this.#heads[place] = NONE;
    this.#places.set(account, place);
    return place;
  }

  #addSpelling(place: number, written: string): void {
    const others = this.#otherSpellings.get(place);
    if (others === undefined) this.#otherSpellings.set(place, [written]);
    else others.push(written);
  }

  #forgetIdlest(): number {
    let idlest = NONE;
    let oldest = Number.POSITIVE_INFINITY;
    for (let looked = 0; looked < CANDIDATES; looked += 1) {
      const place = this.#hand;
      this.#hand = (this.#hand + 1) % this.#names.length;
      let last = 0;
      this.#follow(place, (_network, _first, used) => (last = Math.max(last, used)));
      if (last >= oldest || this.#names[place] === "") continue;
      oldest = last;
      idlest = place;
    }
    this.#forget(idlest);
    return idlest;
  }

  #forget(place: number): void {
    for (const written of this.#otherSpellings.get(place) ?? []) this.#places.delete(written);
    this.#otherSpellings.delete(place);
    this.#places.delete(this.#names[place] ?? "");
    this.#names[place] = "";
    let link = this.#heads[place] ?? NONE;
    while (link !== NONE) {
      const after = this.#next[link] ?? NONE;
      this.#next[link] = this.#freeLink;
      this.#freeLink = link;
      link = after;
    }
    this.#heads[place] = NONE;
  }
}

/** With and without the domain, and what a directory may add. */
const SPELLINGS_MAX = 8;

const secondsOf = (at: number): number => Math.max(0, Math.floor(at / 1_000));
const timeOf = (seconds: number): Millis => millis(seconds * 1_000);

function grown<Of extends Float64Array | Uint32Array | Int32Array>(from: Of, into: Of): Of {
  into.set(from);
  return into;
}
