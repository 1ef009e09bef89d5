/**
 * What the gate would have done, had it been enforcing, from what it recorded while it watched; and whom that would have hurt: who was to be
 * refused and signed in from there all the same, since the password was right. That is a member, or a thief: the names are told, for a person to say.
 */
import type { Millis } from "#/platform/units.ts";
import type { Code } from "./attempt.ts";
import type { VerdictLog } from "./ports.ts";

/** A sign-in that succeeded. */
export type Success = { readonly at: Millis; readonly account: string; readonly address: string };

/** Who got in from where, since a time, in pieces of bounded size. The gate's port to the log of sign-ins. */
export type SuccessesSince = (at: Millis) => Iterable<readonly Success[]>;

export type Hurt = { readonly account: string; readonly address: string; readonly code: Code; readonly at: Millis };

export type WouldHave = {
  readonly since: Millis;
  readonly refused: number;
  readonly delayed: number;
  /** Refused ones by code, the most first. */
  readonly byCode: readonly (readonly [code: Code, count: number])[];
  readonly accounts: number;
  readonly addresses: number;
  /** Pairs of account and address that were to be refused and then signed in. */
  readonly hurtPairs: number;
  readonly hurtAccounts: number;
  /** The first of them. */
  readonly hurt: readonly Hurt[];
  /** Whether there were more than could be looked at, so that the figures are too low. */
  readonly isCut: boolean;
};

/** Pairs that are remembered: a campaign of a week. */
const PAIRS_MAX = 200_000;
const NAMED_MAX = 10;

export function wouldHave(
  verdicts: VerdictLog["readSince"],
  successes: SuccessesSince,
  since: Millis,
  pairsMax: number = PAIRS_MAX,
): WouldHave {
  const byCode = new Map<Code, number>();
  const pairs = new Map<string, { readonly at: Millis; readonly code: Code; hasSignedIn: boolean }>();
  const accounts = new Set<string>();
  const addresses = new Set<string>();
  let delayed = 0;
  let isCut = false;
  for (const piece of verdicts(since)) {
    for (const { at, account, address, code, would } of piece) {
      if (would === "delay") delayed += 1;
      if (would !== "refuse") continue;
      byCode.set(code, (byCode.get(code) ?? 0) + 1);
      const pair = pairOf(account, address);
      if (pairs.has(pair)) continue;
      if (pairs.size >= pairsMax) {
        isCut = true;
        continue;
      }
      pairs.set(pair, { at, code, hasSignedIn: false });
      accounts.add(account);
      addresses.add(address);
    }
  }
  const hurt: Hurt[] = [];
  const hurtAccounts = new Set<string>();
  let hurtPairs = 0;
  for (const piece of pairs.size === 0 ? [] : successes(since)) {
    for (const { at, account, address } of piece) {
      const refused = pairs.get(pairOf(account, address));
      if (refused === undefined || refused.hasSignedIn || at < refused.at) continue;
      refused.hasSignedIn = true;
      hurtPairs += 1;
      hurtAccounts.add(account);
      if (hurt.length < NAMED_MAX) hurt.push({ account, address, code: refused.code, at });
    }
  }
  const sorted = [...byCode].sort((left, right) => right[1] - left[1]);
  const refused = sorted.reduce((sum, [, count]) => sum + count, 0);
  return {
    since,
    refused,
    delayed,
    byCode: sorted,
    accounts: accounts.size,
    addresses: addresses.size,
    hurtPairs,
    hurtAccounts: hurtAccounts.size,
    hurt,
    isCut,
  };
}

/** No address has a line break in it. */
const pairOf = (account: string, address: string): string => `${address}\n${account}`;
