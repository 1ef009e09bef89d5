/** Sign-ins and positions in memory. */
import type { Batch } from "#/inputs/input.ts";
import type { Success } from "#/gate/would-have.ts";
import { type Millis, millis } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";
import type { DayCount, SignInSearch } from "#/store/search.ts";
import { wellFormed } from "#/store/well-formed.ts";
import type { Kept, SignInLog } from "#/watch/ports.ts";

const PIECE = 5_000;
const DAY = 86_400_000;

type Known = Kept & { readonly key: string };

const dayOf = (at: Millis): Millis => millis(Math.floor(at / DAY) * DAY);

export class MemorySignIns implements SignInLog, SignInSearch {
  #kept: Known[] = [];
  readonly #keys = new Set<string>();
  readonly #positions = new Map<string, string>();
  readonly #days = new Map<Millis, { successes: number; failures: number }>();
  #sequence = 0;

  append(batches: readonly Batch[]): readonly Kept[] {
    const fresh: Known[] = [];
    for (const { input, arrivals, position } of batches) {
      for (const { id, signIn } of arrivals) {
        const key = `${input.length}\n${input}${id}`;
        if (this.#keys.has(key)) continue;
        this.#keys.add(key);
        this.#sequence += 1;
        fresh.push({ sequence: this.#sequence, signIn: wellFormed(signIn), key });
        this.#count(signIn);
      }
      if (position !== undefined) this.#positions.set(input, position);
    }
    for (const one of fresh) this.#kept.push(one);
    return fresh.map(({ sequence, signIn }) => ({ sequence, signIn }));
  }

  *readAfter(sequence: number): Iterable<readonly Kept[]> {
    let after = sequence;
    while (true) {
      const from = this.#kept.findIndex((kept) => kept.sequence > after);
      const piece = from < 0 ? [] : this.#kept.slice(from, from + PIECE);
      const last = piece.at(-1);
      if (last === undefined) return;
      after = last.sequence;
      yield piece.map((kept) => ({ sequence: kept.sequence, signIn: kept.signIn }));
    }
  }

  position(input: string): string {
    return this.#positions.get(input) ?? "";
  }

  forgetBefore(at: Millis): number {
    const gone = this.#kept.filter(({ signIn }) => signIn.at < at);
    for (const { key } of gone) this.#keys.delete(key);
    this.#kept = this.#kept.filter(({ signIn }) => signIn.at >= at);
    for (const day of this.#days.keys()) if (day < dayOf(at)) this.#days.delete(day);
    return gone.length;
  }

  ofAccount(account: string, since: Millis, most: number): readonly SignIn[] {
    return this.#newest((signIn) => signIn.account === account, since, most);
  }

  ofAddress(address: string, since: Millis, most: number): readonly SignIn[] {
    return this.#newest((signIn) => signIn.address === address, since, most);
  }

  *successesSince(since: Millis): Iterable<readonly Success[]> {
    yield this.#kept
      .flatMap(({ signIn }) => (signIn.outcome === "success" && signIn.at >= since ? [signIn] : []))
      .map(({ at, account, address }) => ({ at, account, address }))
      .sort((one, other) => one.at - other.at);
  }

  days(since: Millis): readonly DayCount[] {
    return [...this.#days]
      .filter(([day]) => day >= dayOf(since))
      .sort(([one], [other]) => one - other)
      .map(([day, counts]) => ({ day, ...counts }));
  }

  #count({ at, outcome, count }: SignIn): void {
    const counts = this.#days.get(dayOf(at)) ?? { successes: 0, failures: 0 };
    counts[outcome === "success" ? "successes" : "failures"] += count;
    this.#days.set(dayOf(at), counts);
  }

  #newest(isWanted: (signIn: SignIn) => boolean, since: Millis, most: number): readonly SignIn[] {
    return this.#kept
      .filter(({ signIn }) => signIn.at >= since && isWanted(signIn))
      .sort((one, other) => other.signIn.at - one.signIn.at || other.sequence - one.sequence)
      .slice(0, most)
      .map(({ signIn }) => signIn);
  }
}
