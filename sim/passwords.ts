/**
 * What a server that keeps keyed fingerprints of passwords would write: equal passwords, equal texts. It knows which number each tried
 * password has (Attempt.passwordId), gives everybody's own password one, and lets a few mistakes be passwords that the world uses.
 */
import { type Rng, hashText, mix } from "./rng.ts";
import type { Account } from "./institution/accounts.ts";
import type { Attempt } from "./simulated.ts";

/** Of the wrong passwords that people type, this share is in everybody's lists: another account's, an old habit. */
const POPULAR_MISTAKES = 0.02;
/** Numbers of passwords (see behaviour.ts, background.ts); attackers' lists begin at 1. */
const BACKGROUND = 0x2000_0000;
const MISTAKES = 0x4000_0000;
const OWN = 0x6000_0000;
const EMPTY = 0x7000_0000;

export class Passwords {
  readonly #key: number;
  readonly #isWorlds: boolean;
  /** Passwords of accounts that a guess opened: the same from then on. */
  readonly #guessed = new Map<number, number>();

  /** @param isWorlds whether the attackers try what all the internet's bots try, in the same order, rather than a list of their own. */
  constructor(rng: Rng, isWorlds: boolean) {
    this.#key = rng.int(0x7fff_ffff);
    this.#isWorlds = isWorlds;
  }

  /** @param isEmptied whether a broken client sends no password at all. */
  fingerprint(attempt: Attempt, account: Account | undefined, isEmptied: boolean): string {
    const id = isEmptied ? EMPTY : this.#idOf(attempt, account);
    return `${hex(mix(this.#key, id))}${hex(mix(id, this.#key, 17))}`;
  }

  /** The attempt opened its account: what it tried is the account's password. */
  opened(attempt: Attempt, account: Account | undefined): void {
    if (attempt.passwordId !== 0) this.#guessed.set(attempt.account, this.#idOf(attempt, account));
  }

  #idOf({ passwordId, account, name }: Attempt, owner: Account | undefined): number {
    if (passwordId >= MISTAKES) {
      // The same mistake of the same person is the same password each time.
      const chance = mix(passwordId, 23) / 0x1_0000_0000;
      return chance < POPULAR_MISTAKES ? BACKGROUND + Math.floor(200 ** (chance / POPULAR_MISTAKES)) : passwordId;
    }
    if (passwordId !== 0) return this.#listed(passwordId);
    const weakness = owner?.weakness ?? 0;
    return (
      this.#guessed.get(account) ??
      (weakness === 0 ? OWN + (account < 0 ? hashText(name) >>> 5 : account) : this.#listed(weakness))
    );
  }

  #listed(id: number): number {
    return this.#isWorlds && id < BACKGROUND ? BACKGROUND + id : id;
  }
}

const hex = (value: number): string => value.toString(16).padStart(8, "0");
