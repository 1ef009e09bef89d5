/** Spraying: few passwords, many accounts. */
import { DAY, HOUR, MINUTE } from "../world.ts";
import {
  type AttackPlan,
  type Addresses,
  type Attacker,
  disposable,
  guess,
  interleaved,
  isPasswordOf,
  onset,
  ordered,
  sellFallen,
  sharedAddress,
  targetList,
  useFallen,
} from "./attack.ts";

/** The textbook one: one address or a handful of one network goes through the list, one password per round. */
export function classicSpray(options: {
  addresses: readonly [number, number];
  rounds: readonly [number, number];
  /** From the office itself: a machine inside works for the attacker. */
  fromOffice?: boolean;
}): AttackPlan {
  return {
    kind: "password-spraying",
    run: (attacker) => {
      const { world, rng } = attacker;
      const names = ordered(
        attacker,
        targetList(attacker, rng.between(0.3, 1), rng.pick([0, 0.05, 0.2])),
        rng.chance(0.5),
      );
      const hosted = world.networks.hostedNetwork(rng, Math.round(rng.between(...options.addresses)));
      const addresses = options.fromOffice === true ? world.networks.offices.slice(0, 1) : hosted;
      const pause = rng.betweenLog(200, 4_000);
      let at = onset(attacker);
      const rounds = Math.round(rng.between(...options.rounds));
      for (let rank = 1; rank <= rounds; rank += 1) {
        for (const name of names) {
          at += rng.exponential(pause);
          if (attacker.opened.has(world.indexOf(name))) continue;
          guess(attacker, at, name, rng.pick(addresses), isPasswordOf(world, name, rank), rank);
        }
        at += rng.between(35, 90) * MINUTE;
      }
      useFallen(attacker, 0.5, HOUR, 2 * DAY);
    },
  };
}

export type SlowSpray = {
  /** Guesses a day: from, to. */
  readonly perDay: readonly [number, number];
  /** Attempts before an address is thrown away: from, to. */
  readonly perAddress: readonly [number, number];
  readonly alphabetical?: boolean;
  readonly invalidShare?: number;
  /** No password is used more than twice. */
  readonly avoidsPopular?: boolean;
  /** Share of addresses that are members' own carriers' and providers'. */
  readonly atHomeShare?: number;
  /** Share of addresses that members use, too, at the same time. */
  readonly insideShare?: number;
  /** Addresses rotate within one IPv6 /64. */
  readonly oneSixth?: boolean;
  readonly from?: (attacker: Attacker) => number;
  /** The passwords are sold to others, who use them within these times. */
  readonly sold?: readonly [number, number];
};

/** Low and slow: an address makes one to three attempts, an account sees one a day at most. */
export function slowSpray(options: SlowSpray): AttackPlan {
  return {
    kind: "password-spraying",
    run: (attacker) => {
      slowRun(attacker, options);
      if (options.sold === undefined) useFallen(attacker, 0.6, HOUR, 3 * DAY);
      else sellFallen(attacker, ...options.sold);
    },
  };
}

function slowRun(attacker: Attacker, options: SlowSpray): void {
  const { world, rng } = attacker;
  const alphabetical = options.alphabetical ?? rng.chance(0.5);
  const list = targetList(attacker, rng.between(0.5, 1), options.invalidShare ?? rng.pick([0, 0, 0.05, 0.15]));
  // The same order in every round, so that nobody is tried twice within a day.
  const names = ordered(attacker, list, alphabetical);
  const from = options.from?.(attacker) ?? onset(attacker, 0.35, 0.55);
  const gap = DAY / rng.betweenLog(...options.perDay);
  const next = addressesOf(attacker, options);
  const inWorkingHours = rng.chance(0.25);
  // A list shorter than a day's guesses would bring an account its second guess too early.
  const dayLong = Math.max(0, DAY - gap * names.length);
  let at = from;
  for (let rank = 1, index = 0; at < world.to; index += 1) {
    if (index === names.length) {
      index = 0;
      rank += 1;
      at += dayLong;
    }
    at += rng.exponential(gap);
    const hour = world.hourOf(at);
    if (inWorkingHours && (hour < 7 || hour > 19) && rng.chance(0.8)) continue;
    const name = names[index] ?? "";
    if (attacker.opened.has(world.indexOf(name))) continue;
    const password = options.avoidsPopular === true ? 1_000 + (index >>> 1) + rank * 100_000 : rank;
    // Unpopular passwords open almost nothing.
    const right = options.avoidsPopular === true ? rng.chance(0.0003) : isPasswordOf(world, name, rank);
    guess(attacker, at, name, next(at), right, password);
  }
}

function addressesOf(attacker: Attacker, options: SlowSpray): Addresses {
  const { world, rng } = attacker;
  const [least, most] = options.perAddress;
  const uses = (): number => least + rng.int(most - least + 1);
  if (options.oneSixth === true) return disposable(world.networks.hostedSixth(rng), uses);
  const { atHomeShare = 0.03, insideShare = 0 } = options;
  const inside = sharedAddress(attacker);
  const any: Addresses = (at) => (rng.chance(insideShare) ? inside(at) : world.networks.residential(rng, atHomeShare));
  return interleaved(rng, any, uses, 8);
}

/** One address, one guess every six minutes: below every per-address threshold in use. */
export function slowSingle(): AttackPlan {
  return {
    kind: "password-spraying",
    run: (attacker) => {
      const { world, rng } = attacker;
      const names = ordered(
        attacker,
        targetList(attacker, rng.between(0.1, 1), rng.pick([0, 0.1, 0.3])),
        rng.chance(0.5),
      );
      const address = world.networks.hosted(rng);
      const period = rng.between(5.5, 7) * MINUTE;
      const count = 90 + rng.int(600);
      let at = onset(attacker);
      for (let index = 0; index < count; index += 1) {
        const name = names[index % names.length] ?? "";
        guess(attacker, at, name, address, isPasswordOf(world, name, 1), 1);
        at += period * rng.between(0.9, 1.1);
      }
    },
  };
}
