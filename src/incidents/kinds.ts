// What kind of attack a group of attempts is, from its shape alone, and the sentences that say so.
import { exists } from "#/familiarity/records.ts";
import { counted, days, inWords } from "#/platform/units.ts";
import type { CampaignKind } from "./conclusion.ts";
import type { Group } from "./group.ts";
import type { Judge } from "./judge.ts";

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
  /** Shares of the accounts: not known to exist, tried exactly once, opened. */
  unknownShare: number;
  once: number;
  openedShare: number;
};

/**
 * Many accounts with few tries each is spraying; leaked pairs are tried exactly once each, mostly on names that do not exist
 * here, and work more often than a guess; all else is guessing.
 */
export function classify(group: Group, isBlind: boolean): CampaignKind {
  const shape = shapeOf(group, isBlind);
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

/** @param isBlind the log shows no success, so that only the source can say of a name that it does not exist. */
function shapeOf(group: Group, isBlind: boolean): Shape {
  const perAccount = new Map<object, number>();
  const saysNothing = isBlind && ![...group.pairs].some(({ account }) => exists(account));
  let unknown = 0;
  let opened = 0;
  for (const pair of group.pairs) {
    const before = perAccount.get(pair.account);
    if (before === undefined && (saysNothing ? pair.account.saidUnknown : !exists(pair.account))) unknown += 1;
    if (pair.successes > 0) opened += 1;
    perAccount.set(pair.account, (before ?? 0) + pair.failures + pair.successes);
  }
  const counts = [...perAccount.values()].sort((left, right) => left - right);
  const accounts = Math.max(1, counts.length);
  const median = counts[counts.length >> 1] ?? 0;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const many = counts.filter((count) => count >= Math.max(GUESSES_PER_ACCOUNT, 5 * median));
  return {
    accounts: counts.length,
    perAccount: median,
    concentrated: many.reduce((sum, count) => sum + count, 0) / Math.max(1, total),
    unknownShare: unknown / accounts,
    once: counts.filter((count) => count === 1).length / accounts,
    openedShare: opened / accounts,
  };
}

export function explainKind(group: Group, origins: number, targets: number, attempts: number, judge: Judge): string[] {
  const spanDays = Math.max(0.05, (group.to - group.from) / days(1));
  const perAddress = (attempts / Math.max(1, origins)).toFixed(1);
  const more = [...group.origins].some(({ accountsUnlisted }) => accountsUnlisted > 0) ? "more than " : "";
  const onWhom = targets === 0 ? "on accounts that the log does not name" : `on ${more}${counted(targets, "account")}`;
  const sentences = [
    `${counted(attempts, "attempt")} ${onWhom} from ${counted(origins, "address")} in ${inWords(group.to - group.from)}, ` +
      `${perAddress} per address${judge.successes > 0 ? ": from places where these accounts never signed in" : ""}.`,
  ];
  const perDay = group.pairs.size / spanDays;
  if (group.usualPerDay > 0 && perDay > 2 * group.usualPerDay) {
    sentences.push(
      `Strangers came to fail at a rate of ${Math.round(perDay).toLocaleString("en-US")} a day; about ${Math.max(1, Math.round(group.usualPerDay))} a day are usual.`,
    );
  }
  const isBlind = judge.successes === 0;
  const shape = shapeOf(group, isBlind);
  const known = Math.round(100 * (1 - shape.unknownShare));
  switch (group.kind) {
    case "password-spraying":
      sentences.push(
        `Few tries per account on many accounts (${isBlind ? "which of them exist the log does not tell" : `${known}% of the names exist`}): one password tried on everybody.`,
      );
      break;
    case "credential-stuffing":
      sentences.push(
        `Nearly every account was tried exactly once and ${100 - known}% of the names do not exist here: a list of leaked passwords.`,
      );
      break;
    case "password-guessing":
      sentences.push(explainGuessing(shape, known, isBlind));
      break;
    case "mfa-fatigue":
      break;
    default:
      group.kind satisfies never;
  }
  if (judge.successes === 0) sentences.push("No success is logged anywhere, so accounts that fell cannot be named.");
  return sentences;
}

function explainGuessing(shape: Shape, known: number, isBlind: boolean): string {
  if (shape.accounts < 5) return "Many tries on few accounts: passwords guessed one after the other.";
  if (shape.unknownShare > 0.5) return `Many tries, mostly on names that attackers guess (${known}% exist).`;
  if (isBlind) return "Many tries on each of a few of the accounts: passwords guessed one after the other.";
  return `Many tries on each of a few of the accounts (${known}% of the names exist): passwords guessed one after the other.`;
}
