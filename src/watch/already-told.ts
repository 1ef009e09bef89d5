/**
 * An attempt of which the gate was told, and which a log tells again: it counts once. The gate is told at once; the server's log tells when the
 * connection closes, perhaps minutes later, and sometimes of several attempts in one line. So what the gate told of an account from an address is
 * held for a while against what logs tell of the same, as many times as it was told.
 *
 * It depends on the order of what was kept alone, and so comes out the same when that is replayed.
 */
import { minutes } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";

/** Whoever is wrong has gone by then: mail servers close such connections after three minutes. */
const HELD = minutes(10);
/** When full, what was told longest ago goes first, and may then count twice. */
const HELD_MAX = 100_000;

type Told = { count: number; last: number };

export class AlreadyTold {
  private readonly told = new Map<string, Told>();

  /** How often it is to be counted: 0 where all of it was told before. */
  toCount(signIn: SignIn): number {
    const { at, count } = signIn;
    const key = `${signIn.outcome} ${signIn.address} ${signIn.account}`;
    const told = this.told.get(key);
    if (signIn.source.startsWith("gate:")) {
      this.told.delete(key);
      const before = told === undefined || at - told.last > HELD ? 0 : told.count;
      this.told.set(key, { count: before + count, last: at });
      if (this.told.size > HELD_MAX) this.#dropOldest();
      return count;
    }
    if (told === undefined) return count;
    if (Math.abs(at - told.last) > HELD) {
      this.told.delete(key);
      return count;
    }
    const again = Math.min(count, told.count);
    told.count -= again;
    if (told.count === 0) this.told.delete(key);
    return count - again;
  }

  #dropOldest(): void {
    for (const oldest of this.told.keys()) {
      this.told.delete(oldest);
      return;
    }
  }
}
