/**
 * The verdict: one attempt's whole way, from what is known of it to what is answered. The rules stand here in their order and nowhere else.
 *
 * Above the line, the first that holds decides. A network that is familiar to the account is above everything that strangers can bring about: no
 * threat is even asked about, so nothing that strangers do ever refuses a member at home. (Of a fallen account, that is what it knew before it fell:
 * what it came to know since may be the thief's.) Below the line, of all that hold the strictest decides, and of equals the first: a further threat
 * never makes an answer milder.
 *
 * An account that knows no network, because it is new or was not used for very long, is a stranger everywhere: these are the accounts that sprays
 * open. Its first sign-in comes from a site network or a trusted one, or while a person opens the gate for it. As long as nothing is known
 * against where it comes from and the posture is open, it comes in like everybody.
 */
import { type Duration, seconds } from "#/platform/units.ts";
import type { Code, Verdict } from "./attempt.ts";
import type { Acquaintance } from "./familiar-networks.ts";
import { type Numbered, type PostureRule, scopeText } from "./posture.ts";
import type { Answer, Settings } from "./settings.ts";
import type { ThreatKind } from "./threat.ts";
import type { Threat } from "./threats.ts";

/** All that is known of an attempt when it is decided. */
export type Facts = {
  readonly isBreakGlass: boolean;
  readonly posture: PostureRule | undefined;
  readonly block: Numbered | undefined;
  readonly trusted: string | undefined;
  readonly site: string | undefined;
  readonly acquaintance: Acquaintance;
  /** Whether the gate has been told all that is familiar; before, it cannot tell members from strangers. */
  readonly isReady: boolean;
  readonly failsClosed: boolean;
  readonly threats: Readonly<Record<ThreatKind, Threat | undefined>>;
};

export type Ruling = { readonly answer: Answer; readonly code: Code; readonly why: string };

type Rule = readonly [
  code: Code,
  /** What it answers; undefined where it does not hold. */
  answer: (facts: Facts, settings: Settings) => Answer | undefined,
  why: (facts: Facts) => string,
];

const first: readonly Rule[] = [
  ["break-glass", (f) => when(f.isBreakGlass, "allow"), () => "a break-glass account, which is never refused"],
  ["closed", (f) => when(f.posture?.posture === "closed", "refuse"), (f) => postureText(f)],
  ["blocked-network", (f) => when(f.block !== undefined, "refuse"), (f) => blockText(f.block)],
  ["trusted-network", (f) => when(f.trusted !== undefined, "allow"), (f) => `${f.trusted} is a trusted network`],
  ["on-site", (f) => when(isOff(f), "refuse"), (f) => `not from a site network, and ${postureText(f)}`],
  ["familiar", (f) => when(f.acquaintance === "network", "allow"), () => "this account signs in from this network"],
  ["failed-closed", (f) => when(!f.isReady && f.failsClosed, "refuse"), () => notReady("refused")],
  ["failed-open", (f) => when(!f.isReady, "allow"), () => notReady("let through to the password check")],
];

// ---- strangers: the strictest that holds. "nearby" (the account's own wider area, or a site network) counts half: enough against what is only
// ---- in the air, not against what is known of this very password, address or account.
const strangers: readonly Rule[] = [
  ["hot-password", threat("hot-password", () => "refuse"), because("hot-password")],
  ["decoy", threat("decoy", () => "refuse"), because("decoy")],
  ["attacking-address", threat("attacking-address", () => "refuse"), because("attacking-address")],
  ["fallen-account", threat("fallen-account", () => "refuse"), because("fallen-account")],
  ["targeted-account", unlessNear(threat("targeted-account", (s) => s.targeted)), because("targeted-account")],
  ["guarded", unlessNear((f, s) => when(f.posture?.posture === "guarded", s.guarded)), (f) => guardedText(f)],
  ["campaign", unlessNear(threat("campaign", (s) => s.campaign)), because("campaign")],
  ["nearby", (f) => when(isNear(f), "allow"), (f) => nearText(f)],
  ["open", () => "allow", () => "nothing is known against it"],
];

export function ruling(facts: Facts, settings: Settings): Ruling {
  for (const [code, answer, why] of first) {
    const given = answer(facts, settings);
    if (given !== undefined) return { answer: given, code, why: why(facts) };
  }
  let decided: Rule | undefined;
  let strictest: Answer | undefined;
  for (const rule of strangers) {
    const given = rule[1](facts, settings);
    if (given === undefined || (strictest !== undefined && strictness[given] <= strictness[strictest])) continue;
    decided = rule;
    strictest = given;
  }
  return { answer: strictest ?? "allow", code: decided?.[0] ?? "open", why: decided?.[2](facts) ?? "" };
}

/** What is answered: in watch-only everybody is let through, and `would` says what would have been. */
export function verdictOf({ answer, code, why }: Ruling, isEnforced: boolean, delay: Duration): Verdict {
  const given = isEnforced ? answer : "allow";
  return { answer: given, delay: given === "delay" ? delay : none, code, why, would: answer };
}

/** For a protocol that could not ask. */
export function failure(isClosed: boolean, why: string): Ruling {
  return isClosed ? { answer: "refuse", code: "failed-closed", why } : { answer: "allow", code: "failed-open", why };
}

const none = seconds(0);
const strictness: Readonly<Record<Answer, number>> = { allow: 0, delay: 1, refuse: 2 };

function when<Of>(holds: boolean, answer: Of): Of | undefined {
  return holds ? answer : undefined;
}

function threat(kind: ThreatKind, answer: (settings: Settings) => Answer): Rule[1] {
  return ({ threats }, settings) => when(threats[kind] !== undefined, answer(settings));
}

function unlessNear(answer: Rule[1]): Rule[1] {
  return (facts, settings) => (isNear(facts) ? undefined : answer(facts, settings));
}

const isOff = ({ posture, site }: Facts): boolean => posture?.posture === "on-site" && site === undefined;
const isNear = ({ acquaintance, site }: Facts): boolean => acquaintance === "area" || site !== undefined;

function because(kind: ThreatKind): Rule[2] {
  return (facts) => `${strangerText(facts)}; ${facts.threats[kind]?.why ?? kind}`;
}

function postureText({ posture }: Facts): string {
  if (posture === undefined) return "";
  return `the gate is ${posture.posture} for ${scopeText(posture.scope)} (${entryText(posture.entry)})`;
}

const blockText = (block: Numbered | undefined): string =>
  block === undefined || block.change.kind !== "block"
    ? ""
    : `${block.change.network} is blocked (${entryText(block)})`;

const entryText = ({ number, author, reason }: Numbered): string =>
  `change ${number} by ${author}${reason === "" ? "" : `: ${reason}`}`;

const guardedText = (facts: Facts): string => `${strangerText(facts)}, and ${postureText(facts)}`;

const strangerText = ({ acquaintance }: Facts): string =>
  acquaintance === "new"
    ? "this account has signed in from nowhere yet"
    : "this account never signed in from this network";

const nearText = ({ site, acquaintance }: Facts): string =>
  site !== undefined
    ? `${site} is a site network`
    : acquaintance === "area"
      ? "this account signs in from this wider area"
      : "";

const notReady = (what: string): string => `the gate is still reading what is familiar: ${what}`;
