/**
 * The internet's everyday guessing: small bots of one to thirty guesses each, mostly at names that nobody has. It is
 * always there, belongs to no campaign, and must raise no alarm.
 */
import { genericNames, guessedNames, strangerName } from "./institution/names.ts";
import type { Rng } from "./rng.ts";
import { DAY, type World } from "./world.ts";

const services = ["imap", "submission", "submission", "pop3"] as const;

/** A day of it: about `guesses` of them. */
export function backgroundDay(world: World, day: number, guesses: number): void {
  const rng = world.rng.fork("background", day);
  let left = rng.poisson(guesses);
  while (left > 0) {
    const size = Math.min(left, Math.round(rng.betweenLog(1, 30)));
    left -= size;
    bot(world, world.midnight(day) + rng.next() * DAY, size, rng);
  }
}

function bot(world: World, from: number, guesses: number, rng: Rng): void {
  const address = rng.chance(0.5) ? world.networks.hosted(rng) : world.networks.residential(rng, 0.01);
  const service = rng.pick(services);
  const one = rng.chance(0.3) ? guessedName(world, rng) : undefined;
  const pause = rng.betweenLog(1_000, 1_800_000);
  let at = from;
  for (let index = 0; index < guesses; index += 1) {
    const name = one ?? guessedName(world, rng);
    world.push(
      world.attempt(at, "background", {
        name,
        account: world.indexOf(name),
        address,
        service,
        right: false,
        passwordId: 0x2000_0000 + Math.round(rng.betweenLog(1, 1_000_000)),
      }),
    );
    at += pause * rng.between(0.5, 1.5);
  }
}

function guessedName(world: World, rng: Rng): string {
  const kind = rng.next();
  if (kind < 0.62) return world.mailName(rng.pick(guessedNames));
  if (kind < 0.72) return world.mailName(rng.pick(genericNames));
  if (kind < 0.9) return world.mailName(strangerName(rng));
  // Addresses found on web pages: these exist.
  return rng.pick(world.accounts).name;
}
