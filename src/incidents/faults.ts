/**
 * The faults: between the detector's onset and its end, who was affected, on which service and server, with which client
 * and reason, so that a fault can be called by its name. Keeps a short memory of members' failures, since a fault is
 * declared a little after it began.
 */
import type { Found } from "#/detectors/detector.ts";
import { isMembers } from "#/detectors/fault/fault.ts";
import type { Observation } from "#/familiarity/familiarity.ts";
import type { Account } from "#/familiarity/records.ts";
import { type Millis, days, hours } from "#/platform/units.ts";
import type { Fault } from "./conclusion.ts";
import { type Doubt, endOf, isOldPasswords, isScattered, lastingOf, toFault } from "./fault-told.ts";
import { ACCOUNTS_MAX, STUCK_PAUSE, type Failed, type Open, include, noteIn } from "./open-fault.ts";
import { type Judged, overlaps } from "./shared-campaigns.ts";

const RECENT_MAX = 8_192;
/** Devices with an old password are found and mended within days. */
const CHANGED_FOR = days(4);

/** What begins again after no longer than this goes on. */
const PAUSE = hours(2);

export class FaultBook {
  private readonly recent: Failed[] = [];
  private next = 0;
  private readonly open: Open[] = [];
  /** Accounts whose password has expired, and when they were told. */
  private readonly expired = new Map<string, number>();

  observe(seen: Observation): void {
    const current = this.open.at(-1);
    const running = current !== undefined && current.over === 0 ? current : undefined;
    const { signIn } = seen;
    if (!isMembers(seen)) return;
    if (signIn.outcome === "success") {
      // Also in a pause, after which the fault may go on.
      if (current !== undefined) noteIn(current, seen);
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
    if (running !== undefined) include(running, failed, this.isChanged);
    this.recent[this.next % RECENT_MAX] = failed;
    this.next += 1;
  }

  #noteExpired({ account, at }: Observation): void {
    if (this.expired.size >= ACCOUNTS_MAX) this.expired.clear();
    this.expired.set(account.name, at);
  }

  /** Whether the account's password expired within the days before. */
  private readonly isChanged = (account: string, at: number): boolean =>
    at - (this.expired.get(account) ?? 0) < CHANGED_FOR;

  /** @param accounts all that are known: their last successes say who got in between the onset and the declaration. */
  found(found: Found, accounts: ReadonlyMap<string, Account>): void {
    if (found.kind === "fault-over") {
      const last = this.open.at(-1);
      if (last !== undefined && last.over === 0) last.over = found.at;
      return;
    }
    if (found.kind !== "fault") return;
    const last = this.open.at(-1);
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
      accountsUp: new Map(),
      bySlot: new Map(),
      failures: 0,
      isStuck: found.isStuck,
      why: found.why,
    };
    for (const failed of this.recent) if (failed.at >= open.from) include(open, failed, this.isChanged);
    for (const { name, lastSuccess } of accounts.values()) {
      if (lastSuccess < open.from || open.accountsUp.size >= ACCOUNTS_MAX) continue;
      open.accountsUp.set(name, lastSuccess);
      const affected = open.accounts.get(name);
      if (affected !== undefined && lastSuccess > affected.last) affected.gotInAt = lastSuccess;
    }
    this.open.push(open);
  }

  /** @param judged what failed from shared networks, and whether that was an attack: a fault that it explains is none. */
  conclude(last: Millis, judged: readonly Judged[]): Fault[] {
    return this.open
      .filter((open) => !isOldPasswords(open, last))
      .map((open) => ({ open, doubt: doubtOf(open, judged, endOf(open, last)) }))
      .filter(({ doubt }) => doubt !== "attack")
      .map(({ open, doubt }, index) => toFault(open, index, last, doubt));
  }

  /** Times during which a fault ran, for whoever must not take members' trouble for an attack. */
  spans(last: Millis): { from: number; to: number; share: number }[] {
    return this.open
      .filter((open) => !isOldPasswords(open, last))
      .map((open) => ({ from: open.from, to: open.over === 0 ? last : open.over, share: lastingOf(open, last).share }));
  }
}

/** Of the accounts that failed, this share must have failed in an attack for it to be the whole explanation. */
const EXPLAINED_SHARE = 0.7;
/** In an outage people and devices try again: fewer failures per account than this say nothing for one. */
const PER_ACCOUNT_MIN = 1.3;

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

/** The share of the failing accounts that failed in these spells. */
function explainedBy(open: Open, judged: readonly Judged[]): number {
  if (judged.length === 0) return 0;
  const names = new Set(judged.flatMap(({ spell }) => [...spell.tried.keys()].map(({ name }) => name)));
  let explained = 0;
  for (const account of open.accounts.keys()) if (names.has(account)) explained += 1;
  return explained / Math.max(1, open.accounts.size);
}
