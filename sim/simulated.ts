/**
 * What the simulator yields: sign-ins with the truth about each, and the truth about the whole. Detection never sees any
 * of this but the sign-in itself.
 */
import type { CampaignKind, ConclusionKind } from "#/incidents/conclusion.ts";
import type { Millis } from "#/platform/units.ts";
import type { Reason, Service, SignIn } from "#/signin/signin.ts";

/**
 * benign: a member or one of their devices. campaign: part of a campaign that must be found. background: the internet's
 * everyday guessing. fault: a member's sign-in that failed, or came again, because of the institution's own trouble.
 */
export type Label = "benign" | "campaign" | "background" | "fault";

export type Simulated = {
  readonly signIn: SignIn;
  readonly label: Label;
  /** "" where no campaign. */
  readonly campaignId: string;
  /** Attempts with the same number came over one connection; the formats write them as one. */
  readonly connection: number;
  /** Which password was tried: equal numbers, equal passwords. 0 where it was the account's own. In logs only as passwords.ts tells it. */
  readonly passwordId: number;
};

export type FallenTruth = { readonly account: string; readonly at: Millis; readonly address: string };

/** A mailbox that a fallen account may open with its own sign-in. */
export type Mailbox = { readonly mailbox: string; readonly through: string };

type CampaignTruth = {
  readonly id: string;
  readonly kind: CampaignKind;
  readonly addresses: readonly string[];
  /** Accounts that exist and were tried. */
  readonly accountsTargeted: readonly string[];
  /** Names that were tried and belong to nobody. */
  readonly namesInvalid: readonly string[];
  readonly fallen: readonly FallenTruth[];
  /** Addresses from which fallen accounts were used afterwards; right to list, no fault to leave out. */
  readonly usedFrom: readonly string[];
  /** Mailboxes of others, shared ones and members', that the fallen accounts open; no sign-in shows that. */
  readonly mailboxesReached: readonly Mailbox[];
  readonly attempts: number;
  /** Times of some guesses by their number, ever further apart: how many had been made by when. */
  readonly progress: readonly (readonly [guess: number, at: Millis])[];
  readonly first: Millis;
  readonly last: Millis;
};

type FaultTruth = {
  /** As `Fault.kind` in src/incidents/conclusion.ts. */
  readonly kind: string;
  readonly from: Millis;
  readonly to: Millis;
  readonly accountsAffected: number;
};

export type Truth = {
  readonly scenario: string;
  readonly seed: number;
  readonly conclusion: ConclusionKind;
  /** Conclusions that are right, too: a Monday of expired passwords may be called a fault. */
  readonly accepted: readonly ConclusionKind[];
  readonly campaigns: readonly CampaignTruth[];
  readonly faults: readonly FaultTruth[];
  readonly signIns: number;
  readonly failures: number;
  readonly labels: Readonly<Record<Label, number>>;
};

/** An attempt on its way to becoming a sign-in. */
export type Attempt = {
  at: number;
  /** The name as typed. */
  name: string;
  /** Index of the account, -1 where the name is nobody's. */
  account: number;
  address: string;
  service: Service;
  server: string;
  client: string;
  /** Whether the password is right, before any fault. */
  right: boolean;
  /** Why it fails although the password may be right (a locked account); "" for nothing of the kind. */
  refused: Reason | "";
  /** Whether the password is the account's last one, which lockout rules forgive. */
  stale: boolean;
  passwordId: number;
  connection: number;
  label: Label;
  /** Index of the campaign, -1 for none. */
  campaign: number;
  /** Use of an account that has fallen already: not part of the guessing. */
  use: boolean;
};
