/** Stuffing: pairs of name and password out of somebody else's leak, each tried once. */
import { strangerName } from "../institution/names.ts";
import { DAY, HOUR } from "../world.ts";
import { type AttackPlan, guess, interleaved, onset, useFallen } from "./attack.ts";

export function credentialStuffing(options: {
  perDay: readonly [number, number];
  perAddress: readonly [number, number];
  /** From so many addresses of one network, over and over, instead of from everywhere. */
  fromNetwork?: number;
}): AttackPlan {
  return {
    kind: "credential-stuffing",
    run: (attacker) => {
      const { world, rng } = attacker;
      const known = rng.between(0.05, 0.25);
      const real = world.accounts
        .filter((account) => account.kind !== "service" && rng.chance(known))
        .map((account) => account.name);
      const unknownShare = rng.between(0.4, 0.85);
      const strangers = Array.from({ length: Math.round((real.length * unknownShare) / (1 - unknownShare)) }, () =>
        world.mailName(strangerName(rng)),
      );
      // 0.5 to 2 in a hundred of the pairs that fit an account still open it.
      const hit = rng.between(0.005, 0.02);
      const gap = DAY / rng.betweenLog(...options.perDay);
      const [least, most] = options.perAddress;
      const network = world.networks.hostedNetwork(rng, options.fromNetwork ?? 1);
      const any = (): string =>
        options.fromNetwork === undefined ? world.networks.residential(rng, 0.04) : rng.pick(network);
      const next = interleaved(rng, any, () => least + rng.int(most - least + 1), 20);
      let at = onset(attacker);
      for (const [index, name] of rng.shuffled([...real, ...strangers]).entries()) {
        at += rng.exponential(gap);
        guess(attacker, at, name, next(at), rng.chance(hit), 0x1000_0000 + index);
      }
      useFallen(attacker, 0.8, HOUR, 2 * DAY);
    },
  };
}
