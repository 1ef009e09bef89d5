/**
 * Where every guess comes from another address, the one that hits has failed on nobody, and looks like a member on a journey: no
 * account can be said to have fallen. But who was on a journey meanwhile is soon asked, if the report says whom to ask.
 */
import type { Familiarity } from "#/familiarity/familiarity.ts";
import { Familiar, type Pair, isNeighbourhood } from "#/familiarity/records.ts";
import { counted, millis } from "#/platform/units.ts";
import type { Meanwhile } from "./conclusion.ts";
import type { Group } from "./group.ts";

/** So many addresses, and hardly more pairs of account and address than these: each guesses once. */
const ADDRESSES_MIN = 10;
const GUESSES_PER_ADDRESS = 1.5;
const NAMES_TOLD = 10;

/** The log's first and last sign-in. */
type Log = { readonly familiarity: Familiarity; readonly first: number; readonly last: number };

/** Undefined where an address that guessed right would have failed on others, or nobody was on a journey. */
export function signedInMeanwhile(group: Group, { familiarity, first, last }: Log): Meanwhile | undefined {
  if (!group.distributed || group.origins.size < ADDRESSES_MIN) return undefined;
  if (group.pairs.size > group.origins.size * GUESSES_PER_ADDRESS) return undefined;
  const meanwhile: Pair[] = [];
  let others = 0;
  // At first all places are new; what is usual shows later.
  const since = (first + group.from) / 2;
  for (const origin of familiarity.origins.values()) {
    if (origin.successes === 0 || origin.failures > 0 || origin.pairs.size !== 1 || isNeighbourhood(origin)) continue;
    for (const pair of origin.pairs.values()) {
      if (!isJourney(pair) || group.pairs.has(pair)) continue;
      if (pair.firstSuccess >= group.from && pair.firstSuccess <= group.to) meanwhile.push(pair);
      else if (pair.firstSuccess >= since) others += 1;
    }
  }
  if (meanwhile.length === 0) return undefined;
  const length = group.to - group.from;
  const usual = Math.round((others * length) / Math.max(1, last - since - length));
  meanwhile.sort((left, right) => left.firstSuccess - right.firstSuccess);
  const signIns = meanwhile.map(({ name, origin, firstSuccess }) => ({
    account: name,
    address: origin.address,
    at: millis(firstSuccess),
  }));
  return { signIns, usual };
}

export function explainMeanwhile({ signIns, usual }: Meanwhile): string {
  const told = signIns.slice(0, NAMES_TOLD).map(({ account, address }) => `${account} from ${address}`);
  const more = signIns.length > NAMES_TOLD ? `; and ${counted(signIns.length - NAMES_TOLD, "other")}` : "";
  return (
    `Most addresses guessed once, so one that guessed right has failed on nobody: ${counted(signIns.length, "sign-in")} meanwhile came from where ` +
    `the account had never been, and from nobody else's address (${usual === 0 ? "less than 1" : `about ${usual}`} would be usual). Ask these by telephone: ${told.join(", ")}${more}.`
  );
}

/** An account that was at home elsewhere before, and signs in from where it never was. */
const isJourney = (pair: Pair): boolean =>
  pair.successes > 0 &&
  pair.familiarAtFirst === Familiar.no &&
  pair.account.networks.some(({ network, first }) => network !== pair.origin.network && first < pair.firstSuccess);
