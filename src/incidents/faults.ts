/**
 * The faults: between the detector's onset and its end, who was affected, on which service and server, with which client
 * and reason, so that a fault can be called by its name. Keeps a short memory of members' failures, since a fault is
 * declared a little after it began.
 */
import type { Found } from "#/detectors/detector.ts";
import { isMembers } from "#/detectors/fault/fault.ts";
import type { Observation } from "#/familiarity/familiarity.ts";
import { type Millis, counted, days, hours, millis, minutes } from "#/platform/units.ts";
import type { Fault } from "./conclusion.ts";
import { type Judged, overlaps } from "./shared-campaigns.ts";

const RECENT_MAX = 8_192;
const ACCOUNTS_MAX = 200_000;
const NAMES_MAX = 256;
/** Devices with an old password are found and mended within days. */
const CHANGED_FOR = days(4);

type Failed = {
  at: number;
  account: string;
  network: string;
  service: string;
  server: string;
  client: string;
  reason: string;
};

/** An account that failed in a fault: whether it got in after that, and failed again (or had a new password before). */
type Affected = { failures: number; gotIn: boolean; mixed: boolean; slot: number };

type Open = {
  readonly from: number;
  readonly declared: number;
  lastFailure: number;
  over: number;
  /** Whether accounts were stuck one by one, rather than out all at once. */
  readonly isStuck: boolean;
  /** Affected accounts. */
  readonly accounts: Map<string, Affected>;
  /** Networks from which they failed. */
  readonly networks: Set<string>;
  readonly services: Map<string, number>;
  readonly servers: Map<string, number>;
  readonly clients: Map<string, number>;
  readonly reasons: Map<string, number>;
  readonly serversUp: Map<string, number>;
  /** Accounts that got in. */
  readonly accountsUp: Set<string>;
  /** Accounts that failed, by slot of time. */
  readonly bySlot: Map<number, number>;
  failures: number;
  readonly why: string;
};

/** What begins again after no longer than this goes on. */
const PAUSE = hours(2);
/** Who is stuck one by one sleeps at night, and is stuck again in the morning. */
const STUCK_PAUSE = hours(12);

export class FaultBook {
  readonly #recent: Failed[] = [];
  #next = 0;
  readonly #open: Open[] = [];
  /** Accounts whose password has expired, and when they were told. */
  readonly #expired = new Map<string, number>();

