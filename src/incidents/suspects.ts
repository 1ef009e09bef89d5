/**
 * Hindsight: at the end, everything is known that the running state had yet to learn (who came back and signed in, which names
 * exist), so the pairs that still look like a stranger's guess are gathered, once, and counted against what is usual.
 */
import {
  type Account,
  Familiar,
  type Origin,
  type Pair,
  exists,
  isNeighbourhood,
  isOldPassword,
  wasRetrying,
} from "#/familiarity/records.ts";
import { days } from "#/platform/units.ts";
import { isMisspelling } from "#/signin/misspelling.ts";
import { COMES_AGAIN_AFTER } from "#/detectors/distributed/distributed.ts";
import type { Familiarity } from "#/familiarity/familiarity.ts";

/** A pair of account and address that looks like a guess of a stranger. */
export type Suspect = {
  readonly pair: Pair;
  /** Its first failure, ms; its last one, where it comes again after days and is gathered twice. */
  readonly at: number;
  /** The account is known to exist. */
  readonly known: boolean;
  /** How much it counts: less where others failed from the same address, or the account is known in the wider area. */
  readonly weight: number;
};

/** Whether the account had no business at this address when it first came: no success from its network before. */
export const isStrange = (pair: Pair): boolean => pair.familiarAtFirst < Familiar.network;

/**
 * An origin that members use: an account signed in here as a matter of course (from several days, or often), or more accounts
 * signed in than failed. One that only ever opened an account or two among failures is not.
 */
export function isMembers(origin: Origin): boolean {
  if (origin.accountsOpened === 0) return false;
  const failed = origin.accountsFailed - slips(origin);
  if (origin.accountsOpened > failed + 1) return true;
  // Two honest sign-ins do not excuse a hundred guesses.
  if (failed >= 5 && failed > 3 * origin.accountsOpened) return false;
  for (const pair of origin.pairs.values()) {
    if (pair.successes > 0 && pair.familiarAtFirst >= Familiar.network) return true;
    if (pair.trusted > 1 && pair.lastSuccess - pair.firstSuccess > 20 * 3_600_000) return true;
  }
  // Somebody who got in at the hundredth guess is no member for that.
  return failed <= 0 && origin.held === undefined;
}

/** Names that failed here and are misspellings of one that signed in here. */
export function slips(origin: Origin): number {
  if (origin.accountsOpened === 0 || origin.accountsFailed === 0 || origin.pairs.size > SLIPS_LOOKED_FOR_MAX) return 0;
  const pairs = [...origin.pairs.values()];
  const opened = pairs.filter((pair) => pair.successes > 0);
  const failed = pairs.filter((pair) => pair.successes === 0 && !(pair.account.successes > 0));
  return failed.filter((pair) => opened.some((other) => isMisspelling(pair.name, other.name))).length;
}

/** Comparing every name with every other is quadratic; shared gateways are members' by their numbers alone. */
const SLIPS_LOOKED_FOR_MAX = 32;

/** The owner was there after all: the account came to be familiar with this network, other than by this very pair. */
export function cameHome(pair: Pair): boolean {
  return pair.account.networks.some(
    (known) => known.network === pair.origin.network && (pair.trusted === 0 || known.first !== pair.firstSuccess),
  );
}

/** A device of the owner's was failing then; where members are at home, perhaps before it was known for one. */
function isDevices({ account, origin, firstFailure }: Pair): boolean {
  if (wasRetrying(account, firstFailure)) return true;
  return isNeighbourhood(origin) && wasRetrying(account, firstFailure + days(1));
}

/** Every suspect, earliest first. Linear in the pairs kept, which are bounded. */
export function gatherSuspects(familiarity: Familiarity, unsureExist: boolean): Suspect[] {
  const suspects: Suspect[] = [];
  for (const origin of familiarity.origins.values()) {
    if (origin.failures === 0 || origin.address === "" || isMembers(origin)) continue;
    for (const pair of origin.pairs.values()) {
      if (pair.failures === 0 || pair.successes > 0 || !isStrange(pair) || cameHome(pair)) continue;
      if ((isOldPassword(pair) && origin.accountsFailed <= 3) || isDevices(pair)) continue;
      const { account } = pair;
      const known = exists(account) || (unsureExist && !account.saidUnknown && account.name !== "");
      const weight = (pair.familiarAtFirst === Familiar.area ? 0.2 : 1) / Math.max(1, origin.accountsFailed);
      suspects.push({ pair, at: pair.firstFailure, known, weight });
      if (pair.lastFailure - pair.firstFailure > COMES_AGAIN_AFTER)
        suspects.push({ pair, at: pair.lastFailure, known, weight });
    }
  }
  return withRoaming(suspects.sort((left, right) => left.at - right.at));
}

/** What the next address of the same area adds, for an account that has just failed from there. */
const ROAMING_WEIGHT = 0.1;

/** A telephone with an old password goes through its carrier's addresses: it fails at many, and is one. Earliest first. */
function withRoaming(suspects: Suspect[]): Suspect[] {
  const areas = new Map<Account, string>();
  for (const [index, suspect] of suspects.entries()) {
    const { account, origin } = suspect.pair;
    if (areas.get(account) === origin.area) suspects[index] = { ...suspect, weight: ROAMING_WEIGHT * suspect.weight };
    else areas.set(account, origin.area);
  }
  return suspects;
}
