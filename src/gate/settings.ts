// What the gate can be told: who is never refused, who is at home, and what strangers meet. What people decide by the hour is posture, not settings.
import { Failure } from "#/platform/failure.ts";
import type { Units } from "#/platform/settings.ts";
import { type Duration, days, hours, seconds } from "#/platform/units.ts";
import type { Verdict } from "./attempt.ts";
import type { Groups } from "./posture.ts";

/** What a stranger meets. Where a protocol cannot make anybody wait, "delay" is "allow". */
export type Answer = Verdict["answer"];

export type Settings = {
  /** Accounts that are always let through to the password check: the way in for those who mend things. Few, with passwords nobody uses elsewhere. */
  readonly breakGlass: readonly string[];
  /** Networks that are never refused while the gate is not closed: monitoring, your own webmail where it says no address of its own. */
  readonly trustedNetworks: readonly string[];
  /** The institution's own networks: who is there is on site, and no complete stranger. */
  readonly siteNetworks: readonly string[];
  /** Proxies and webmail servers that may say for whom they speak (forwarded address). Nobody else is believed. */
  readonly forwarders: readonly string[];
  /** Groups of accounts by name, for postures: names, or patterns with one star ("*@staff.example.org"). */
  readonly groups: Groups;
  /** What strangers of whom nothing else is known meet while a campaign is under way. */
  readonly campaign: Answer;
  /** What strangers meet at an account at which many strangers guess. */
  readonly targeted: Answer;
  /** What strangers meet while the posture is guarded. */
  readonly guarded: Answer;
  /** How long "delay" is. */
  readonly delay: Duration;
  /** How long guard, on-site, close and block last where nobody says otherwise. */
  readonly restrictFor: Duration;
  /** The longest that any of them may last. Nothing extends by itself. */
  readonly restrictForMax: Duration;
  /** Protocols (dovecot, postfix, forward-auth, json, wforce) that refuse when the gate cannot tell. All others let through to the password check. */
  readonly failClosed: readonly string[];
  /** How long one key makes fingerprints of passwords. When it changes, no fingerprint can be compared with older ones. */
  readonly fingerprintKeyFor: Duration;
  /** Threats kept of each kind; when full, those told longest ago go first. */
  readonly threatsMax: number;
};

/**
 * campaign is "delay": a slow campaign lasts for weeks, at 9,000 accounts 4.5 a year are none (docs/detection.md), and what would be refused is
 * every member's first sign-in from a hotel or a new telephone, against 16 in a million where only what the campaign is known to use is refused:
 * its addresses, its passwords, its targets. Those are refused anyway. To refuse all strangers is a person's decision: `gate guard`.
 *
 * targeted is "refuse": there, one account is guessed at from everywhere, once from each address, and nothing else would hold. It costs its owner
 * new networks in areas where the account has never been, for as long as it lasts.
 */
export const defaults: Settings = {
  breakGlass: [],
  trustedNetworks: [],
  siteNetworks: [],
  forwarders: [],
  groups: {},
  campaign: "delay",
  targeted: "refuse",
  guarded: "refuse",
  delay: seconds(5),
  restrictFor: hours(4),
  restrictForMax: days(90),
  failClosed: [],
  fingerprintKeyFor: days(21),
  threatsMax: 250_000,
};

export const units: Units<Settings> = {
  breakGlass: "names",
  trustedNetworks: "names",
  siteNetworks: "names",
  forwarders: "names",
  groups: "groups",
  campaign: "answer",
  targeted: "answer",
  guarded: "answer",
  delay: "duration",
  restrictFor: "duration",
  restrictForMax: "duration",
  failClosed: "names",
  fingerprintKeyFor: "duration",
  threatsMax: "count",
};

/** What the schema cannot see. Networks are checked where they are read. @throws Failure settings-invalid */
export function checkSettings({ failClosed, groups }: Settings, protocols: readonly string[]): void {
  const unknown = failClosed.find((name) => !protocols.includes(name));
  if (unknown !== undefined) {
    throw new Failure(
      "settings-invalid",
      `gate.failClosed: there is no protocol "${unknown}". Write some of ${protocols.join(", ")}.`,
    );
  }
  for (const [group, members] of Object.entries(groups)) {
    const wrong = members.find((member) => member.split("*").length > 2);
    if (wrong === undefined) continue;
    throw new Failure(
      "settings-invalid",
      `gate.groups.${group}: "${wrong}" has more than one star. Write two patterns.`,
    );
  }
}
