// How a campaign goes about it, which tells one tool with one list from many people: the order, the pace, the client.
import { alphabetOf, paceOf } from "#/detectors/toolbox/order.ts";
import type { Familiarity } from "#/familiarity/familiarity.ts";
import type { Pair } from "#/familiarity/records.ts";
import { counted, inWords, seconds } from "#/platform/units.ts";
import type { Group } from "./group.ts";

/** One account that was tried, or opened at the first guess, and when. */
export type Try = { readonly name: string; readonly at: number };

const nameOf = ({ account }: Pair): string => (account.sameAs ?? account).name;

/** First tries, earliest first. */
export function triesOf(group: Group): Try[] {
  const tries = [...group.pairs].map((pair) => ({
    name: nameOf(pair),
    at: pair.failures > 0 ? pair.firstFailure : pair.firstSuccess,
  }));
  return tries.filter(({ name }) => name !== "").sort((left, right) => left.at - right.at);
}

/** Tries before and after a sign-in that say whose turn it is; one strange one on each side does no harm. */
const NEIGHBOURS = 5;

/**
 * Where the names are tried in the alphabet's order: the share of them whose turn it is at a time, if that name's is among them. The
 * guess that hits comes in its turn, wherever from; a member comes in it with that very chance.
 */
export function turnsOf(group: Group): (pair: Pair) => number | undefined {
  const tries = triesOf(group);
  const order = alphabetOf(tries.map(({ name }) => name));
  if (order === "none") return () => undefined;
  const names = [...new Set(tries.map(({ name }) => name))].sort();
  return (pair) => {
    const next = firstAfter(tries, pair.firstSuccess);
    const sides = [tries.slice(Math.max(0, next - NEIGHBOURS), next), tries.slice(next, next + NEIGHBOURS)];
    const [low, high] = (order === "forwards" ? sides : sides.reverse()).map((side) =>
      side.map(({ name }) => name).sort(),
    );
    const from = low?.[1];
    const to = high?.at(-2);
    const name = nameOf(pair);
    if (from === undefined || to === undefined || name < from || name > to) return undefined;
    return (rank(names, to) - rank(names, from) + 1) / names.length;
  };
}

function firstAfter(tries: readonly Try[], at: number): number {
  let low = 0;
  let high = tries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((tries[middle]?.at ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function rank(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((names[middle] ?? "") < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Times are known to the second only. */
const PACE_MIN = seconds(5);
/** Attempts that name a client, and the share of them that one client makes, worth telling. */
const NAMED_MIN = 10;
const ONE_CLIENT_MIN = 0.3;
/** More users than this among the members, and the client tells nothing. */
const RARE = 0.001;

export function explainManner(group: Group, familiarity: Familiarity): string[] {
  const tries = triesOf(group);
  const sentences: string[] = [];
  const order = alphabetOf(tries.map(({ name }) => name));
  if (order !== "none")
    sentences.push(
      `The accounts were tried in the order of the alphabet${order === "backwards" ? ", backwards" : ""}: one list, gone through by one tool.`,
    );
  const pace = paceOf(tries.map(({ at }) => at));
  if (pace !== undefined && pace >= PACE_MIN)
    sentences.push(`It keeps to a fixed pace, a new try every ${inWords(pace)}, as no people do.`);
  return [...sentences, ...explainClient(group, familiarity)];
}

function explainClient(group: Group, familiarity: Familiarity): string[] {
  const clients = new Map<string, number>();
  let named = 0;
  for (const { client, failures } of group.pairs) {
    if (client === "" || failures === 0) continue;
    named += 1;
    clients.set(client, (clients.get(client) ?? 0) + 1);
  }
  const [client, count] = [...clients].sort((left, right) => right[1] - left[1])[0] ?? ["", 0];
  if (named < NAMED_MIN || count < named * ONE_CLIENT_MIN) return [];
  const users = usersOf(client, familiarity);
  if (Number.isNaN(users) || users > RARE) return [];
  const share = count === named ? "all" : `${Math.min(99, Math.round((100 * count) / named))}%`;
  return [
    `One client that ${users === 0 ? "no member" : "hardly any member"} uses made ${share} of the attempts that name one (${counted(count, "attempt")}): ${client}.`,
  ];
}

/** A client is the campaign's own where at least this share of its attempts name it. */
const CLIENT_SHARE_MIN = 0.1;

/** The clients with which a campaign works; "" among them where many of its attempts name none. */
export function clientsOf(pairs: readonly Pair[]): Set<string> {
  const counts = new Map<string, number>();
  for (const { client } of pairs) counts.set(client, (counts.get(client) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count >= pairs.length * CLIENT_SHARE_MIN).map(([client]) => client));
}

/** The share of the accounts that have signed in with this client; not a number where none is known by any. */
export function usersOf(client: string, { accounts }: Familiarity): number {
  let members = 0;
  let users = 0;
  for (const { clients } of accounts.values()) {
    if (clients.length === 0) continue;
    members += 1;
    if (clients.includes(client)) users += 1;
  }
  return users / members;
}
