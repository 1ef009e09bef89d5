/**
 * StopGuessing (Schechter, Tian, Herley; github.com/microsoft/StopGuessing). A binomial ladder filter counts wrong passwords:
 * H = 48 rungs, a password is frequent from height 44 on. Each address has a score with a half-life of 12 hours: a name that
 * nobody has 2, a wrong password 1, both times 5 where it is frequent, the same wrong password again 0; a success credits up to
 * 30 from an account's store of 50. A right password is refused above 50 where it is frequent, above 5,000 where not.
 * To its advantage here: every wrong password of a member who then gets in from there counts as a typing error, of which nine
 * tenths are forgiven; and an address that tries a frequent password counts as named from then on, which the paper does not say.
 * The filter has 2^20 bits instead of 2^29: with so few sign-ins none of its answers would differ.
 * Device cookies, which it forgives everything, do not exist in mail, and are left out.
 */
import { hours } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";
import { Rng, mix } from "../../../sim/rng.ts";
import { type Peer, type Say, type Running } from "./peer.ts";

const RUNGS = 48;
const FREQUENT = 44;
const BITS = 1 << 20;

export class Ladder {
  readonly #bits = new Uint8Array(BITS);
  readonly #rng: Rng;
  readonly #salt: number;

  constructor(seed: number) {
    this.#rng = new Rng(seed).fork("ladder");
    this.#salt = this.#rng.int(1 << 30);
    for (let index = 0; index < BITS; index += 1) this.#bits[index] = index & 1;
  }

  #rungs(password: number): number[] {
    return Array.from({ length: RUNGS }, (_, rung) => mix(password, rung, this.#salt) % BITS);
  }

  height(password: number): number {
    return this.#rungs(password).filter((rung) => this.#bits[rung] === 1).length;
  }

  /** Sets one of the rungs that are still clear, and clears one set bit of all. */
  step(password: number): void {
    const clear = this.#rungs(password).filter((rung) => this.#bits[rung] === 0);
    const cleared = this.#any(1);
    this.#bits[clear.length > 0 ? this.#rng.pick(clear) : this.#any(0)] = 1;
    this.#bits[cleared] = 0;
  }

  #any(value: number): number {
    for (;;) {
      const index = this.#rng.int(BITS);
      if (this.#bits[index] === value) return index;
    }
  }
}

const HALF_LIFE = hours(12);
const INVALID_ACCOUNT = 2;
const WRONG_PASSWORD = 1;
const FREQUENT_TIMES = 5;
const REWARD = 30;
const CREDIT_MAX = 50;
const THRESHOLD = 50;
const INFREQUENT_TIMES = 100;
const TYPO_FORGIVEN = 0.9;
const TYPOS_KEPT = 8;

const decayed = (value: number, since: number, at: number): number => value * 0.5 ** ((at - since) / HALF_LIFE);

type Source = { score: number; at: number; readonly typos: { account: string; penalty: number; at: number }[] };
type Store = { used: number; at: number };

function credit(stores: Map<string, Store>, account: string, wanted: number, at: number): number {
  const store = stores.get(account) ?? { used: 0, at };
  store.used = decayed(store.used, store.at, at);
  store.at = at;
  const given = Math.min(wanted, REWARD, CREDIT_MAX - store.used);
  store.used += given;
  stores.set(account, store);
  return given;
}

function start(say: Say, seed: number): Running {
  const ladder = new Ladder(seed);
  const sources = new Map<string, Source>();
  const stores = new Map<string, Store>();
  const tried = new Set<string>();
  const scoreOf = (address: string, at: number): Source | undefined => {
    const source = sources.get(address);
    if (source === undefined) return undefined;
    source.score = decayed(source.score, source.at, at);
    source.at = at;
    return source;
  };
  const succeed = ({ at, address, account }: SignIn): void => {
    const source = scoreOf(address, at);
    if (source === undefined) return;
    for (const typo of source.typos.filter((one) => one.account === account))
      source.score -= TYPO_FORGIVEN * decayed(typo.penalty, typo.at, at);
    source.typos.splice(0, source.typos.length, ...source.typos.filter((one) => one.account !== account));
    if (source.score > 0) source.score -= credit(stores, account, source.score, at);
    if (source.score <= 0.01) sources.delete(address);
  };
  return {
    step: ({ signIn, passwordId }) => {
      if (signIn.outcome === "success") return succeed(signIn);
      const { at, address, account, reason } = signIn;
      const exists = reason !== "unknown-account";
      // Only what the password check itself refused, and not the same again.
      if ((exists && reason !== "bad-password" && reason !== "other") || passwordId === 0) return;
      const frequent = ladder.height(passwordId) >= FREQUENT;
      const pair = `${account} ${passwordId}`;
      if (!tried.has(pair)) {
        tried.add(pair);
        const penalty = (exists ? WRONG_PASSWORD : INVALID_ACCOUNT) * (frequent ? FREQUENT_TIMES : 1);
        const source = scoreOf(address, at) ?? { score: 0, at, typos: [] };
        source.score += penalty;
        if (exists) source.typos.push({ account, penalty, at });
        if (source.typos.length > TYPOS_KEPT) source.typos.shift();
        sources.set(address, source);
        ladder.step(passwordId);
      }
      const score = sources.get(address)?.score ?? 0;
      if (frequent || score > THRESHOLD * INFREQUENT_TIMES) say(at, address);
    },
    refuses: ({ address, at }) => (scoreOf(address, at)?.score ?? 0) > THRESHOLD * INFREQUENT_TIMES,
  };
}

export const stopGuessing: Peer = {
  name: "StopGuessing",
  rule: "a password tried and wrong some twenty times is frequent (binomial ladder, 44 of 48); who tries one is named; scores per address decide about right passwords",
  needs: "the password itself, in the verification path",
  blocks: "for good",
  start,
};
