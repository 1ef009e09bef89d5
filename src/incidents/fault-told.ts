// What a fault is called, when it ended, and what is said of it.
import { type Millis, counted, millis } from "#/platform/units.ts";
import type { Fault } from "./conclusion.ts";
import { type Affected, type Open, SLOT, SLOTS_MAX } from "./open-fault.ts";

/** Whether it was an attack rather, or may have been. */
export type Doubt = "none" | "perhaps" | "attack";

/** Nobody attacks from the homes of so many members: failures from more networks than this, for ten accounts, are their own. */
const NETWORKS_PER_TEN = 2;

export const isScattered = (open: Open): boolean => open.networks.size > (open.accounts.size * NETWORKS_PER_TEN) / 10;

/** Failures are down to the members' slips when no more accounts fail in a slot than this share of what was usual in the fault ... */
const OVER_SHARE = 0.25;
/** ... or this many. */
const SLIPS_MAX = 1;
/** Where hardly more than that fail in a slot all along, slips cannot be told from the fault. */
const USUAL_MIN = 2;

/**
 * That a fault is over is seen once many have got in again, which is when they come again: hours later, where it ended as they went
 * home. It ended when the failures did.
 */
export function endOf(open: Open, last: Millis): number {
  if (open.over === 0) return Math.min(last, Math.max(open.lastFailure, open.declared));
  if (open.bySlot.size >= SLOTS_MAX) return open.over;
  const counts = [...open.bySlot.values()];
  const usual = counts.reduce((sum, count) => sum + count, 0) / Math.max(1, counts.length);
  if (usual < USUAL_MIN) return open.over;
  const least = Math.max(SLIPS_MAX, usual * OVER_SHARE);
  let end = open.declared;
  for (const [slot, count] of open.bySlot) if (count > least) end = Math.max(end, (slot + 1) * SLOT);
  return Math.min(open.over, end);
}

/** In a fault hardly anybody gets in and then fails again. */
const MIXED_SHARE_MAX = 0.25;

/**
 * Devices with old passwords, after many have changed theirs: the same accounts get in with one client and fail with the
 * other, over and over. In a fault they fail until it is over, and get in only then.
 */
export function isOldPasswords(open: Open, last: Millis): boolean {
  const kind = kindOf(open, lastingOf(open, last));
  if (kind !== "wrong-passwords" && kind !== "sign-in-outage") return false;
  if ((open.reasons.get("fault") ?? 0) > open.failures / 4) return false;
  let mixed = 0;
  for (const affected of open.accounts.values()) if (affected.mixed) mixed += 1;
  return mixed > open.accounts.size * MIXED_SHARE_MAX;
}

export function toFault(open: Open, index: number, last: Millis, doubt: Doubt): Fault {
  const services = [...open.services].sort((left, right) => right[1] - left[1]).map(([name]) => name);
  const lasting = lastingOf(open, last);
  const { accounts, failures, gotIn } = lasting;
  const kind = kindOf(open, lasting);
  const affected = affectedBy(accounts, kind);
  const share = Math.round(100 * lasting.share);
  const why = [
    `${counted(accounts.length, "account")} failed ${counted(failures, "time")} from where they normally sign in` +
      `${affected < accounts.length ? `, ${affected} of them again and again` : ""}; ` +
      `${counted(gotIn, "account")} got in meanwhile (${share}% of those seen failed).`,
    ...reasonSentences(open, kind),
    doubt === "none" ? againstAttack(open, lasting) : doubtSentence(open, lasting),
  ];
  return {
    id: `F${index + 1}`,
    kind,
    from: millis(open.from),
    to: millis(lasting.end),
    accountsAffected: affected,
    services,
    confidence: doubt === "none" ? "confirmed" : "suspected",
    why,
  };
}

/** From so many failures per account on, it is said that they tried again. */
const TRIED_AGAIN = 1.5;

/** What speaks for a fault, as far as it does. */
function againstAttack(open: Open, { accounts, failures }: Lasting): string {
  const each = failures / Math.max(1, accounts.length);
  const said = `Each of them failed ${each.toFixed(1)} times, from ${counted(open.networks.size, "network")} in all`;
  if (each >= TRIED_AGAIN)
    return `${said}: people and devices try again where they usually get in, and whoever goes through a list does not.`;
  if (isScattered(open)) return `${said}: from where the members are, which is seldom where an attacker is.`;
  return `${said}, from where far fewer got in than usual: a fault keeps everybody out, and an attack nobody.`;
}

const doubtSentence = (open: Open, { accounts, failures }: Lasting): string =>
  `Each of them failed ${(failures / Math.max(1, accounts.length)).toFixed(1)} times, from ${counted(open.networks.size, "network")}: ` +
  "a short fault looks like that, and so does an attack from within, or through a proxy of your own. The log cannot tell.";

/** Failures from which on an account is struck, where most others get in and some slip. */
const STRUCK_FAILURES = 3;
const STRUCK_SHARE_MIN = 0.1;

