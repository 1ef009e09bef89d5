/** One line of a peer's test suite beside what we read from it: where the two differ, and whether that is meant. */
import { normaliseAccount } from "#/signin/account.ts";
import { canonicalAddress } from "#/signin/address.ts";
import type { Outcome, SignIn } from "#/signin/signin.ts";
import type { Evidence } from "#/sources/source.ts";
import { type Difference, differences } from "./differences.ts";
import type { Peer, Software } from "./peers.ts";
import type { ReadEntry } from "./read-log.ts";

export type Expected = {
  readonly outcome: Outcome | "none";
  /** "" where the peer does not say. */
  readonly address: string;
  /** Undefined where the peer does not say. */
  readonly account: string | undefined;
  /** Month, day and clock in the peer's zone ("08-13T15:45:46"); "" where the peer does not say. */
  readonly clock: string;
};

export type Case = {
  readonly peer: Peer;
  readonly software: Software;
  /** fail2ban's sample file, or CrowdSec's folder. */
  readonly service: string;
  readonly entry: ReadEntry;
  readonly expected: Expected;
  /** The sign-ins of the sample that the line stands in, each counted once. */
  readonly signIns: readonly SignIn[];
  /** The addresses that the peer counts a failure of on other lines of the sample; "" where it leaves one open. */
  readonly counted: readonly string[];
};

export type Verdict = "same" | "joined" | "different";

/** In the zone that fail2ban's own tests are run in. */
const clockFormat = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Europe/Zurich",
  dateStyle: "short",
  timeStyle: "medium",
});
const clockOf = (at: number): string => clockFormat.format(at).slice(5).replace(" ", "T");

/**
 * "same": what they say is what the line says to us. "joined": the line alone does not say it, but the attempt that it is
 * part of is counted, with that address.
 */
export function verdictOn(given: Case): Verdict {
  const { entry, expected, signIns } = given;
  const { outcome, address, account, clock } = expected;
  if (outcome === "none") return verdictOnNone(given);
  const ours = evidenceOf(entry);
  const isSame = ours.some(
    (evidence) =>
      evidence.outcome === outcome &&
      isAddress(evidence.address, address) &&
      isAccount(evidence.account, account) &&
      (clock === "" || clockOf(evidence.at) === clock),
  );
  if (isSame) return "same";
  if (ours.some((evidence) => evidence.address !== "")) return "different";
  const isJoined = signIns.some(
    (signIn) => signIn.outcome === outcome && isAddress(signIn.address, address) && isAccount(signIn.account, account),
  );
  return isJoined ? "joined" : "different";
}

/** A failure to us and none to them is still the same where they count that attempt on another line, or nobody counts it. */
function verdictOnNone({ entry, signIns, counted }: Case): Verdict {
  const failures = evidenceOf(entry).filter(({ outcome }) => outcome === "failure");
  if (failures.length === 0) return "same";
  const isCounted = failures.every(
    (failure) =>
      counted.some((address) => address === "" || failure.address === "" || isAddress(failure.address, address)) ||
      !signIns.some(({ outcome, address }) => outcome === "failure" && isAddress(failure.address, address)),
  );
  return isCounted ? "joined" : "different";
}

const evidenceOf = ({ told }: ReadEntry): Evidence[] =>
  told.flatMap((one) => (one.kind === "evidence" ? [one.evidence] : []));

const isAddress = (ours: string, theirs: string): boolean =>
  theirs === "" || canonicalAddress(ours) === canonicalAddress(theirs);

const isAccount = (ours: string, theirs: string | undefined): boolean =>
  theirs === undefined || normaliseAccount(ours) === normaliseAccount(theirs);

/** The listed difference that the line is an instance of. */
export function listed({ peer, software, entry }: Case): Difference | undefined {
  return differences.find(
    (one) => (one.peer === peer || one.peer === "both") && one.software === software.name && one.line.test(entry.text),
  );
}
