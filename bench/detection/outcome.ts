/** What one played scenario came to, for us and for each peer: plain data that goes between processes and into a file. */
import type { ConclusionKind } from "#/incidents/conclusion.ts";

/** Things found among those that there were, and right among those that were said; added up over runs. */
export type Counts = {
  readonly truly: number;
  readonly found: number;
  readonly said: number;
  readonly right: number;
};

export type ToolOutcome = {
  /** Guesses of the scenario's first campaign until it was declared, the one that declared it included; undefined for never. */
  readonly guesses: number | undefined;
  readonly hours: number | undefined;
  readonly addresses: Counts;
  /** Of the addresses named, those that members sign in from and no campaign ever used. */
  readonly membersAddresses: number;
  /** Alarms that belong to no campaign; the same address within a day is one. */
  readonly alarmsFalse: number;
  /** Days with such an alarm. */
  readonly alarmDays: number;
  /** Such alarms about addresses that members sign in from. */
  readonly alarmsAtMembers: number;
  /** False alarms of any kind while a fault lasted, and in the hour after. */
  readonly alarmsInFault: number;
  /** Members' right passwords that would have been refused, had the named addresses been shut out from then on. */
  readonly refused: number;
};

/** Only we say these. */
export type OwnOutcome = ToolOutcome & {
  readonly conclusion: ConclusionKind;
  readonly right: boolean;
  readonly kindRight: boolean;
  readonly fallen: Counts;
  /** Of the refused, those from a network that the account had signed in from before; a gate never refuses these. */
  readonly refusedFamiliar: number;
  /** A day after the first campaign's first guess: the addresses that it had used by then. */
  readonly addressesAfterDay: Counts | undefined;
  readonly faultsFalse: number;
  /** What the running state marked and hindsight may have taken back: attackers' addresses, accounts and alarms. */
  readonly marks: number;
};

export type FaultOutcome = {
  readonly kind: string;
  readonly named: boolean;
  /** Minutes after its onset at which it stood in the conclusion under its right name; of the moments at which we asked. */
  readonly namedMinutes: number | undefined;
  /** The same for any fault at all. */
  readonly anyMinutes: number | undefined;
  /** Minutes until it and the attack both did; where there is an attack. */
  readonly bothMinutes: number | undefined;
};

/** The score of single sign-ins: what would come of asking for more than a password above a threshold. */
export type ChallengeOutcome = {
  /** One for each account and address that a stolen password was used from. */
  readonly stolen: number;
  readonly stolenChallenged: number;
  readonly members: number;
  readonly membersChallenged: number;
};

export type Job = {
  readonly scenario: string;
  readonly seed: number;
  readonly accounts: number;
  readonly days: number;
};

export type Outcome = Job & {
  /** What is true. */
  readonly truth: ConclusionKind;
  readonly signIns: number;
  /** Right passwords of members. */
  readonly membersSignIns: number;
  readonly own: OwnOutcome;
  readonly fault: FaultOutcome | undefined;
  readonly challenge: ChallengeOutcome | undefined;
  readonly peers: Readonly<Record<string, ToolOutcome>>;
  /** CPU seconds of all of it. */
  readonly seconds: number;
};
