/** Guessing: many passwords, one account or one machine. */
import { guessedNames } from "../institution/names.ts";
import { DAY, HOUR, MINUTE } from "../world.ts";
import { type AttackPlan, type Attacker, disposable, guess, isPasswordOf, onset, useFallen } from "./attack.ts";

function anyPerson(attacker: Attacker): string {
  const people = attacker.world.accounts.filter((account) => account.kind !== "service" && !account.disabled);
  return attacker.rng.pick(people).name;
}

/** One address hammers at one account. */
export function noisyGuessing(): AttackPlan {
  return {
    kind: "password-guessing",
    run: (attacker) => {
      const { world, rng } = attacker;
      const name = anyPerson(attacker);
      const address = world.networks.hosted(rng);
      const pause = rng.betweenLog(300, 15_000);
      const count = Math.round(rng.betweenLog(200, 3_000));
      let at = onset(attacker);
      for (let index = 1; index <= count; index += 1) {
        if (guess(attacker, at, name, address, isPasswordOf(world, name, index), index)) break;
        at += rng.exponential(pause);
      }
      useFallen(attacker, 1, HOUR, DAY);
    },
  };
}

/** One address runs through names and passwords over SSH, as every machine on the internet sees it, but without end. */
export function sshBruteForce(): AttackPlan {
  return {
    kind: "password-guessing",
    run: (attacker) => {
      const ssh: Attacker = { ...attacker, service: "ssh", client: attacker.rng.pick(sshTools) };
      const { world, rng } = attacker;
      const address = world.networks.hosted(rng);
      const pause = rng.betweenLog(800, 8_000);
      const count = Math.round(rng.betweenLog(400, 6_000));
      let at = onset(attacker);
      for (let index = 0; index < count;) {
        const name = rng.chance(0.35) ? "root" : rng.pick(guessedNames);
        const connection = world.connection();
        for (let left = 1 + rng.int(3); left > 0; left -= 1, index += 1) {
          guess(ssh, at, name, address, false, index, connection);
          at += rng.exponential(pause);
        }
      }
    },
  };
}

const sshTools = ["SSH-2.0-libssh2_1.11.0", "SSH-2.0-Go", "SSH-2.0-paramiko_3.5"];

/** One address, a handful of accounts whose names stand on the website, a few dozen passwords each. */
export function fewAccountsGuessing(): AttackPlan {
  return {
    kind: "password-guessing",
    run: (attacker) => {
      const { world, rng } = attacker;
      const names = Array.from({ length: 3 + rng.int(8) }, () => anyPerson(attacker));
      const address = world.networks.hosted(rng);
      const pause = rng.betweenLog(2_000, 90_000);
      const count = names.length * (20 + rng.int(80));
      let at = onset(attacker);
      for (let index = 0; index < count; index += 1) {
        const name = names[index % names.length] ?? "";
        const rank = 1 + Math.floor(index / names.length);
        if (!attacker.opened.has(world.indexOf(name)))
          guess(attacker, at, name, address, isPasswordOf(world, name, rank), rank);
        at += rng.exponential(pause);
      }
      useFallen(attacker, 1, HOUR, DAY);
    },
  };
}

/** One account is worth the trouble: guessed at from many addresses over days. */
export function targetedGuessing(): AttackPlan {
  return {
    kind: "password-guessing",
    run: (attacker) => {
      const { world, rng } = attacker;
      const name = anyPerson(attacker);
      const next = disposable(
        () => world.networks.residential(rng),
        () => 1 + rng.int(4),
      );
      const perDay = rng.betweenLog(60, 1_500);
      const from = onset(attacker);
      const until = Math.min(world.to, from + rng.between(1, 4) * DAY);
      let at = from;
      for (let index = 1; at < until; index += 1) {
        if (guess(attacker, at, name, next(at), rng.chance(0.0004), index)) break;
        at += rng.exponential(DAY / perDay);
      }
      useFallen(attacker, 1, 30 * MINUTE, 2 * DAY);
    },
  };
}
