import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { defaults, settingsSchema } from "#/cli/settings.ts";
import { durationText, readSettings } from "./settings.ts";
import { hours } from "./units.ts";

const folder = mkdtempSync(join(tmpdir(), "portcullis-settings-"));
after(() => rmSync(folder, { recursive: true }));

function read(text: string): typeof defaults {
  const path = join(folder, "portcullis.yaml");
  writeFileSync(path, text);
  return readSettings(path, settingsSchema);
}

test("an empty settings file changes nothing", () => {
  assert.deepEqual(read(""), defaults);
});

test("a setting that is given is taken, all others keep their defaults", () => {
  const settings = read("oneAccount:\n  window: 12h\n");
  assert.equal(settings.oneAccount.window, hours(12));
  assert.equal(settings.oneAccount.areasMax, defaults.oneAccount.areasMax);
  assert.deepEqual(settings.fault, defaults.fault);
});

test("a wrong value is refused with file, line, setting and what was expected", () => {
  assert.throws(
    () => read("fault:\n  usualShare: 0.1\n  stuckAfter: soon\n"),
    /portcullis\.yaml:3: fault\.stuckAfter: expected a length of time/,
  );
  assert.throws(() => read("oneAccount:\n  areasMax: 0\n"), { code: "settings-invalid" });
});

test("an invented setting is refused, and so is broken YAML", () => {
  assert.throws(() => read("oneAccount:\n  windw: 12h\n"), /windw/);
  assert.throws(() => read("oneAccount: [\n"), /portcullis\.yaml:\d+: not valid YAML/);
});

test("a file that is not there says so", () => {
  assert.throws(() => readSettings(join(folder, "none.yaml"), settingsSchema), { code: "file-not-found" });
});

test("durations are written in the longest unit that fits", () => {
  assert.equal(durationText(hours(24)), "1d");
  assert.equal(durationText(hours(36)), "36h");
  assert.equal(durationText(1_500), "1500ms");
});
