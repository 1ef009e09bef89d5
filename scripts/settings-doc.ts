/**
 * docs/settings.md, made from the code: the comment beside each setting, its kind and its default. `npm run docs` writes it;
 * test/settings-doc.test.ts fails where the committed page is not what the code says.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sections } from "#/cli/settings.ts";
import { type Unit, durationText } from "#/platform/settings.ts";

const root = join(import.meta.dirname, "..");

const files: Readonly<Record<keyof typeof sections, string>> = {
  serve: "src/cli/serve-settings.ts",
  familiarity: "src/familiarity/familiarity.ts",
  oneSource: "src/detectors/one-source/one-source.ts",
  oneAccount: "src/detectors/one-account/one-account.ts",
  distributed: "src/detectors/distributed/distributed.ts",
  fault: "src/detectors/fault/fault.ts",
  sharedNetwork: "src/detectors/shared-network/shared-network.ts",
  knownPassword: "src/detectors/known-password/known-password.ts",
  decoy: "src/detectors/decoy/decoy.ts",
  hotPassword: "src/detectors/hot-password/settings.ts",
  oldPassword: "src/detectors/old-password/old-password.ts",
  unusualSignIn: "src/detectors/unusual-sign-in/unusual-sign-in.ts",
  incidents: "src/incidents/settings.ts",
  inputs: "src/inputs/settings.ts",
  gate: "src/gate/settings.ts",
  watch: "src/watch/settings.ts",
  store: "src/store/settings.ts",
};

const kinds: Readonly<Record<Unit, string>> = {
  duration: 'length of time ("30m", "24h", "7d")',
  count: "whole number from 1",
  share: "0 to 1",
  "log-odds": "log-odds (natural logarithm)",
  "per-day": "per day",
  number: "number",
  "per-day-list": "list, per day",
  names: "list of names",
  groups: "lists of names, by name",
  answer: "allow, delay or refuse",
  text: "text",
  "yes-or-no": "true or false",
};

/** The page as it should be. */
export function settingsPage(): string {
  const parts = [
    "# Settings",
    "",
    "Portcullis needs none. Where a site is unlike others, `portcullis.yaml` in the folder where it is started (or the file after",
    "`--settings`) changes what is written there and nothing else. This page is made from the code by `npm run docs`.",
    "",
    "```yaml",
    "oneAccount:",
    "  window: 24h",
    "  areasMax: 10",
    "```",
  ];
  for (const [name, section] of Object.entries(sections)) {
    parts.push("", `## ${name}`, "", "| setting | what it is | kind | default |", "|---|---|---|---|");
    const comments = settingComments(join(root, files[name as keyof typeof sections]));
    const units: Readonly<Record<string, Unit>> = section.units;
    for (const [setting, value] of Object.entries(section.defaults)) {
      const unit = units[setting] ?? "number";
      const shown = unit === "duration" ? durationText(Number(value)) : JSON.stringify(value);
      parts.push(`| \`${setting}\` | ${comments.get(setting) ?? ""} | ${kinds[unit]} | \`${shown}\` |`);
    }
  }
  return `${parts.join("\n")}\n`;
}

/** The doc comment of each field of the file's `Settings` type. */
function settingComments(file: string): Map<string, string> {
  const text = readFileSync(file, "utf8");
  const body = /export type Settings = \{([\s\S]*?)\n\};/.exec(text)?.[1] ?? "";
  const comments = new Map<string, string>();
  for (const [, comment = "", name = ""] of body.matchAll(/\/\*\*([\s\S]*?)\*\/\s*readonly (\w+)/g)) {
    comments.set(
      name,
      comment
        .replace(/\s*\n\s*\*?\s*/g, " ")
        .trim()
        .replaceAll("|", "\\|"),
    );
  }
  return comments;
}

if (import.meta.main) writeFileSync(join(root, "docs/settings.md"), settingsPage());
