// What kind of attack a group of attempts is, from its shape alone, and the sentences that say so.
import { exists } from "#/familiarity/records.ts";
import { median } from "#/platform/median.ts";
import { counted, days, inWords } from "#/platform/units.ts";
import type { CampaignKind } from "./conclusion.ts";
import type { Group } from "./group.ts";
import type { Judge } from "./judge.ts";
import { explainManner } from "./manner.ts";

/** Attempts on one account from which on it is guessing at that account rather than trying one password on everybody. */
const GUESSES_PER_ACCOUNT = 10;
/** Leaked pairs are other sites' users: at least this share of the names does not exist here. */
const STUFFING_UNKNOWN_SHARE = 0.35;

type Shape = {
  accounts: number;
  /** Attempts on the middle one of the accounts. */
  perAccount: number;
  /** Share of the attempts that is on a few accounts, tried far more than the rest. */
  concentrated: number;
  /** Shares of the accounts: not known to exist, said by a server not to exist, tried exactly once, opened. */
  unknownShare: number;
  deniedShare: number;
  once: number;
  openedShare: number;
};

/**
 * Many accounts with few tries each is spraying; leaked pairs are tried exactly once each, mostly on names that do not exist
 * here, and work more often than a guess; all else is guessing.
 * @param isBlind the log shows no success, so that only the source can say of a name that it does not exist.
 */
export function classify(group: Group, isBlind: boolean): CampaignKind {
  const found = shapeOf(group);
  const shape = isBlind && found.unknownShare === 1 ? { ...found, unknownShare: found.deniedShare } : found;
  if (shape.accounts < 5 || shape.concentrated > 0.5) return "password-guessing";
  if (shape.accounts < 20 && shape.perAccount >= GUESSES_PER_ACCOUNT) return "password-guessing";
  const pairsOnce = shape.once > 0.85;
  if (pairsOnce && shape.accounts >= 20 && shape.unknownShare >= STUFFING_UNKNOWN_SHARE && shape.unknownShare < 0.95)
    return "credential-stuffing";
  if (pairsOnce && shape.accounts >= 20 && shape.openedShare >= 0.006 && shape.unknownShare > 0.2)
    return "credential-stuffing";
  // Lists of made-up names are guessing: whoever sprays knows whom.
  return shape.unknownShare > 0.8 ? "password-guessing" : "password-spraying";
}

function shapeOf(group: Group): Shape {
  const perAccount = new Map<object, number>();
  let unknown = 0;
  let denied = 0;
  let opened = 0;
  for (const pair of group.pairs) {
    const account = pair.account.sameAs ?? pair.account;
    const before = perAccount.get(account);
    if (before === undefined && !exists(pair.account)) {
      unknown += 1;
      if (pair.account.saidUnknown) denied += 1;
    }
    if (pair.successes > 0) opened += 1;
    perAccount.set(account, (before ?? 0) + pair.failures + pair.successes);
  }
  const counts = [...perAccount.values()];
  const accounts = Math.max(1, counts.length);
  const middle = median(counts);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const many = counts.filter((count) => count >= Math.max(GUESSES_PER_ACCOUNT, 5 * middle));
  return {
    accounts: counts.length,
    perAccount: middle,
    concentrated: many.reduce((sum, count) => sum + count, 0) / Math.max(1, total),
    unknownShare: unknown / accounts,
    deniedShare: denied / accounts,
    once: counts.filter((count) => count === 1).length / accounts,
    openedShare: opened / accounts,
  };
}

