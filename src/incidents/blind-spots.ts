// What could not be seen, in plain sentences, so that silence is not taken for safety.
import { counted, minutes } from "#/platform/units.ts";
import type { Judge } from "./judge.ts";

/** A gap counts where so many sign-ins would have been usual in it. */
const GAP_EXPECTED_MIN = 200;

const clock = (at: number): string => new Date(at).toISOString().slice(0, 16).replace("T", " ");

export function blindSpots(judge: Judge): string[] {
  const spots: string[] = [];
  const total = judge.successes + judge.failures;
  if (total === 0) return spots;
  if (judge.successes === 0) {
    spots.push(
      "No successful sign-in is in these logs: an account that fell cannot be seen, and a member's mistake cannot be told from a guess.",
    );
  } else if (judge.failures === 0) spots.push("No failed sign-in is in these logs: is the server set to log failures?");
  if (judge.addressless > total / 50) {
    const share = Math.round((100 * judge.addressless) / total);
    spots.push(
      `${share}% of the sign-ins have no client address, so it cannot be said where they came from, nor a member be told from a stranger. If the log has them under a name that was not recognised, say so with --map (address=...).`,
    );
  }
  for (const gap of judge.tally.gaps(GAP_EXPECTED_MIN, minutes(30)).slice(0, 3)) {
    spots.push(`There is a gap from ${clock(gap.from)} to ${clock(gap.to)} UTC in which no sign-in was read.`);
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