  observe(seen: Observation): void {
    const current = this.#open.at(-1);
    const running = current !== undefined && current.over === 0 ? current : undefined;
    const { signIn } = seen;
    if (!isMembers(seen)) return;
    if (signIn.outcome === "success") {
      // Also in a pause, after which the fault may go on.
      const affected = current?.accounts.get(seen.account.name);
      if (affected !== undefined) affected.gotIn = true;
      if (running === undefined) return;
      bump(running.serversUp, signIn.server);
      if (running.accountsUp.size < ACCOUNTS_MAX) running.accountsUp.add(seen.account.name);
      return;
    }
    // An expired password is no fault, and neither is its owner's surprise.
    if (signIn.reason === "expired") {
      this.#noteExpired(seen);
      return;
    }
    const failed: Failed = {
      at: signIn.at,
      account: seen.account.name,
      network: seen.origin.network,
      service: signIn.service,
      server: signIn.server,
      client: signIn.client,
      reason: signIn.reason,
    };
    if (running !== undefined) include(running, failed, this.#isChanged);
    this.#recent[this.#next % RECENT_MAX] = failed;
    this.#next += 1;
  }

  #noteExpired({ account, at }: Observation): void {
    if (this.#expired.size >= ACCOUNTS_MAX) this.#expired.clear();
    this.#expired.set(account.name, at);
  }

  /** Whether the account's password expired within the days before. */
  readonly #isChanged = (account: string, at: number): boolean => at - (this.#expired.get(account) ?? 0) < CHANGED_FOR;

  found(found: Found): void {
    if (found.kind === "fault-over") {
      const last = this.#open.at(-1);
      if (last !== undefined && last.over === 0) last.over = found.at;
      return;
    }
    if (found.kind !== "fault") return;
    const last = this.#open.at(-1);
    // The second chart confirms what the first has said, or the same trouble flares up again.
    const pause = last?.isStuck === true && found.isStuck ? STUCK_PAUSE : PAUSE;
    if (last !== undefined && (last.over === 0 || found.since < last.over + pause)) {
      last.over = 0;
      return;
    }
    const open: Open = {
      from: found.since,
      declared: found.at,
      lastFailure: found.at,
      over: 0,
      accounts: new Map(),
      networks: new Set(),
      services: new Map(),
      servers: new Map(),
      clients: new Map(),
      reasons: new Map(),
      serversUp: new Map(),
      accountsUp: new Set(),
      bySlot: new Map(),
      failures: 0,
      isStuck: found.isStuck,
      why: found.why,
    };
    for (const failed of this.#recent) if (failed.at >= open.from) include(open, failed, this.#isChanged);
    this.#open.push(open);
  }

  /** @param judged what failed from shared networks, and whether that was an attack: a fault that it explains is none. */
  conclude(last: Millis, judged: readonly Judged[]): Fault[] {
    return this.#open
      .filter((open) => !isOldPasswords(open))
      .map((open) => ({ open, doubt: doubtOf(open, judged, endOf(open, last)) }))
      .filter(({ doubt }) => doubt !== "attack")
      .map(({ open, doubt }, index) => toFault(open, index, last, doubt));
  }

  /** Times during which a fault ran, for whoever must not take members' trouble for an attack. */
  spans(last: Millis): { from: number; to: number; share: number }[] {
    return this.#open
      .filter((open) => !isOldPasswords(open))
      .map((open) => ({ from: open.from, to: open.over === 0 ? last : open.over, share: affectedShare(open) }));
  }
}

function include(open: Open, failed: Failed, isChanged: (account: string, at: number) => boolean): void {
  open.failures += 1;
  open.lastFailure = Math.max(open.lastFailure, failed.at);
  const slot = Math.floor(failed.at / SLOT);
  const affected = open.accounts.get(failed.account);
  if (affected?.slot !== slot) bumpSlot(open.bySlot, slot);
  if (affected !== undefined) {
    affected.mixed ||= affected.gotIn;
    affected.failures += 1;
    affected.slot = slot;
  } else if (open.accounts.size < ACCOUNTS_MAX)
    open.accounts.set(failed.account, { failures: 1, gotIn: false, mixed: isChanged(failed.account, failed.at), slot });
  if (open.networks.size < ACCOUNTS_MAX) open.networks.add(failed.network);
  bump(open.services, failed.service);
  bump(open.servers, failed.server);
  bump(open.clients, failed.client);
  bump(open.reasons, failed.reason);
}

/** Whether it was an attack rather, or may have been. */
type Doubt = "none" | "perhaps" | "attack";

/** Of the accounts that failed, this share must have failed in an attack for it to be the whole explanation. */
const EXPLAINED_SHARE = 0.7;
/** In an outage people and devices try again: fewer failures per account than this say nothing for one. */
const PER_ACCOUNT_MIN = 1.3;
/** Nobody attacks from the homes of so many members: failures from more networks than this, for ten accounts, are their own. */
const NETWORKS_PER_TEN = 2;

function doubtOf(open: Open, judged: readonly Judged[], to: number): Doubt {
  const meanwhile = judged.filter(({ spell }) => overlaps(spell, open.from, to));
  const inAttack = explainedBy(
    open,
    meanwhile.filter(({ verdict }) => verdict === "attack"),
  );
  if (inAttack >= EXPLAINED_SHARE) return "attack";
  const inDoubt = explainedBy(
    open,
    meanwhile.filter(({ verdict }) => verdict !== "fault"),
  );
  if (inDoubt >= EXPLAINED_SHARE) return "perhaps";
  const said = (open.reasons.get("fault") ?? 0) + (open.reasons.get("locked") ?? 0);
  if (said > open.failures / 4 || meanwhile.some(({ verdict }) => verdict === "fault")) return "none";
  return isScattered(open) || open.failures / open.accounts.size >= PER_ACCOUNT_MIN ? "none" : "perhaps";
}

const isScattered = (open: Open): boolean => open.networks.size > (open.accounts.size * NETWORKS_PER_TEN) / 10;

/** The share of the failing accounts that failed in these spells. */
function explainedBy(open: Open, judged: readonly Judged[]): number {
  if (judged.length === 0) return 0;
  const names = new Set(judged.flatMap(({ spell }) => [...spell.tried.keys()].map(({ name }) => name)));
  let explained = 0;
  for (const account of open.accounts.keys()) if (names.has(account)) explained += 1;
  return explained / Math.max(1, open.accounts.size);
}

const SLOT = minutes(5);
/** Two months of slots; a fault that goes on for longer ends when the detector says so. */
const SLOTS_MAX = 20_000;
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
function endOf(open: Open, last: Millis): number {
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
function isOldPasswords(open: Open): boolean {
  const kind = kindOf(open);
  if (kind !== "wrong-passwords" && kind !== "sign-in-outage") return false;
  if ((open.reasons.get("fault") ?? 0) > open.failures / 4) return false;
  let mixed = 0;
  for (const affected of open.accounts.values()) if (affected.mixed) mixed += 1;
  return mixed > open.accounts.size * MIXED_SHARE_MAX;
}

function bumpSlot(counts: Map<number, number>, slot: number): void {
  if (counts.has(slot) || counts.size < SLOTS_MAX) counts.set(slot, (counts.get(slot) ?? 0) + 1);
}

function bump(counts: Map<string, number>, name: string): void {
  const count = counts.get(name);
  if (count !== undefined || counts.size < NAMES_MAX) counts.set(name, (count ?? 0) + 1);
}

function toFault(open: Open, index: number, last: Millis, doubt: Doubt): Fault {
  const services = [...open.services].sort((left, right) => right[1] - left[1]).map(([name]) => name);
  const kind = kindOf(open);
  const affected = affectedBy(open, kind);
  const share = Math.round(100 * affectedShare(open));
  const why = [
    `${counted(open.accounts.size, "account")} failed ${counted(open.failures, "time")} from where they normally sign in` +
      `${affected < open.accounts.size ? `, ${affected} of them again and again` : ""}; ` +
      `${counted(open.accountsUp.size, "account")} got in (${share}% of those seen failed).`,
    ...reasonSentences(open, kind),
    doubt === "none" ? againstAttack(open) : doubtSentence(open),
  ];
  return {
    id: `F${index + 1}`,
    kind,
    from: millis(open.from),
    to: millis(endOf(open, last)),
    accountsAffected: affected,
    services,
    confidence: doubt === "none" ? "confirmed" : "suspected",
    why,
  };
}

/** From so many failures per account on, it is said that they tried again. */
const TRIED_AGAIN = 1.5;

/** What speaks for a fault, as far as it does. */
function againstAttack(open: Open): string {
  const each = open.failures / Math.max(1, open.accounts.size);
  const said = `Each of them failed ${each.toFixed(1)} times, from ${counted(open.networks.size, "network")} in all`;
  if (each >= TRIED_AGAIN)
    return `${said}: people and devices try again where they usually get in, and whoever goes through a list does not.`;
  if (isScattered(open)) return `${said}: from where the members are, which is seldom where an attacker is.`;
  return `${said}, from where far fewer got in than usual: a fault keeps everybody out, and an attack nobody.`;
}

const doubtSentence = (open: Open): string =>
  `Each of them failed ${(open.failures / Math.max(1, open.accounts.size)).toFixed(1)} times, from ${counted(open.networks.size, "network")}: ` +
  "a short fault looks like that, and so does an attack from within, or through a proxy of your own. The log cannot tell.";

/** Failures from which on an account is struck, where most others get in and some slip. */
const STRUCK_FAILURES = 3;
const STRUCK_SHARE_MIN = 0.1;

/** In an outage whoever fails is struck; in a fault of some, whoever keeps failing. */
function affectedBy(open: Open, kind: string): number {
  if (kind === "sign-in-outage" || kind === "mass-lockout") return open.accounts.size;
  const struck = [...open.accounts.values()].filter(({ failures }) => failures >= STRUCK_FAILURES).length;
  // A short fault gives few the time to keep failing.
  return struck < open.accounts.size * STRUCK_SHARE_MIN ? open.accounts.size : struck;
}

/** Of the accounts that were seen in it, how many failed. */
function affectedShare(open: Open): number {
  return open.accounts.size / Math.max(1, new Set([...open.accounts.keys(), ...open.accountsUp]).size);
}

function kindOf(open: Open): string {
  const share = (name: string): number => (open.reasons.get(name) ?? 0) / Math.max(1, open.failures);
  if (share("locked") + share("disabled") > 0.5) return "mass-lockout";
  if (onlyOne(open.servers, open.failures) && open.serversUp.size > 1) return "one-server";
  if (onlyOne(open.clients, open.failures) && open.clients.size > 1) return "one-client";
  const affected = affectedShare(open);
  return share("fault") > 0.3 || affected > 0.4 ? "sign-in-outage" : "wrong-passwords";
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
  if (kind === "mass-lockout") sentences.push("Most were refused because the account was locked or disabled.");
  return sentences;
}

function most(counts: Map<string, number>): string {
  return [...counts].sort((left, right) => right[1] - left[1])[0]?.[0] ?? "";
}
