/**
 * Elastic, "Okta Brute Force or Password Spraying Attack" (elastic/detection-rules, 42bf698b): a threshold rule, 25 failed
 * authentications of one source.ip. Without a schedule of its own it runs every 5 minutes over the last 6.
 */
import { minutes } from "#/platform/units.ts";
import { type Peer, everyPeriod, isFailure } from "./peer.ts";

const THRESHOLD = 25;
const PERIOD = minutes(5);
const WINDOW = minutes(6);

export const elastic: Peer = {
  name: "Elastic (Okta)",
  rule: "25 failures of an address within 6 minutes, looked at every 5",
  needs: "nothing further",
  blocks: "for good",
  start: (say) => {
    let failures: { readonly at: number; readonly address: string }[] = [];
    return {
      until: everyPeriod(PERIOD, (now) => {
        failures = failures.filter(({ at }) => at >= now - WINDOW);
        const counts = new Map<string, number>();
        for (const { address } of failures) counts.set(address, (counts.get(address) ?? 0) + 1);
        for (const [address, count] of counts) if (count >= THRESHOLD) say(now, address);
      }),
      step: ({ signIn }) => {
        if (isFailure(signIn)) failures.push({ at: signIn.at, address: signIn.address });
      },
    };
  },
};
