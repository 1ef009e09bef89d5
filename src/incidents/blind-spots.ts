// What could not be seen, in plain sentences, so that silence is not taken for safety.
import { counted, minutes, utcMinute } from "#/platform/units.ts";
import { isPrivate } from "#/signin/address.ts";
import type { Origin } from "#/familiarity/records.ts";
import type { Judge } from "./judge.ts";
import { undecidedOrigins } from "./without-successes.ts";

/** A gap counts where so many sign-ins would have been usual in it. */
const GAP_EXPECTED_MIN = 200;

export function blindSpots(judge: Judge): string[] {
  const spots: string[] = [];
  const total = judge.successes + judge.failures;
  if (total === 0) return spots;
  if (judge.successes === 0) {
    spots.push(
      "No successful sign-in is in these logs: an account that fell cannot be seen, and a member's mistake cannot be told from a guess.",
    );
    const undecided = undecidedOrigins(judge);
    if (undecided.length > 0) spots.push(undecidedSentence(undecided));
  } else if (judge.failures === 0) spots.push("No failed sign-in is in these logs: is the server set to log failures?");
  if (judge.addressless > total / 50) {
    const share = Math.round((100 * judge.addressless) / total);
    spots.push(
      `${share}% of the sign-ins have no client address, so it cannot be said where they came from, nor a member be told from a stranger. If the log has them under a name that was not recognised, say so with --map (address=...).`,
    );
  }
  const hidden = hiddenShare(judge);
  if (hidden !== undefined)
    spots.push(
      `${hidden.percent}% of the sign-ins come from ${hidden.address}, an address of your own: a proxy, webmail or load balancer that hides where people really are, so that a guesser among them looks like everybody else. Have it pass the client's address on and log that (Dovecot: haproxy = yes on the listener, or login_trusted_networks for a webmail that says whom it speaks for; Postfix: smtpd_upstream_proxy_protocol; nginx and Apache: real_ip, mod_remoteip).`,
    );
  for (const gap of judge.tally.gaps(GAP_EXPECTED_MIN, minutes(30)).slice(0, 3)) {
    spots.push(`There is a gap from ${utcMinute(gap.from)} to ${utcMinute(gap.to)} UTC in which no sign-in was read.`);
  }
  if (judge.last - judge.first < minutes(60) && judge.successes > 0) {
    spots.push("The logs span less than an hour: what is usual here could hardly be learned.");
  }
  if (judge.familiarity.dropped > 0) {
    spots.push(
      `There were more addresses or names than are kept at once: ${counted(judge.familiarity.dropped, "record")} idle longest had to be dropped (settings originsMax, pairsMax, accountsMax).`,
    );
  }
  if (judge.familiarity.attemptsUnlisted > 0) {
    spots.push(
      `Some addresses tried more accounts than are kept for one: ${counted(judge.familiarity.attemptsUnlisted, "further attempt")} counted, their accounts not named (setting accountsPerOriginMax).`,
    );
  }
  if (judge.unlisted > 0)
    spots.push(
      `The list of findings is full: ${counted(judge.unlisted, "further finding")} counted but not kept (setting findingsMax).`,
    );
  return spots;
}

/** So many are named. */
const NAMED_MAX = 5;

function undecidedSentence(origins: readonly Origin[]): string {
  const named = origins
    .slice(0, NAMED_MAX)
    .map(({ address, accountsFailed }) => `${address} (${counted(accountsFailed, "account")})`);
  const rest = origins.length > NAMED_MAX ? `, and ${origins.length - NAMED_MAX} more` : "";
  const many = origins.length > 1;
  return `${counted(origins.length, "address")} failed on several accounts at the pace of people's slips: ${named.join(", ")}${rest}. ${many ? "They may be shared addresses of your own people, or guessers" : "It may be a shared address of your own people, or a guesser"} with patience; a log with successes would tell.`;
}

/** One private address behind which more than this is hidden blinds us. */
const HIDDEN_SHARE = 0.2;

/** The busiest private address and its share, where that is large enough to hide what happens. */
function hiddenShare(judge: Judge): { readonly address: string; readonly percent: number } | undefined {
  let busiest: { address: string; signIns: number } | undefined;
  for (const { address, successes, failures, accountsOpened } of judge.familiarity.origins.values()) {
    const signIns = successes + failures;
    if (accountsOpened < 2 || signIns <= (busiest?.signIns ?? 0) || !isPrivate(address)) continue;
    busiest = { address, signIns };
  }
  const share = (busiest?.signIns ?? 0) / Math.max(1, judge.successes + judge.failures);
  if (busiest === undefined || share <= HIDDEN_SHARE) return undefined;
  return { address: busiest.address, percent: Math.round(100 * share) };
}
