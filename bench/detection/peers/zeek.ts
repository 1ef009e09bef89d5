/**
 * Zeek, policy/protocols/ssh/detect-bruteforcing: password_guesses_limit = 30 failures of one address within one epoch of
 * guessing_timeout = 30 min. Zeek knows SSH only; here the rule gets every service.
 */
import { minutes } from "#/platform/units.ts";
import { type Peer, everyPeriod, isFailure } from "./peer.ts";

const LIMIT = 30;
const EPOCH = minutes(30);

export const zeek: Peer = {
  name: "Zeek",
  rule: "30 failures of an address within an epoch of 30 minutes",
  needs: "made for SSH; here it sees every service",
  blocks: "for good",
  start: (say) => {
    const failures = new Map<string, number>();
    return {
      until: everyPeriod(EPOCH, () => failures.clear()),
      step: ({ signIn }) => {
        if (!isFailure(signIn)) return;
        const count = (failures.get(signIn.address) ?? 0) + 1;
        failures.set(signIn.address, count);
        if (count === LIMIT) say(signIn.at, signIn.address);
      },
    };
  },
};
