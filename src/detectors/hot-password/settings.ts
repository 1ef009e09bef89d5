// What can be set about passwords that are tried on too many accounts.
import type { Units } from "#/platform/settings.ts";
import { type Duration, days } from "#/platform/units.ts";

export type Settings = {
  /** How long the tries of one password are counted together: twenty guesses a day are one campaign, and so is one a day. */
  readonly window: Duration;
  /** Never speak up before so many accounts, from as many networks that are strange to them. */
  readonly accountsMin: number;
  /** Speak up where chance would bring so many accounts together less often than this: with a hundred strangers' failures a day, one false alarm in thirty years. */
  readonly chanceMax: number;
  /** Share of the internet's guesses that a usual password has, before anything is learned here. */
  readonly usualShare: number;
  /** The same of members' mistakes, which are nearly all their own. */
  readonly usualMistakeShare: number;
  /** Tries that these expectations are worth against what is seen here. */
  readonly priorTries: number;
  /** Of the internet's guesses, this many fall on names that exist for each that does not. */
  readonly backgroundOnExisting: number;
  /** For each account that makes a mistake at home, expect at least so many to make it elsewhere. */
  readonly awayShare: number;
  /** An attacker's list of this site's names may be wrong in so many for each that exists; more of them speak for bots. */
  readonly wrongNames: number;
  /** Never expect fewer accounts than this. */
  readonly expectedMin: number;
  /** Different passwords remembered in a generation; when full, the older generation is forgotten. */
  readonly fingerprintsMax: number;
  /** Tries remembered of all passwords together; when full, further ones are not. */
  readonly triesMax: number;
  /** Tries looked through for one password that is not yet found hot; when there are more, further ones are not kept. */
  readonly triesPerPasswordMax: number;
  /** Hot passwords kept; when full, further ones are not found. */
  readonly hotMax: number;
};

export const defaults: Settings = {
  window: days(7),
  accountsMin: 3,
  chanceMax: 1e-6,
  usualShare: 0.02,
  usualMistakeShare: 0.004,
  priorTries: 25,
  backgroundOnExisting: 0.25,
  awayShare: 0.05,
  wrongNames: 0.25,
  expectedMin: 0.005,
  fingerprintsMax: 50_000,
  triesMax: 300_000,
  triesPerPasswordMax: 2_000,
  hotMax: 1_000,
};

export const units: Units<Settings> = {
  window: "duration",
  accountsMin: "count",
  chanceMax: "share",
  usualShare: "share",
  usualMistakeShare: "share",
  priorTries: "number",
  backgroundOnExisting: "share",
  awayShare: "share",
  wrongNames: "share",
  expectedMin: "number",
  fingerprintsMax: "count",
  triesMax: "count",
  triesPerPasswordMax: "count",
  hotMax: "count",
};
