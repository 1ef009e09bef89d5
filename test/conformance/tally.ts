/** The counts of one software in one peer's suite, and the lines that differ without being listed. */
import { type Case, listed, verdictOn } from "./compare.ts";
import { crowdsecCases } from "./crowdsec-samples.ts";
import type { Difference } from "./differences.ts";
import { fail2banCases } from "./fail2ban-samples.ts";
import { type Peer, type Software, isPresent, peers, software } from "./peers.ts";

export type Tally = {
  readonly software: Software;
  readonly peer: Peer;
  /** Ids of our sources that read something of it, most first. */
  readonly formats: readonly string[];
  /** Lines that the peer takes for a failed sign-in. */
  readonly theirs: number;
  /** Of these, those that are none. */
  readonly noSignIn: number;
  /** Of the rest, those whose attempt we count, and those from which we read what the peer does. */
  readonly read: number;
  readonly same: number;
  readonly differences: ReadonlyMap<Difference, number>;
  /** Lines that differ and are not listed, as an operator of the test wants to see them. */
  readonly unexplained: readonly string[];
};

/** For every software that the peer tests and that we read. */
export function tallies(peer: Peer): Tally[] {
  return software.flatMap((one) => {
    const services = one[peer] ?? [];
    if (services.length === 0 || one.unread !== undefined) return [];
    return [
      tally(
        peer,
        one,
        services.flatMap((service) => casesOf(peer, service, one)),
      ),
    ];
  });
}

/** For every peer whose suite is at hand. */
export const allTallies = (): Tally[] => peers.filter(isPresent).flatMap(tallies);

export const casesOf = (peer: Peer, service: string, one: Software): Case[] =>
  peer === "fail2ban" ? fail2banCases(service, one) : crowdsecCases(service, one);

function tally(peer: Peer, one: Software, cases: readonly Case[]): Tally {
  const formats = new Map<string, number>();
  const differences = new Map<Difference, number>();
  const unexplained: string[] = [];
  const count = { theirs: 0, noSignIn: 0, read: 0, same: 0 };
  for (const given of cases) {
    for (const id of formatsOf(given)) formats.set(id, (formats.get(id) ?? 0) + 1);
    const isTheirs = given.expected.outcome === "failure";
    if (isTheirs) count.theirs += 1;
    if (verdictOn(given) !== "different") {
      if (isTheirs) count.read += 1;
      if (isTheirs) count.same += 1;
      continue;
    }
    const difference = listed(given);
    if (difference === undefined) {
      unexplained.push(told(given));
      continue;
    }
    differences.set(difference, (differences.get(difference) ?? 0) + 1);
    if (!isTheirs) continue;
    if (difference.kind === "no-sign-in") count.noSignIn += 1;
    else if (difference.kind === "elsewhere" || hasFailure(given)) count.read += 1;
  }
  const mostFirst = [...formats].sort((left, right) => right[1] - left[1]).map(([id]) => id);
  return { software: one, peer, formats: mostFirst, ...count, differences, unexplained };
}

const formatsOf = ({ entry }: Case): string[] =>
  entry.told.flatMap((one) => (one.kind === "evidence" ? [one.source.id] : []));

const hasFailure = ({ entry }: Case): boolean =>
  entry.told.some((one) => one.kind === "evidence" && one.evidence.outcome === "failure");

/** Line lengths are the peer's; what is shown of one is enough to find it. */
const SHOWN_MAX = 240;

function told({ service, entry, expected }: Case): string {
  const ours = entry.told.map((one) => {
    if (one.kind !== "evidence") return one.kind;
    const { outcome, account, address, at } = one.evidence;
    return `${one.source.id}: ${outcome} of "${account}" from "${address}" at ${new Date(at).toISOString()}`;
  });
  return (
    `${service}: ${entry.text.slice(0, SHOWN_MAX)}\n` +
    `  theirs: ${JSON.stringify(expected)}\n  ours: ${ours.join("; ") || "nothing"}`
  );
}
