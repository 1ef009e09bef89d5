/**
 * What a scan found, told: the facts that every telling shares (the sentence, what goes on still, what could not be
 * seen), so that terminal, page and tables cannot contradict each other. It takes the conclusion as it is and judges
 * nothing anew. Names in what it gives are raw: whoever shows them escapes them.
 */
import {
  type Campaign,
  type Conclusion,
  type Confidence,
  type Fallen,
  type Fault,
  type Finding,
  isUndecided,
} from "#/incidents/conclusion.ts";
import { type Millis, millis, minutes } from "#/platform/units.ts";
import {
  campaignTitles,
  capital,
  count,
  durationText,
  faultTitle,
  figure,
  list,
  listSome,
  minuteText,
  nameText,
  serviceName,
  spanText,
  sureness,
} from "./words.ts";

export type FallenOf = Fallen & { readonly campaign: Campaign };

/** Every fallen account of every campaign, surest first, then earliest. */
export function fallenOf(conclusion: Conclusion): readonly FallenOf[] {
  return conclusion.campaigns
    .flatMap((campaign) => campaign.fallen.map((fallen) => ({ ...fallen, campaign })))
    .sort(
      (left, right) =>
        Number(right.isDecoy === true) - Number(left.isDecoy === true) ||
        sureness[right.confidence] - sureness[left.confidence] ||
        left.at - right.at,
    );
}

/** The campaigns, those first whose accounts fell, then the largest. */
export const weightiest = (conclusion: Conclusion): readonly Campaign[] =>
  [...conclusion.campaigns].sort(
    (left, right) => right.fallen.length - left.fallen.length || right.attempts - left.attempts,
  );

/** The first and last sign-in read, or undefined where there was none. */
export function spanOf(conclusion: Conclusion): { readonly from: Millis; readonly to: Millis } | undefined {
  let span: { from: Millis; to: Millis } | undefined;
  for (const { from, to } of conclusion.read.files) {
    if (from === undefined || to === undefined) continue;
    span =
      span === undefined
        ? { from, to }
        : { from: from < span.from ? from : span.from, to: to > span.to ? to : span.to };
  }
  return span;
}

/** No longer than one usual pause of a person between two attempts at the same thing. */
const pauseMin = minutes(15);
/** Attempts that come by chance leave a gap of ten times their mean distance about once in 22,000. */
const pausesMax = 10;

/** Whether the campaign was still going on when the log ended: the silence since is shorter than its own pauses are. */
export function isGoingOn(campaign: Campaign, conclusion: Conclusion): boolean {
  const end = spanOf(conclusion)?.to;
  if (end === undefined) return false;
  const mean = (campaign.lastAttempt - campaign.firstAttempt) / Math.max(1, campaign.attempts - 1);
  return end - campaign.lastAttempt <= Math.max(pauseMin, mean * pausesMax);
}

/** Whether the fault was still there when the log ended. */
export function isFaultGoingOn(fault: Fault, conclusion: Conclusion): boolean {
  const end = spanOf(conclusion)?.to;
  return end !== undefined && end - fault.to <= pauseMin;
}

/** Below this no absence of anything says much. */
const signInsMin = 50;

/** Whether so little was read that "quiet" would promise too much. */
export const isScant = (conclusion: Conclusion): boolean => conclusion.read.signIns < signInsMin;

/** Whether the log shows nobody getting in at all, so that it cannot say who did. */
export const hasNoSuccesses = (conclusion: Conclusion): boolean =>
  conclusion.read.signIns > 0 && conclusion.read.failures >= conclusion.read.signIns;

/** Whether a campaign came from where the institution's own people sign in, so that an account that fell looks like its owner. */
export const isAmongOwn = (conclusion: Conclusion): boolean =>
  conclusion.campaigns.some(({ origins }) => origins.some(({ isShared }) => isShared === true));

