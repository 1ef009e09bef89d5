// A fault in the making: who fails in it, who gets in, and where. Bounded in all that a stranger, or a long fault, can grow.
import type { Observation } from "#/familiarity/familiarity.ts";
import { hours, minutes } from "#/platform/units.ts";

/** Who is stuck one by one sleeps at night, and is stuck again in the morning. */
export const STUCK_PAUSE = hours(12);
export const ACCOUNTS_MAX = 200_000;
const NAMES_MAX = 256;
/** Width of the slots by which failing accounts are counted. */
export const SLOT = minutes(5);
/** Two months of slots; a fault that goes on for longer ends when the detector says so. */
export const SLOTS_MAX = 20_000;

/** A member's failure. */
export type Failed = {
  at: number;
  account: string;
  network: string;
  service: string;
  server: string;
  client: string;
  reason: string;
};

/** An account that failed in a fault: when it got in after that, and whether it failed again (or had a new password before). */
export type Affected = {
  readonly first: number;
  last: number;
  failures: number;
  gotInAt: number;
  mixed: boolean;
  slot: number;
};

export type Open = {
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
  /** Accounts that got in, and when first. */
  readonly accountsUp: Map<string, number>;
  /** Accounts that failed, by slot of time. */
  readonly bySlot: Map<number, number>;
  failures: number;
  readonly why: string;
};

/** Also in a pause, after which the fault may go on. */
export function noteIn(open: Open, { account, at, signIn }: Observation): void {
  const affected = open.accounts.get(account.name);
  if (affected?.gotInAt === 0) affected.gotInAt = at;
  if (open.over === 0) bump(open.serversUp, signIn.server);
  else if (at > open.over + STUCK_PAUSE) return;
  if (!open.accountsUp.has(account.name) && open.accountsUp.size < ACCOUNTS_MAX) open.accountsUp.set(account.name, at);
}

export function include(open: Open, failed: Failed, isChanged: (account: string, at: number) => boolean): void {
  open.failures += 1;
  open.lastFailure = Math.max(open.lastFailure, failed.at);
  const slot = Math.floor(failed.at / SLOT);
  const affected = open.accounts.get(failed.account);
  if (affected?.slot !== slot) bumpSlot(open.bySlot, slot);
  if (affected !== undefined) {
    affected.mixed ||= affected.gotInAt !== 0;
    affected.last = Math.max(affected.last, failed.at);
    affected.failures += 1;
    affected.slot = slot;
  } else if (open.accounts.size < ACCOUNTS_MAX)
    open.accounts.set(failed.account, {
      first: failed.at,
      last: failed.at,
      failures: 1,
      gotInAt: 0,
      mixed: isChanged(failed.account, failed.at),
      slot,
    });
  if (open.networks.size < ACCOUNTS_MAX) open.networks.add(failed.network);
  bump(open.services, failed.service);
  bump(open.servers, failed.server);
  bump(open.clients, failed.client);
  bump(open.reasons, failed.reason);
}

function bumpSlot(counts: Map<number, number>, slot: number): void {
  if (counts.has(slot) || counts.size < SLOTS_MAX) counts.set(slot, (counts.get(slot) ?? 0) + 1);
}

function bump(counts: Map<string, number>, name: string): void {
  const count = counts.get(name);
  if (count !== undefined || counts.size < NAMES_MAX) counts.set(name, (count ?? 0) + 1);
}
