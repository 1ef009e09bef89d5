/**
 * What weak witnesses know that the better one left out: why an attempt failed, whose it was and whence, and, where one line
 * closes a connection with the sum of its attempts, which other names were tried on it.
 */
import type { Millis } from "#/platform/units.ts";
import type { Reason } from "#/signin/signin.ts";
import type { Evidence } from "#/sources/source.ts";
import type { Held } from "./connection.ts";

/** An account in its one spelling. */
type Spell = (account: string) => string;

/** A name that was tried before the one that the closing line gives. */
export type Other = {
  readonly account: string;
  readonly at: Millis;
  readonly reason: Reason | "";
  readonly count: number;
};

/** The latest witness is likeliest to mean this attempt. */
export function learnMore(evidence: Evidence, witnesses: readonly Held[], spell: Spell): void {
  const own = evidence.reason;
  for (let index = witnesses.length - 1; index >= 0; index -= 1) {
    const witness = witnesses[index]?.evidence;
    if (witness?.outcome !== "failure") continue;
    if (evidence.account === "") evidence.account = witness.account;
    if (evidence.address === "") evidence.address = witness.address;
    const saysNothing = evidence.reason === "bad-password" || evidence.reason === "other";
    if (saysNothing && isAbout(witness, evidence.account, spell)) evidence.reason = witness.reason;
  }
  if (own !== evidence.reason) trustWhoKnows(evidence, witnesses, spell);
}

/** Of several password databases that were asked, one that knows the account says more than those that do not. */
export function trustWhoKnows(evidence: Evidence, witnesses: readonly Held[], spell: Spell): void {
  if (evidence.reason !== "unknown-account") return;
  for (const { evidence: witness } of witnesses) {
    if (!isKnown(witness) || !isAbout(witness, evidence.account, spell)) continue;
    evidence.reason = "bad-password";
    return;
  }
}

/** The other names, in the order in which they were first tried; all of them together at most `max` times. */
export function othersTried(account: string, witnesses: readonly Held[], max: number, spell: Spell): Other[] {
  const names = new Map<string, Held[]>();
  for (const held of witnesses) {
    const { evidence } = held;
    if (held.done || evidence.outcome !== "failure" || evidence.account === "") continue;
    if (isAbout(evidence, account, spell)) continue;
    const name = spell(evidence.account);
    const before = names.get(name);
    if (before === undefined) names.set(name, [held]);
    else before.push(held);
  }
  const others: Other[] = [];
  let left = max;
  for (const [, helds] of names) {
    const other = otherOf(helds, left);
    if (other === undefined) break;
    others.push(other);
    left -= other.count;
  }
  return others;
}

/** Each password database that was asked counts apart, as the channels of a connection do. */
function otherOf(witnesses: readonly Held[], max: number): Other | undefined {
  const [first] = witnesses;
  const last = witnesses.at(-1);
  if (first === undefined || last === undefined || max <= 0) return undefined;
  const sums = new Map<string, number>();
  for (const { evidence } of witnesses) sums.set(evidence.channel, (sums.get(evidence.channel) ?? 0) + evidence.count);
  const isAnyKnown = last.evidence.reason === "unknown-account" && witnesses.some(({ evidence }) => isKnown(evidence));
  const { account, at } = first.evidence;
  const reason = isAnyKnown ? "bad-password" : last.evidence.reason;
  return { account, at, reason, count: Math.min(max, Math.max(...sums.values())) };
}

/** Whether it says that the account is there. A module of PAM's says "authentication failure" of those who are not, too. */
const isKnown = ({ outcome, reason, channel }: Evidence): boolean =>
  outcome === "failure" && reason === "bad-password" && !channel.startsWith("pam_");

/** Whether a witness may mean this account. One that names nobody may, and one that leaves out the domain. */
function isAbout({ account }: Evidence, other: string, spell: Spell): boolean {
  if (account === other || account === "" || other === "") return true;
  const one = spell(account);
  const two = spell(other);
  return one === two || one.startsWith(`${two}@`) || two.startsWith(`${one}@`);
}