/** Devices that go on with an old password: the latest finding of each account, in their order. */
export function oldPasswordsOf({ findings }: Conclusion): readonly Finding[] {
  const latest = new Map<string, Finding>();
  for (const finding of findings) if (finding.detector === "old-password") latest.set(finding.subject, finding);
  return [...latest.values()];
}

/** The word over the conclusion. */
export function verdictWord(conclusion: Conclusion): string {
  switch (conclusion.kind) {
    case "attack":
      return "Attack";
    case "fault":
      return "IT fault";
    case "attack-and-fault":
      return isUndecided(conclusion) ? "Attack or IT fault" : "Attack and IT fault";
    case "quiet":
      return isScant(conclusion) ? "Too little to judge" : "Quiet";
    default:
      return conclusion.kind satisfies never;
  }
}

/** The whole conclusion in one sentence, for somebody who reads nothing else. */
export function conclusionSentence(conclusion: Conclusion): string {
  const decoys = fallenOf(conclusion).filter(({ isDecoy }) => isDecoy === true);
  const said = plainSentence(conclusion);
  if (decoys.length === 0) return said;
  const names = listSome([...new Set(decoys.map(({ account }) => nameText(account)))], 3);
  return `Somebody opened ${names}, which nobody has and only an attacker can have found. ${said}`;
}

function plainSentence(conclusion: Conclusion): string {
  switch (conclusion.kind) {
    case "attack":
      return `${attackClause(conclusion)}.`;
    case "fault":
      return `${faultClause(conclusion)}; no attack was found.`;
    case "attack-and-fault":
      if (isUndecided(conclusion)) return undecidedSentence(conclusion);
      return `Two things at once: ${uncapital(attackClause(conclusion))}; meanwhile ${uncapital(faultClause(conclusion))}.`;
    case "quiet":
      return quietSentence(conclusion);
    default:
      return conclusion.kind satisfies never;
  }
}

function undecidedSentence(conclusion: Conclusion): string {
  return `An attack or a fault, and the log cannot tell which: ${uncapital(attackClause(conclusion))}; or else ${uncapital(faultClause(conclusion))}.`;
}

function attackClause(conclusion: Conclusion): string {
  const { campaigns } = conclusion;
  const [largest] = [...campaigns].sort((left, right) => right.attempts - left.attempts);
  if (largest === undefined) return "There was an attack";
  const surest = campaigns.reduce(
    (best, { confidence }) => (sureness[confidence] > sureness[best] ? confidence : best),
    largest.confidence,
  );
  const subject =
    campaigns.length === 1
      ? `${article(largest, surest)} tried ${tried(largest)}`
      : `${openings[surest].many}${count(campaigns.length, "campaign")}, the largest ${withArticle(largest)}, tried ${count(distinctTargets(campaigns), "account")} from ${count(distinctOrigins(campaigns), "address")}`;
  const known = knownClause(conclusion);
  return `${subject}; ${fallenClause(conclusion)}${known === "" ? "" : `, ${known}`}, and ${timeClause(conclusion)}`;
}

const tried = (campaign: Campaign): string =>
  campaign.targets.length === 0
    ? `accounts that the log does not name, ${count(campaign.attempts, "time")} from ${count(campaign.origins.length, "address")}`
    : campaign.targets.length === 1
      ? `one account ${count(campaign.attempts, "time")} from ${count(campaign.origins.length, "address")}`
      : `${targetsText(campaign)} from ${count(campaign.origins.length, "address")}`;

/** "1,204 accounts", or "more than 20,000 accounts" where not all were kept. */
const targetsText = ({ targets, attemptsUnlisted = 0 }: Campaign): string =>
  `${attemptsUnlisted > 0 ? "more than " : ""}${count(targets.length, "account")}`;

const openings = {
  suspected: { one: "What may be ", many: "What may be " },
  probable: { one: "What is probably ", many: "What are probably " },
  confirmed: { one: "", many: "" },
} as const satisfies Record<Confidence, { one: string; many: string }>;

