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
import { type Section, type Units, sectionSchema } from "#/platform/settings.ts";
import * as z from "zod";

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

/** The sections in the order of the data, for the schema and for the reference page. */
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

export const settingsSchema: z.ZodType<JudgeSettings> = z
  .strictObject({
    familiarity: sectionSchema(sections.familiarity).optional(),
    oneSource: sectionSchema(sections.oneSource).optional(),
    oneAccount: sectionSchema(sections.oneAccount).optional(),
    distributed: sectionSchema(sections.distributed).optional(),
    fault: sectionSchema(sections.fault).optional(),
    sharedNetwork: sectionSchema(sections.sharedNetwork).optional(),
    knownPassword: sectionSchema(sections.knownPassword).optional(),
    decoy: sectionSchema(sections.decoy).optional(),
    hotPassword: sectionSchema(sections.hotPassword).optional(),
    oldPassword: sectionSchema(sections.oldPassword).optional(),
    unusualSignIn: sectionSchema(sections.unusualSignIn).optional(),
    incidents: sectionSchema(sections.incidents).optional(),
  })
  .transform((given) => ({
    familiarity: given.familiarity ?? defaults.familiarity,
    oneSource: given.oneSource ?? defaults.oneSource,
    oneAccount: given.oneAccount ?? defaults.oneAccount,
    distributed: given.distributed ?? defaults.distributed,
    fault: given.fault ?? defaults.fault,
    sharedNetwork: given.sharedNetwork ?? defaults.sharedNetwork,
    knownPassword: given.knownPassword ?? defaults.knownPassword,
    decoy: given.decoy ?? defaults.decoy,
    hotPassword: given.hotPassword ?? defaults.hotPassword,
    oldPassword: given.oldPassword ?? defaults.oldPassword,
    unusualSignIn: given.unusualSignIn ?? defaults.unusualSignIn,
    incidents: given.incidents ?? defaults.incidents,
  }));
