/**
 * Whom to ask by telephone. Where every guess comes from another address, the one that hits has failed on nobody, and looks like a member on a
 * journey: no account can be said to have fallen. But who was on a journey meanwhile is soon asked, if the report says whom to ask, and
 * those first whose sign-in is more like a thief's.
 */
import type { Familiarity } from "#/familiarity/familiarity.ts";
import { Familiar, type Pair, isNeighbourhood } from "#/familiarity/records.ts";
import { counted, millis } from "#/platform/units.ts";
import type { Meanwhile } from "./conclusion.ts";
import type { Group } from "./group.ts";
import type { Stolen } from "./stolen-passwords.ts";

/** So many addresses, and hardly more pairs of account and address than these: each guesses once. */
const ADDRESSES_MIN = 10;
const GUESSES_PER_ADDRESS = 1.5;
const NAMES_TOLD = 10;

/** The log's first and last sign-in. */
type Log = { readonly familiarity: Familiarity; readonly first: number; readonly last: number };

/**
 * Undefined where nobody is to be asked.
 * @param doubtful sign-ins of accounts that it tried that are like a thief's, likeliest first.
 */
export function signedInMeanwhile(group: Group, log: Log, doubtful: readonly Stolen[]): Meanwhile | undefined {
  const told = doubtful.map(({ pair, probability, why }) => ({ ...asked(pair), probability, why: why.join(", ") }));
  const journeys = journeysOf(group, log);
  const likely = new Set(doubtful.map(({ pair }) => pair));
  const others = journeys?.meanwhile.filter((pair) => !likely.has(pair)) ?? [];
  if (told.length + others.length === 0) return undefined;
  return { signIns: [...told, ...others.map(asked)], usual: journeys?.usual };
}

const asked = ({ name, origin, firstSuccess }: Pair): Meanwhile["signIns"][number] => ({
  account: name,
  address: origin.address,
  at: millis(firstSuccess),
});

/** Undefined where an address that guessed right would have failed on others. */
function journeysOf(
  group: Group,
  { familiarity, first, last }: Log,
): { readonly meanwhile: readonly Pair[]; readonly usual: number } | undefined {
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
  const length = group.to - group.from;
  const usual = Math.round((others * length) / Math.max(1, last - since - length));
  meanwhile.sort((left, right) => left.firstSuccess - right.firstSuccess);
  return { meanwhile, usual };
}

export function explainMeanwhile({ signIns, usual }: Meanwhile): string {
  const likely = signIns.filter(({ probability }) => probability !== undefined);
  const told = signIns.slice(0, NAMES_TOLD).map((one) => `${one.account} from ${one.address}${chance(one)}`);
  const more = signIns.length > NAMES_TOLD ? `; and ${counted(signIns.length - NAMES_TOLD, "other")}` : "";
  const sentences: string[] = [];
  if (usual !== undefined && signIns.length > likely.length)
    sentences.push(
      `Most addresses guessed once, so one that guessed right has failed on nobody: ${counted(signIns.length, "sign-in")} meanwhile came from where ` +
        `the account had never been, and from nobody else's address (${usual === 0 ? "less than 1" : `about ${usual}`} would be usual).`,
    );
  if (likely.length > 0)
    sentences.push(
      `${counted(likely.length, "sign-in")} of accounts that it tried, or whose turn had come, from where they had never been, may be a thief's with the right password, ${expected(likely)}.`,
    );
  const how = likely.length > 0 ? ", with how likely it was a thief" : "";
  return [...sentences, `Ask these by telephone${how}: ${told.join(", ")}${more}.`].join(" ");
}

/** By their probabilities, how many of them are a thief's. */
function expected(likely: readonly { readonly probability?: number }[]): string {
  const sum = likely.reduce((total, { probability = 0 }) => total + probability, 0);
  return sum < 1 ? "most likely none of them or one" : `about ${Math.round(sum)} of them by what is usual here`;
}

/** " (62%)". */
const chance = ({ probability }: Meanwhile["signIns"][number]): string =>
  probability === undefined ? "" : ` (${Math.round(100 * probability)}%)`;

/** An account that was at home elsewhere before, and signs in from where it never was. */
const isJourney = (pair: Pair): boolean =>
  pair.successes > 0 &&
  pair.familiarAtFirst === Familiar.no &&
  pair.account.networks.some(({ network, first }) => network !== pair.origin.network && first < pair.firstSuccess);