/** Only what the logs say; what it looks like is told as a likeness. */
export function explainKind(group: Group, origins: number, targets: number, attempts: number, judge: Judge): string[] {
  const perAddress = (attempts / Math.max(1, origins)).toFixed(1);
  const more = [...group.origins].some(({ attemptsUnlisted }) => attemptsUnlisted > 0) ? "more than " : "";
  const onWhom = targets === 0 ? "on accounts that the log does not name" : `on ${more}${counted(targets, "account")}`;
  const whence =
    judge.successes > 0 ? ", from where these accounts had not signed in before, as far as the logs go back" : "";
  const each = origins > 1 ? `, ${perAddress} per address` : "";
  const length = inWords(group.to - group.from);
  return [
    `${counted(attempts, "attempt")} ${onWhom} from ${counted(origins, "address")} in ${length}${each}${whence}.`,
    ...explainRate(group, judge.successes === 0),
    explainLikeness(group.kind, shapeOf(group)),
    ...explainManner(group, judge.familiarity),
    ...(judge.successes === 0 ? ["No success is in the logs, so accounts that fell cannot be named."] : []),
  ];
}

/** What was seen beside what was to be expected in the same time: an hour says nothing of a day. */
function explainRate(group: Group, isBlind: boolean): string[] {
  const expected = (group.usualPerDay * (group.to - group.from)) / days(1);
  if (group.usualPerDay === 0 || group.pairs.size <= 2 * expected) return [];
  const number = expected < 1 ? "less than 1" : `about ${Math.round(expected).toLocaleString("en-US")}`;
  return [
    `${isBlind ? "Sign-ins" : "Strangers"} failed on ${counted(group.pairs.size, "pair")} of account and address in that time; ${number} would be usual.`,
  ];
}

function explainLikeness(kind: CampaignKind, shape: Shape): string {
  const names = explainNames(shape);
  switch (kind) {
    case "password-spraying":
      return `Few tries on each of many accounts (${names}), as when a few common passwords are tried on everybody.`;
    case "credential-stuffing":
      return `Nearly every account was tried exactly once (${names}), as when a list of names and passwords from elsewhere is tried.`;
    case "password-guessing":
      return explainGuessing(shape, names);
    case "mfa-fatigue":
      return `The second factor was asked for over and over (${names}).`;
    default:
      return kind satisfies never;
  }
}

function explainGuessing(shape: Shape, names: string): string {
  const like = "as when passwords are guessed one after the other";
  if (shape.accounts < 5) return `All of it on ${counted(shape.accounts, "account")} (${names}), ${like}.`;
  if (shape.unknownShare > 0.5) return `Names and passwords tried in turn (${names}), as when both are guessed.`;
  return `Many tries on each of a few of the accounts (${names}), ${like}.`;
}

/** Which of the names exist, as far as anything says so. */
function explainNames({ accounts, unknownShare, deniedShare }: Shape): string {
  if (accounts === 1) {
    if (unknownShare === 0) return "it is known to exist";
    return deniedShare === 0 ? "nothing says whether it exists" : "the server says that it does not exist";
  }
  if (deniedShare === 1) return "the server says that none of the names exists";
  if (unknownShare === 1 && deniedShare === 0) return "nothing says which of the names exist";
  const denied = deniedShare === 0 ? "" : `; the server says of ${share(deniedShare)} that they do not`;
  return `${share(1 - unknownShare)} of the names are known to exist${denied}`;
}

const share = (part: number): string =>
  part === 0 ? "none" : part === 1 ? "all" : `${Math.min(99, Math.max(1, Math.round(100 * part)))}%`;

/** Where the second factor was all that kept the attacker out. Some servers log its failures without the name. */
export function explainSecondFactor(group: Group): string[] {
  const names = new Set<string>();
  let unnamed = 0;
  for (const { knewPassword, account } of group.pairs) {
    if (knewPassword && account.name === "") unnamed += 1;
    else if (knewPassword) names.add(account.name);
  }
  const sentences: string[] = [];
  if (names.size > 0)
    sentences.push(
      `${counted(names.size, "account")} held at the second factor only, which is asked for after the right password.`,
    );
  if (unnamed > 0)
    sentences.push(
      `From ${counted(unnamed, "address")} the second factor of an account that the log does not name was failed, which is asked for after the right password.`,
    );
  return sentences;
}
