// All of portcullis.yaml: a section for each room that has settings, in the order of the data.
import { existsSync } from "node:fs";
import * as gate from "#/gate/settings.ts";
import * as judge from "#/incidents/settings.ts";
import * as inputs from "#/inputs/settings.ts";
import { fileSchema, readSettings } from "#/platform/settings.ts";
import * as serve from "./serve-settings.ts";
import * as store from "#/store/settings.ts";
import * as watch from "#/watch/settings.ts";

/** For the schema and for the reference page. A room's section is added here, and its file in scripts/settings-doc.ts. */
export const sections = {
  serve: { defaults: serve.defaults, units: serve.units },
  ...judge.sections,
  inputs: { defaults: inputs.defaults, units: inputs.units },
  gate: { defaults: gate.defaults, units: gate.units },
  watch: { defaults: watch.defaults, units: watch.units },
  store: { defaults: store.defaults, units: store.units },
} as const;

export const settingsSchema = fileSchema(sections);

/** Everything as it is without a file. */
export const defaults = settingsSchema.parse({});

const SETTINGS_FILE = "portcullis.yaml";

/** From that file; without one, from portcullis.yaml in this folder where there is one. @throws Failure settings-invalid, file-not-found */
export function loadSettings(path: string | undefined): typeof defaults {
  if (path !== undefined) return readSettings(path, settingsSchema);
  return existsSync(SETTINGS_FILE) ? readSettings(SETTINGS_FILE, settingsSchema) : defaults;
}
