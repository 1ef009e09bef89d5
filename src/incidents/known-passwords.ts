/**
 * Accounts whose password a stranger knows, and whose second factor held. Hindsight: whoever got in there after all, or came to be at home
 * there, was the owner; an address that failed on others too was not.
 */
import type { Refused } from "#/detectors/known-password/known-password.ts";
import { type Account, type Origin, type Pair, exists } from "#/familiarity/records.ts";
import { counted, inWords, millis } from "#/platform/units.ts";
import type { Campaign, Confidence, Fallen, KnownPassword } from "./conclusion.ts";
import type { Dated, Judge } from "./judge.ts";
import { cameHome, isMembers, slips } from "./suspects.ts";
import { sentence } from "./sentence.ts";

/** Other accounts that an address must have failed on, so that it is no traveller's. */
const OTHERS_MIN = 2;
/**
 * Single refusals from strange places come from travellers who gave up, too. Where they are rarer than this among the accounts that sign
 * in, each is worth a telephone call; where not, they would only hide the others.
 */
const SINGLE_SHARE_MAX = 0.01;
const SINGLE_MIN = 3;

/** The refusals that no owner explains. */
function strangers(refused: Iterable<Refused>): Refused[] {
  return [...refused].filter(({ pair }) => pair.successes === 0 && !cameHome(pair) && !isMembers(pair.origin));
}

/** @param campaigns those found already: who takes part in one is no traveller. */
export function knownPasswords(judge: Judge, campaigns: readonly Campaign[]): KnownPassword[] {
  const attacking = new Map<string, Confidence>();
  for (const { origins, confidence } of campaigns)
    for (const { address } of origins) if (attacking.get(address) !== "confirmed") attacking.set(address, confidence);
  const byAccount = new Map<Account, Refused[]>();
  for (const one of strangers(judge.refused)) {
    const others = byAccount.get(one.pair.account);
    if (others === undefined) byAccount.set(one.pair.account, [one]);
    else others.push(one);
  }
  const fell = new Set(campaigns.flatMap(({ fallen }) => fallen.map(({ account }) => account)));
  const told = [...byAccount]
    .filter(([account, refused]) => !fell.has(account.name) && !refused.some(({ pair }) => fell.has(pair.name)))
    .map(([account, refused]) => toKnown(account, refused, attacking));
  const single = told.filter(({ confidence }) => confidence === "suspected").length;
  const most = Math.max(SINGLE_MIN, SINGLE_SHARE_MAX * membersOf(judge));
  return told
    .filter(({ confidence }) => single <= most || confidence !== "suspected")
    .sort((left, right) => left.at - right.at);
}

function membersOf({ familiarity }: Judge): number {
  let members = 0;
  for (const account of familiarity.accounts.values()) if (account.successes > 0) members += 1;
  return members;
}

function toKnown(
  account: Account,
  refused: readonly Refused[],
  attacking: ReadonlyMap<string, Confidence>,
): KnownPassword {
  const addresses = [...new Set(refused.map(({ pair }) => pair.origin.address))];
  const refusals = refused.reduce((sum, { count }) => sum + count, 0);
  const inCampaign = addresses.map((address) => attacking.get(address)).filter((one) => one !== undefined);
  const others = Math.max(...refused.map(({ pair }) => failedOthers(pair)));
  let confidence: Confidence = others >= OTHERS_MIN ? "probable" : "suspected";
  if (inCampaign.some((one) => one !== "suspected"))
    confidence = inCampaign.includes("confirmed") ? "confirmed" : "probable";
  const from = addresses.length === 1 ? (addresses[0] ?? "") : counted(addresses.length, "address");
  const parts = [
    `the second factor was refused ${refusals === 1 ? "once" : counted(refusals, "time")} to ${from}, after the right password`,
  ];
  if (inCampaign.length > 0) parts.push("which takes part in the attack");
  else if (others >= OTHERS_MIN) parts.push(`which failed on ${counted(others, "other account")}`);
  parts.push("and this account never signed in from there");
  return {
    account: refused[0]?.pair.name ?? account.name,
    at: millis(Math.min(...refused.map(({ first }) => first))),
    addresses,
    refusals,
    confidence,
    why: parts.join(", "),
  };
}

const failedOthers = ({ origin }: Pair): number => origin.accountsFailed - slips(origin) - 1;

/** Campaigns of those who know passwords, and are no part of another: too few for whoever counts failures. */
export function secondFactorCampaigns(judge: Judge, campaigns: readonly Campaign[]): Campaign[] {
  const attacking = new Set(campaigns.flatMap(({ origins }) => origins.map(({ address }) => address)));
  const tired = fatigued(judge.dated);
  const fatigue = [...tired].map(([account, told]) => fatigueCampaign(judge, account, told));
  const origins = new Set<Origin>();
  for (const { pair } of strangers(judge.refused)) {
    if (tired.has(pair.account) || attacking.has(pair.origin.address) || failedOthers(pair) < OTHERS_MIN) continue;
    origins.add(pair.origin);
  }
  const quiet = [...origins].map((origin) => knowingCampaign(judge, origin));
  return [...fatigue.filter((one) => one !== undefined), ...quiet];
}

