import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { settingsPage } from "../scripts/settings-doc.ts";

const page = settingsPage();

test("docs/settings.md is what the code says (npm run docs writes it)", () => {
  assert.equal(readFileSync(join(import.meta.dirname, "../docs/settings.md"), "utf8"), page);
});

test("every setting has a sentence, a kind and a default", () => {
  const rows = page.split("\n").filter((line) => line.startsWith("| `"));
  assert.ok(rows.length > 30);
  for (const row of rows) assert.match(row, /^\| `\w+` \| [^|]{10,}\| [^|]+ \| `[^`]+` \|$/);
});