const withArticle = (campaign: Campaign): string =>
  campaign.kind === "password-spraying" ? `a ${campaignTitles[campaign.kind]}` : campaignTitles[campaign.kind];

function article(campaign: Campaign, confidence: Confidence): string {
  return capital(`${openings[confidence].one}${withArticle(campaign)}`);
}

export const distinctTargets = (campaigns: readonly Campaign[]): number =>
  new Set(campaigns.flatMap((campaign) => campaign.targets.map((target) => target.account))).size;

export const distinctOrigins = (campaigns: readonly Campaign[]): number =>
  new Set(campaigns.flatMap((campaign) => campaign.origins.map((origin) => origin.address))).size;

function fallenClause(conclusion: Conclusion): string {
  const fallen = fallenOf(conclusion);
  const sure = new Set(fallen.filter(({ confidence }) => confidence !== "suspected").map(({ account }) => account))
    .size;
  const doubtful = new Set(fallen.map(({ account }) => account)).size - sure;
  if (sure > 0 && doubtful > 0)
    return `${count(sure, "account")} fell and ${figureWord(doubtful)} more may have fallen`;
  if (sure > 0) return `${count(sure, "account")} fell`;
  if (doubtful > 0) return `${count(doubtful, "account")} may have fallen`;
  const isBlind = hasNoSuccesses(conclusion) || isAmongOwn(conclusion);
  return isBlind ? "whether any fell this log cannot say" : "no account is known to have fallen";
}

/** A few are worth a call each; hundreds are the everyday of a large site, and told below. */
const devicesNamedMax = 3;

function oldPasswordClause(conclusion: Conclusion): string {
  const devices = oldPasswordsOf(conclusion);
  if (devices.length === 0 || devices.length > devicesNamedMax) return "";
  const names = list(devices.map(({ subject }) => nameText(subject)));
  return `${count(devices.length, "device")} ${devices.length === 1 ? "goes" : "go"} on with an old password (${names})`;
}

/** "strangers know the password of 3 accounts, whose second factor held"; empty where there are none. */
function knownClause({ knownPasswords }: Conclusion): string {
  const sure = knownPasswords.filter(({ confidence }) => confidence !== "suspected").length;
  const amount = sure > 0 ? sure : knownPasswords.length;
  if (amount === 0) return "";
  return `strangers ${sure > 0 ? "know" : "may know"} the password of ${count(amount, "account")}, whose second factor held`;
}

const figureWord = (amount: number): string => (amount === 1 ? "one" : String(amount));

function timeClause(conclusion: Conclusion): string {
  const { campaigns } = conclusion;
  const end = spanOf(conclusion)?.to;
  const last = millis(Math.max(...campaigns.map((campaign) => campaign.lastAttempt)));
  const isOne = campaigns.length === 1;
  if (end !== undefined && campaigns.some((campaign) => isGoingOn(campaign, conclusion)))
    return `${isOne ? "it" : "at least one of them"} was still going on when the log ended at ${minuteText(end)}`;
  return `${isOne ? "its" : "the"} last attempt in the log was at ${minuteText(last)}`;
}

function faultClause(conclusion: Conclusion): string {
  const [first, ...others] = [...conclusion.faults].sort(
    (left, right) => right.accountsAffected - left.accountsAffected,
  );
  if (first === undefined) return "An IT fault kept people from signing in";
  const affected =
    first.accountsAffected > 0 ? `${count(first.accountsAffected, "account")} of your own` : "your own accounts";
  const services = first.services.length > 0 ? ` (${list(first.services.map(serviceName))})` : "";
  const when = isFaultGoingOn(first, conclusion)
    ? `since ${minuteText(first.from)}, and still when the log ended`
    : `from ${spanText(first.from, first.to)}`;
  const more = others.length > 0 ? `, and ${count(others.length, "more fault")}` : "";
  const subject = first.confidence === "confirmed" ? "An IT fault" : "What may be an IT fault";
  return `${subject} (${faultTitle(first.kind)}) kept ${affected} from signing in${services} ${when}${more}`;
}

