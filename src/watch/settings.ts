// What the watch can be told: how much may wait, how long what it found holds, how often it looks back.
import type { Units } from "#/platform/settings.ts";
import { type Duration, days, hours, minutes } from "#/platform/units.ts";

export type Settings = {
  /** Sign-ins that may wait to be kept. When there are as many, whoever brings more waits. */
  readonly waitingMax: number;
  /** How long an address, a password or an account is a threat after it last was one. */
  readonly threatFor: Duration;
  /** How long a campaign counts as under way after the last sign of it. */
  readonly campaignFor: Duration;
  /** How long strangers are kept from an account that fell: long enough for its owner to be told and its password changed. */
  readonly fallenFor: Duration;
  /** Threats of each kind that are remembered; when full, those that end first go. */
  readonly threatsMax: number;
  /** How often it looks back at everything for who took part and who fell; less often where that would take more than a tenth of the time. */
  readonly lookBackEvery: Duration;
  /** How often what it has learned is kept as it is, so that after a restart only what came since has to be judged again. */
  readonly snapshotEvery: Duration;
  /** How often what is older than the store's retention is deleted. */
  readonly forgetEvery: Duration;
};

export const defaults: Settings = {
  waitingMax: 100_000,
  threatFor: hours(24),
  campaignFor: hours(6),
  fallenFor: days(7),
  threatsMax: 100_000,
  lookBackEvery: minutes(1),
  snapshotEvery: minutes(15),
  forgetEvery: hours(6),
};

export const units: Units<Settings> = {
  waitingMax: "count",
  threatFor: "duration",
  campaignFor: "duration",
  fallenFor: "duration",
  threatsMax: "count",
  lookBackEvery: "duration",
  snapshotEvery: "duration",
  forgetEvery: "duration",
};