type Told = { readonly at: number; readonly why: string };

function fatigued(dated: readonly Dated[]): Map<Account, Told> {
  const tired = new Map<Account, Told>();
  for (const { found } of dated)
    if (found.kind === "second-factor-fatigue" && !tired.has(found.account)) tired.set(found.account, found);
  return tired;
}

/** One account, asked for its second factor over and over; a success of the one who asked is a fall. */
function fatigueCampaign(judge: Judge, account: Account, { at, why }: Told): Campaign | undefined {
  const refused = [...judge.refused].filter(({ pair }) => pair.account === account);
  if (refused.length === 0) return undefined;
  const count = refused.reduce((sum, one) => sum + one.count, 0);
  const first = Math.min(...refused.map((one) => one.first));
  const fallen = refused.flatMap((one) => gaveIn(one));
  const campaign = base(
    refused.map(({ pair }) => pair),
    at,
  );
  return {
    ...campaign,
    kind: "mfa-fatigue",
    attemptsBeforeDetection: Math.min(count, judge.settings.knownPassword.refusals),
    firstAttempt: millis(first),
    lastAttempt: millis(Math.max(...refused.map((one) => one.last), ...fallen.map((one) => one.at))),
    fallen,
    confidence: fallen.length > 0 || refused.length > 1 ? "probable" : "suspected",
    why: [
      `The second factor of one account was asked for and refused ${counted(count, "time")} within ${inWords(Math.max(...refused.map((one) => one.last)) - first)}, from where it never signed in: somebody who knows the password hopes that a request is granted by mistake.`,
      sentence(why),
      "It may be the holder on a journey, without the telephone: ask.",
    ],
  };
}

function gaveIn({ pair, first, count }: Refused): Fallen[] {
  if (pair.successes === 0 || pair.lastSuccess < first) return [];
  const at = millis(pair.firstSuccess);
  const why = `signed in from ${pair.origin.address}, after the second factor had been refused there ${counted(count, "time")}`;
  const { service } = pair;
  return [{ account: pair.name, at, address: pair.origin.address, service, confidence: "probable", why }];
}

/** One address that knew the password of somebody and failed on others. */
function knowingCampaign(judge: Judge, origin: Origin): Campaign {
  const pairs = [...origin.pairs.values()].filter((pair) => pair.failures > 0 && pair.successes === 0);
  const known = [...judge.refused].filter(({ pair }) => pair.origin === origin).length;
  return {
    ...base(pairs, judge.last),
    kind: "credential-stuffing",
    confidence: "probable",
    why: [
      `${origin.address} failed on ${counted(pairs.length, "account")} and signed in to none; to ${counted(known, "of them").replace(/s$/, "")} it knew the password, and the second factor held.`,
    ],
  };
}

function base(pairs: readonly Pair[], detectedAt: number): Campaign {
  const origins = new Map<string, Pair[]>();
  for (const pair of pairs) origins.set(pair.origin.address, [...(origins.get(pair.origin.address) ?? []), pair]);
  const sum = (of: readonly Pair[]): number => of.reduce((total, { failures }) => total + failures, 0);
  const first = (of: readonly Pair[]): number => Math.min(...of.map((pair) => pair.firstFailure));
  const last = (of: readonly Pair[]): number => Math.max(...of.map((pair) => pair.lastFailure));
  const targets = new Map<Account, number>();
  const known = new Set(pairs.filter(({ knewPassword }) => knewPassword).map(({ account }) => account));
  for (const { account, failures } of pairs) targets.set(account, (targets.get(account) ?? 0) + failures);
  return {
    id: "",
    kind: "credential-stuffing",
    firstAttempt: millis(first(pairs)),
    lastAttempt: millis(last(pairs)),
    detectedAt: millis(detectedAt),
    attemptsBeforeDetection: sum(pairs.filter((pair) => pair.firstFailure <= detectedAt)),
    attempts: sum(pairs),
    origins: [...origins].map(([address, of]) => ({
      address,
      attempts: sum(of),
      accounts: of.length,
      first: millis(first(of)),
      last: millis(last(of)),
      members: 0,
      networkMembers: 0,
    })),
    targets: [...targets].map(([account, attempts]) => ({
      account: account.name,
      attempts,
      exists: exists(account),
      knewPassword: known.has(account),
    })),
    fallen: [],
    services: [...new Set(pairs.map(({ service }) => service))].filter((name) => name !== ""),
    confidence: "suspected",
    why: [],
  };
}