function quietSentence(conclusion: Conclusion): string {
  const { read } = conclusion;
  const span = spanOf(conclusion);
  if (read.signIns === 0 || span === undefined) return emptySentence(conclusion);
  const over = `in ${count(read.signIns, "sign-in")} over ${durationText(span.to - span.from)}`;
  if (isScant(conclusion)) return `Nothing stands out ${over}, but that is too little to judge by.`;
  if (hasNoSuccesses(conclusion))
    return `Nothing beyond what people mistype stands out ${over}; but this log holds failures only, and cannot show who got in.`;
  const known = [knownClause(conclusion), oldPasswordClause(conclusion)]
    .filter((clause) => clause !== "")
    .join(", and ");
  return `No attack and no fault was found ${over}${known === "" ? "" : `; but ${known}`}.`;
}

/** What was there instead of sign-ins, so that a wrong file is recognised as one. */
function emptySentence({ read }: Conclusion): string {
  const lines = read.files.reduce((sum, file) => sum + file.lines, 0);
  const leftOut = read.files.reduce((sum, file) => sum + file.leftOut, 0);
  if (leftOut > 0)
    return `None of the ${count(leftOut, "sign-in")} that were read lies between --since and --until, so this says nothing either way.`;
  const formats = [...new Set(read.files.flatMap(({ format }) => (format === "none" ? [] : format.split("+"))))];
  const known = formats.length === 0 ? "" : ` of the format ${list(formats)}`;
  const where = lines === 0 ? "" : ` from ${count(lines, "line")}${known}`;
  return `No sign-in was read${where}, so this log says nothing either way.`;
}

const uncapital = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);

/** "The log ends 12 minutes ago": undefined where it says nothing or ends in the future. */
export function agoText(conclusion: Conclusion, now: Millis): string | undefined {
  const end = spanOf(conclusion)?.to;
  if (end === undefined || end > now) return undefined;
  return now - end < minutes(1)
    ? "less than a minute ago"
    : `${durationText(Math.floor((now - end) / minutes(1)) * minutes(1))} ago`;
}

/** "214 accounts, 198 of them known to exist". */
export function againstText(campaign: Campaign): string {
  const { targets } = campaign;
  if (targets.length === 0) return "accounts that the log does not name";
  const existing = targets.filter(({ exists }) => exists).length;
  if (targets.length === 1) return `1 account, ${existing === 1 ? "" : "not "}known to exist`;
  const known = existing === 0 ? "none" : existing === targets.length ? "all" : figure(existing);
  return `${targetsText(campaign)}, ${known} of them known to exist`;
}

/** "8,120 sign-ins (1,204 failed) of 310 accounts from 288 addresses". */
export function readText({ read }: Conclusion): string {
  const about = read.areEstimates ? "about " : "";
  return (
    `${count(read.signIns, "sign-in")} (${figure(read.failures)} failed) ` +
    `of ${about}${count(read.accounts, "account")} from ${about}${count(read.addresses, "address")}`
  );
}

/** What could not be seen: what the scan says, and what no scan of these files could have seen. */
export function unseenOf(conclusion: Conclusion): readonly string[] {
  const span = spanOf(conclusion);
  const files = count(conclusion.read.files.length, "file");
  const general =
    span === undefined
      ? []
      : [
          `Nothing before ${minuteText(span.from)} or after ${minuteText(span.to)}, and no service that writes its sign-ins elsewhere than in ${conclusion.read.files.length === 1 ? "this file" : `these ${files}`}.`,
          "A right password in the wrong hands, used once and from where its owner usually is, looks like its owner.",
        ];
  return [...conclusion.blindSpots, ...general];
}
