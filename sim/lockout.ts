/**
 * An institution's lockout rule: so many wrong passwords within half an hour lock the account for half an hour, whoever
 * typed them. The account's last password does not count, as in Active Directory.
 */
import type { Attempt } from "./simulated.ts";
import { MINUTE } from "./world.ts";

const window = 30 * MINUTE;

type Count = { wrong: number; since: number; lockedUntil: number };

export class Lockout {
  readonly #after: number;
  readonly #counts = new Map<number, Count>();

  /** @param after wrong passwords that lock; 0 for no such rule. */
  constructor(after: number) {
    this.#after = after;
  }

  /** Whether the account is locked when this attempt comes. Attempts come in time order. */
  locks(attempt: Attempt): boolean {
    const count = this.#counts.get(attempt.account);
    return count !== undefined && attempt.at < count.lockedUntil;
  }

  /** Takes note of an attempt that was let through to the password check. */
  note(attempt: Attempt, wrongPassword: boolean): void {
    if (this.#after === 0 || attempt.account < 0 || attempt.stale) return;
    if (!wrongPassword) {
      this.#counts.delete(attempt.account);
      return;
    }
    const count = this.#counts.get(attempt.account) ?? { wrong: 0, since: attempt.at, lockedUntil: 0 };
    if (attempt.at - count.since > window) Object.assign(count, { wrong: 0, since: attempt.at });
    count.wrong += 1;
    if (count.wrong >= this.#after) Object.assign(count, { wrong: 0, lockedUntil: attempt.at + window });
    this.#counts.set(attempt.account, count);
  }
}
