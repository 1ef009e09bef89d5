// All that the judge can be told, section by section, as it stands in portcullis.yaml.
import * as decoy from "#/detectors/decoy/decoy.ts";
import * as distributed from "#/detectors/distributed/distributed.ts";
import * as fault from "#/detectors/fault/fault.ts";
import * as hotPassword from "#/detectors/hot-password/settings.ts";
import * as knownPassword from "#/detectors/known-password/known-password.ts";
import * as oldPassword from "#/detectors/old-password/old-password.ts";
import * as oneAccount from "#/detectors/one-account/one-account.ts";
import * as oneSource from "#/detectors/one-source/one-source.ts";
import * as sharedNetwork from "#/detectors/shared-network/shared-network.ts";
import * as unusualSignIn from "#/detectors/unusual-sign-in/unusual-sign-in.ts";
import * as familiarity from "#/familiarity/familiarity.ts";
import type { Section, Units } from "#/platform/settings.ts";

export type Settings = {
  /** Findings kept; when full, further ones are counted only. */
  readonly findingsMax: number;
};

const incidents: Section<Settings> = {
  defaults: { findingsMax: 50_000 },
  units: { findingsMax: "count" } satisfies Units<Settings>,
};

export type JudgeSettings = {
  readonly familiarity: familiarity.Settings;
  readonly oneSource: oneSource.Settings;
  readonly oneAccount: oneAccount.Settings;
  readonly distributed: distributed.Settings;
  readonly fault: fault.Settings;
  readonly sharedNetwork: sharedNetwork.Settings;
  readonly knownPassword: knownPassword.Settings;
  readonly hotPassword: hotPassword.Settings;
  readonly decoy: decoy.Settings;
  readonly oldPassword: oldPassword.Settings;
  readonly unusualSignIn: unusualSignIn.Settings;
  readonly incidents: Settings;
};

export const defaults: JudgeSettings = {
  familiarity: familiarity.defaults,
  oneSource: oneSource.defaults,
  oneAccount: oneAccount.defaults,
  distributed: distributed.defaults,
  fault: fault.defaults,
  sharedNetwork: sharedNetwork.defaults,
  knownPassword: knownPassword.defaults,
  hotPassword: hotPassword.defaults,
  decoy: decoy.defaults,
  oldPassword: oldPassword.defaults,
  unusualSignIn: unusualSignIn.defaults,
  incidents: incidents.defaults,
};

/** The sections in the order of the data, for the schema and for the reference page (cli/settings.ts). */
export const sections = {
  familiarity: { defaults: familiarity.defaults, units: familiarity.units },
  oneSource: { defaults: oneSource.defaults, units: oneSource.units },
  oneAccount: { defaults: oneAccount.defaults, units: oneAccount.units },
  distributed: { defaults: distributed.defaults, units: distributed.units },
  fault: { defaults: fault.defaults, units: fault.units },
  sharedNetwork: { defaults: sharedNetwork.defaults, units: sharedNetwork.units },
  knownPassword: { defaults: knownPassword.defaults, units: knownPassword.units },
  decoy: { defaults: decoy.defaults, units: decoy.units },
  hotPassword: { defaults: hotPassword.defaults, units: hotPassword.units },
  oldPassword: { defaults: oldPassword.defaults, units: oldPassword.units },
  unusualSignIn: { defaults: unusualSignIn.defaults, units: unusualSignIn.units },
  incidents,
} as const;
