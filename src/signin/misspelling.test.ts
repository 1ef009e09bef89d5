import assert from "node:assert/strict";
import { test } from "node:test";
import { isMisspelling } from "./misspelling.ts";

test("a letter missing, doubled, wrong or swapped is a misspelling", () => {
  for (const name of [
    "ana.kern@example.org",
    "annna.kern@example.org",
    "anma.kern@example.org",
    "naan.kern@example.org",
  ]) {
    assert.ok(isMisspelling(name, "anna.kern@example.org"), name);
  }
});

test("another name, the same name and no name are no misspellings", () => {
  for (const name of ["otto.kern@example.org", "anna.kern@example.org", "", "x".repeat(500)]) {
    assert.ok(!isMisspelling(name, "anna.kern@example.org"), name);
  }
  assert.ok(!isMisspelling("root", "ruth"), "short names differ by little");
});
