/**
 * What a server asks about before, or after, it has checked a password, and what it is told. Every string of an attempt is hostile.
 */
import type { SignIn } from "#/signin/signin.ts";
import type { Duration, Millis } from "#/platform/units.ts";

/** An attempt that is about to be decided. Fields mean what they mean of a sign-in. */
export type Attempt = Pick<
  SignIn,
  "at" | "account" | "accountGiven" | "address" | "service" | "server" | "client" | "passwordFingerprint"
>;

/** Why a verdict is what it is: stable names, for logs, metrics and `gate why`. In the order in which verdict.ts asks. */
export const codes = [
  "break-glass",
  "closed",
  "blocked-network",
  "trusted-network",
  "on-site",
  "familiar",
  "failed-open",
  "failed-closed",
  "hot-password",
  "decoy",
  "attacking-address",
  "fallen-account",
  "targeted-account",
  "guarded",
  "campaign",
  "nearby",
  "open",
] as const;
export type Code = (typeof codes)[number];

export type Verdict = {
  /** What is answered. */
  readonly answer: "allow" | "refuse" | "delay";
  /** How long to let a stranger wait, for "delay" and protocols that have it. */
  readonly delay: Duration;
  readonly code: Code;
  /** One sentence with its numbers, for those who defend; never for whoever is signing in. */
  readonly why: string;
  /**
   * What it would have been, had the gate been enforcing; the same as `answer` where it is. In watch-only every answer is "allow".
   */
  readonly would: "allow" | "refuse" | "delay";
};

/** What a gate recorded of a verdict that was, or would have been, other than "allow". */
export type RecordedVerdict = Verdict & {
  readonly at: Millis;
  readonly account: string;
  readonly address: string;
  readonly service: SignIn["service"];
  /** The protocol that asked: "dovecot", "postfix", "forward-auth", "json", "wforce". */
  readonly protocol: string;
};
