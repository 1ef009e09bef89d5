import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { sources } from "#/sources/all.ts";
import { sourcesPage } from "../scripts/sources-doc.ts";

const page = readFileSync(join(import.meta.dirname, "../docs/sources.md"), "utf8");

test("docs/sources.md is what the code says (npm run docs writes it)", () => {
  assert.equal(page, sourcesPage());
});

test("every format is in the table, and says in words what it reads", () => {
  for (const { id, title } of sources) {
    assert.ok(page.includes(`| [${id}](#${id}) | ${title} |`), `${id} is not in the table`);
    assert.match(page, new RegExp(`^### ${id}\n\n\\S.{30,}`, "m"), `${id} has no words`);
  }
});
