/**
 * Splunk, "Azure AD Unusual Number of Failed Authentications From Ip" (splunk/security_content, 3d8d3a36): accounts with a wrong
 * password per address in bins of 5 minutes; an outlier has more than 10 and lies 3 standard deviations above that address's own
 * mean. Scheduled hourly, over the hour that ended ten minutes ago. (Among two to ten bins no value can lie 3 standard deviations
 * above their mean; a lone bin has a deviation of 0.)
 */
import { hours, minutes } from "#/platform/units.ts";
import { Bins } from "./bins.ts";
import { type Peer, everyPeriod } from "./peer.ts";

const BIN = minutes(5);
const ACCOUNTS_OVER = 10;
const SIGMAS = 3;

export const splunk: Peer = {
  name: "Splunk",
  rule: "more than 10 accounts failing from an address within 5 minutes, and 3 sigma above that address's own mean; hourly",
  needs: "the reason of a failure (error 50126, wrong password)",
  blocks: "for good",
  start: (say) => {
    const bins = new Bins(BIN);
    return {
      until: everyPeriod(hours(1), (now) => {
        for (const [address, counts] of bins.counts(now - minutes(70), now - minutes(10))) {
          const bound = upperBound(counts);
          if (counts.some((count) => count > ACCOUNTS_OVER && count >= bound)) say(now, address);
        }
      }),
      step: ({ signIn: { at, outcome, reason, address, account } }) => {
        if (outcome === "failure" && (reason === "bad-password" || reason === "other")) bins.add(at, address, account);
      },
    };
  },
};

function upperBound(counts: readonly number[]): number {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const squares = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0);
  return mean + SIGMAS * (counts.length > 1 ? Math.sqrt(squares / (counts.length - 1)) : 0);
}
