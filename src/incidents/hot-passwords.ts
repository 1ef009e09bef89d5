/**
 * Campaigns of passwords that were tried on account after account. Who tried a hot password, where the account is a stranger, takes part; who
 * got in with it has fallen. Hindsight takes back whose owner came to be at home there.
 */
import type { Hot } from "#/detectors/hot-password/fingerprints.ts";
import { isNeighbourhood, type Pair } from "#/familiarity/records.ts";
import { counted } from "#/platform/units.ts";
import { type Group, newGroup } from "./group.ts";
import type { Judge } from "./judge.ts";
import { clientsOf } from "./manner.ts";
import { cameHome, isMembers, isStrange } from "./suspects.ts";

export function hotGroups(judge: Judge): Group[] {
  return judge.hotPasswords.map(toGroup).filter((group) => group !== undefined);
}

function toGroup(hot: Hot): Group | undefined {
  const { tries, opened, at } = hot;
  const guesses = [...tries.keys()].filter(
    (pair) => isStrange(pair) && !cameHome(pair) && (pair.successes === 0 || opened.has(pair)),
  );
  if (guesses.length === 0) return undefined;
  const from = Math.min(...firsts(guesses, tries));
  const clients = clientsOf(guesses);
  const entered = [...opened]
    .filter(([pair, when]) => when >= from && isStrangersEntry(pair, clients))
    .map(([pair]) => pair);
  const group = newGroup(guesses, at, hot.why, true);
  const accounts = new Set(guesses.map(({ account }) => account)).size;
  const why = { isDecoy: false, why: `with the password that was tried on ${counted(accounts, "account")}` };
  return {
    ...group,
    kind: "password-spraying",
    isKindSure: true,
    byPassword: guesses.length,
    entered: new Map(entered.map((pair) => [pair, why])),
  };
}

function* firsts(pairs: readonly Pair[], tries: ReadonlyMap<Pair, number>): Generator<number> {
  for (const pair of pairs) yield tries.get(pair) ?? pair.firstFailure;
}

/**
 * Whose own password it is signs in with it on a journey, too. What tells them apart is the campaign's client, the one that made its guesses;
 * where clients are not named, or the account uses the same, that nobody around there is a member.
 */
function isStrangersEntry(pair: Pair, clients: ReadonlySet<string>): boolean {
  if (!isStrange(pair) || cameHome(pair)) return false;
  if (clients.size === 0) return pair.strangeClient;
  if (!clients.has(pair.client)) return false;
  const isClientTold = pair.strangeClient || (pair.client === "" && pair.account.clients.length > 0);
  return isClientTold || !isNeighbourhood(pair.origin) || !isMembers(pair.origin);
}
