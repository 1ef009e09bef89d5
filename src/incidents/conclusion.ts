/**
 * What a scan concludes: the one value that everything that tells (terminal, JSON, HTML, CSV) is made from. It knows
 * nothing of how it was found or of how it will be shown. Every account, address and client string in it is hostile.
 */
import type { Duration, Millis } from "#/platform/units.ts";

export type ConclusionKind = "attack" | "fault" | "attack-and-fault" | "quiet";

export type CampaignKind = "password-spraying" | "password-guessing" | "credential-stuffing" | "mfa-fatigue";

/** MITRE ATT&CK technique of each kind of campaign. */
export const techniques = {
  "password-spraying": "T1110.003",
  "password-guessing": "T1110.001",
  "credential-stuffing": "T1110.004",
  "mfa-fatigue": "T1621",
} as const satisfies Record<CampaignKind, string>;

export type Confidence = "suspected" | "probable" | "confirmed";

/** An address that took part in a campaign. */
export type Origin = {
  readonly address: string;
  readonly attempts: number;
  /** Distinct accounts that it tried. */
  readonly accounts: number;
  readonly first: Millis;
  readonly last: Millis;
  /** Accounts that signed in from this address, and from its network (IPv4 /24, IPv6 /48), and did not fall: whom a block would hit. */
  readonly members: number;
  readonly networkMembers: number;
  /** The institution's own people sign in from here: never to be shut out. */
  readonly isShared?: boolean;
};

/** An account that the campaign tried. */
export type Target = {
  readonly account: string;
  readonly attempts: number;
  /** Whether this account is known to exist: it signed in, or the source says that the password, not the name, was wrong. */
  readonly exists: boolean;
  /** Whether the campaign got as far as the second factor, and so had the right password. */
  readonly knewPassword: boolean;
};

/** An account that the campaign opened. */
export type Fallen = {
  readonly account: string;
  readonly at: Millis;
  readonly address: string;
  readonly service: string;
  readonly confidence: Confidence;
  /** An account that nobody has: who opened it is no owner. */
  readonly isDecoy?: boolean;
  readonly why: string;
};

/** An account whose password a stranger knows, and whose second factor held. */
export type KnownPassword = {
  readonly account: string;
  /** The first refusal. */
  readonly at: Millis;
  readonly addresses: readonly string[];
  readonly refusals: number;
  readonly confidence: Confidence;
  readonly why: string;
};

export type Campaign = {
  /** Stable within one scan: "C1", "C2", in order of first attempt. */
  readonly id: string;
  readonly kind: CampaignKind;
  readonly firstAttempt: Millis;
  readonly lastAttempt: Millis;
  /** The time of the sign-in at which the running state first declared it; the end of the log where only hindsight saw it. */
  readonly detectedAt: Millis;
  readonly attemptsBeforeDetection: number;
  readonly attempts: number;
  /** Of them, those on names beyond the most that are kept for one address: there are more targets than are listed. */
  readonly attemptsUnlisted?: number;
  /** Most active first. */
  readonly origins: readonly Origin[];
  /** Most tried first. */
  readonly targets: readonly Target[];
  /** Earliest first. */
  readonly fallen: readonly Fallen[];
  /** Sign-ins from where the account had never been, while it went on or soon after, whose holders are worth asking. Most are journeys. */
  readonly meanwhile?: Meanwhile;
  readonly services: readonly string[];
  readonly confidence: Confidence;
  /** Plain sentences with the numbers in them. */
  readonly why: readonly string[];
};

export type Meanwhile = {
  /** Those that are like a thief's first, likeliest first; then, where every address guesses once, so that one that guessed right has failed on nobody, all others. */
  readonly signIns: readonly AskedAbout[];
  /** How many such sign-ins would be usual in that time; undefined where only those that are like a thief's are listed. */
  readonly usual: number | undefined;
};

type AskedAbout = {
  readonly account: string;
  readonly address: string;
  readonly at: Millis;
  /** That it is a thief's, where it is likely enough to be told; and why. */
  readonly probability?: number;
  readonly why?: string;
};

export type Fault = {
  /** "F1", "F2", in order of onset. */
  readonly id: string;
  /** "sign-in-outage", "mass-lockout", "wrong-passwords", "expired-passwords", "one-server", "one-client". */
  readonly kind: string;
  readonly from: Millis;
  readonly to: Millis;
  readonly accountsAffected: number;
  readonly services: readonly string[];
  /** Suspected where the log cannot tell it from an attack that comes from where members sign in. */
  readonly confidence: Confidence;
  readonly why: readonly string[];
};

/** Something that a detector noticed, whether or not it became part of a campaign or fault. */
export type Finding = {
  /** The detector's name: its folder under src/detectors. */
  readonly detector: string;
  readonly at: Millis;
  /** What it is about: an address, an account, or "all sign-ins". */
  readonly subject: string;
  readonly why: string;
};

export type MalformedLine = { readonly line: number; readonly why: string; readonly text: string };

export type FileRead = {
  readonly path: string;
  /** Ids of the formats found in it, most frequent first, joined by "+": "dovecot+postfix"; "none". */
  readonly format: string;
  readonly lines: number;
  readonly signIns: number;
  /** Attempts outside of --since and --until, which are in none of the other figures. */
  readonly leftOut: number;
  readonly ignored: number;
  readonly malformed: number;
  /** Undefined where it held no sign-in. */
  readonly from: Millis | undefined;
  readonly to: Millis | undefined;
  /** The first few malformed lines, at most `malformedShownMax`. */
  readonly malformedLines: readonly MalformedLine[];
  /** Something that the reader must be told about this file: cut short, no year, no zone. */
  readonly notes: readonly string[];
};

export type Read = {
  readonly files: readonly FileRead[];
  readonly signIns: number;
  readonly failures: number;
  /** Different ones that were read, whether or not all of them are kept. */
  readonly accounts: number;
  readonly addresses: number;
  /** Whether these two are estimates: there were more than are kept at once. */
  readonly areEstimates: boolean;
  /** The zone that was assumed for times without one; undefined where every time had its own. */
  readonly zoneAssumed: string | undefined;
};

/** Sign-ins over time, for the plots: equal slots, at most `slotsMax` of them. */
export type Timeline = {
  readonly from: Millis;
  readonly slot: Duration;
  readonly slots: readonly {
    readonly successes: number;
    readonly failures: number;
    /** Failures of strangers: from where the account never signed in. */
    readonly unfamiliar: number;
  }[];
};

export type Conclusion = {
  readonly kind: ConclusionKind;
  readonly read: Read;
  readonly campaigns: readonly Campaign[];
  /** Accounts of which strangers know the password and were stopped by the second factor; none of them fell. Earliest first. */
  readonly knownPasswords: readonly KnownPassword[];
  readonly faults: readonly Fault[];
  readonly findings: readonly Finding[];
  readonly timeline: Timeline;
  /** What could not be seen, in plain sentences: no successes in this log, a gap from 02:10 to 04:40. */
  readonly blindSpots: readonly string[];
};

/** An attack or a fault, and the log cannot tell which: both are told, as suspected. */
export const isUndecided = ({ campaigns, faults }: Conclusion): boolean =>
  campaigns.length > 0 &&
  faults.length > 0 &&
  [...campaigns, ...faults].every(({ confidence }) => confidence === "suspected");