/** In an outage whoever fails is struck; in a fault of some, whoever keeps failing. */
function affectedBy(accounts: readonly Affected[], kind: string): number {
  if (kind !== "wrong-passwords" && kind !== "one-server" && kind !== "one-client") return accounts.length;
  const struck = accounts.filter(({ failures }) => failures >= STRUCK_FAILURES).length;
  // A short fault gives few the time to keep failing.
  return struck < accounts.length * STRUCK_SHARE_MIN ? accounts.length : struck;
}

/** Who was seen while a fault lasted: what came after its end and before that was seen is everyday life. */
type Lasting = {
  readonly end: number;
  /** Those that failed, and their failures. */
  readonly accounts: readonly Affected[];
  readonly failures: number;
  /** Accounts that got in, among them some that failed. */
  readonly gotIn: number;
  /** Of all the accounts that were seen, how many failed. */
  readonly share: number;
};

export function lastingOf(open: Open, last: Millis): Lasting {
  const end = endOf(open, last);
  const accounts: Affected[] = [];
  let later = 0;
  for (const affected of open.accounts.values()) {
    if (affected.first <= end) accounts.push(affected);
    else later += affected.failures;
  }
  let gotIn = 0;
  let others = 0;
  for (const [name, at] of open.accountsUp) {
    if (at > end) continue;
    gotIn += 1;
    if ((open.accounts.get(name)?.first ?? Number.POSITIVE_INFINITY) > end) others += 1;
  }
  const share = accounts.length / Math.max(1, accounts.length + others);
  return { end, accounts, failures: open.failures - later, gotIn, share };
}

function kindOf(open: Open, lasting: Lasting): string {
  const share = (name: string): number => (open.reasons.get(name) ?? 0) / Math.max(1, open.failures);
  if (share("locked") + share("disabled") > 0.5) return "mass-lockout";
  if (onlyOne(open.servers, open.failures) && open.serversUp.size > 1) return "one-server";
  if (onlyOne(open.clients, open.failures) && open.clients.size > 1) return "one-client";
  if (share("fault") > 0.3) return "sign-in-outage";
  if (isMendedOneByOne(open, lasting)) return "expired-passwords";
  return lasting.share > 0.4 ? "sign-in-outage" : "wrong-passwords";
}

/** Where passwords have expired nearly all have got in before the last one fails ... */
const MENDED_SHARE_MIN = 0.8;
/** ... many of them right between the failures of others ... */
const ALONE_SHARE_MIN = 1 / 3;
/** ... and hardly anybody fails again after that. */
const BY_TURNS_MAX = 0.15;

/**
 * Whether each account's trouble ended by itself, and for good: passwords that expired or were changed, which each mends at his own
 * time while others fail. An outage ends for all at once; one that comes and goes strikes the same accounts again.
 */
function isMendedOneByOne(open: Open, { end, accounts }: Lasting): boolean {
  const slots = [...open.bySlot].filter(([slot]) => slot * SLOT <= end);
  const usual = slots.reduce((sum, [, count]) => sum + count, 0) / Math.max(1, slots.length);
  const isFailing = (slot: number): boolean => (open.bySlot.get(slot) ?? 0) >= Math.max(1, usual * OVER_SHARE);
  let mended = 0;
  let alone = 0;
  let byTurns = 0;
  for (const { gotInAt, mixed } of accounts) {
    const slot = Math.floor(gotInAt / SLOT);
    if (mixed) byTurns += 1;
    else if (gotInAt !== 0 && gotInAt < end) {
      mended += 1;
      if (isFailing(slot) && isFailing(slot + 1)) alone += 1;
    }
  }
  const all = accounts.length;
  return mended >= all * MENDED_SHARE_MIN && alone >= all * ALONE_SHARE_MIN && byTurns <= all * BY_TURNS_MAX;
}

function onlyOne(counts: Map<string, number>, total: number): boolean {
  return [...counts].some(([name, count]) => name !== "" && count / Math.max(1, total) > 0.9);
}

function reasonSentences(open: Open, kind: string): string[] {
  const faulty = open.reasons.get("fault") ?? 0;
  const sentences: string[] = [];
  if (faulty > 0)
    sentences.push(
      `${faulty} of the failures were reported by the server as its own trouble, not as a wrong password.`,
    );
  if (kind === "one-server") sentences.push(`Nearly all of them were on one server: ${most(open.servers)}.`);
  if (kind === "one-client") sentences.push(`Nearly all of them used one client: ${most(open.clients)}.`);
  if (kind === "expired-passwords")
    sentences.push(
      "They got in again one by one, each at a time of its own, while others still failed: so it is where passwords have expired or were reset. An outage ends for all at once.",
    );
  if (kind === "mass-lockout") sentences.push("Most were refused because the account was locked or disabled.");
  return sentences;
}

function most(counts: Map<string, number>): string {
  return [...counts].sort((left, right) => right[1] - left[1])[0]?.[0] ?? "";
}
