/**
 * fail2ban as it is installed: jail.conf of 1.1 says maxretry = 5, findtime = 10m, bantime = 10m. Each jail counts the failures
 * of one address that its filter matches.
 */
import { minutes } from "#/platform/units.ts";
import { type Peer, Recent, isFailure } from "./peer.ts";

const MAX_RETRY = 5;
const FIND_TIME = minutes(10);

export const fail2ban: Peer = {
  name: "fail2ban",
  rule: "5 failures of an address within 10 minutes; bans it for 10 minutes",
  needs: "nothing further",
  blocks: minutes(10),
  start: (say) => {
    const failures = new Recent<number[]>(FIND_TIME, () => []);
    return {
      step: ({ signIn }) => {
        if (!isFailure(signIn)) return;
        const { at, address } = signIn;
        const times = failures.at(address, at);
        times.push(at);
        while ((times[0] ?? at) < at - FIND_TIME) times.shift();
        if (times.length < MAX_RETRY) return;
        failures.forget(address);
        say(at, address);
      },
    };
  },
};
