import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { accountLengthMax, normaliseAccount } from "./account.ts";

const cases: readonly (readonly [string, string])[] = [
  ["anna", "anna"],
  [" Anna ", "anna"],
  ["EXAMPLE\\Anna", "anna"],
  ["EXAMPLE\\ Anna", "anna"],
  ["a\\b\\anna", "anna"],
  ["EXAMPLE\\", "example\\"],
  ["Anna@Example.ORG", "anna@example.org"],
  ["an\u0000na\u001b[31m", "anna[31m"],
  ["an\u200bna\u202e", "anna"],
  ["Zoe\u0308", "zoë"],
  ["", ""],
  ["   ", ""],
  ["\ud800x", "\ufffdx"],
];

for (const [given, expected] of cases) {
  test(`account ${JSON.stringify(given)} counts as ${JSON.stringify(expected)}`, () => {
    assert.equal(normaliseAccount(given), expected);
  });
}

test("an account is told apart up to its maximum length and no further", () => {
  const longest = "a".repeat(accountLengthMax);
  assert.equal(normaliseAccount(longest), longest);
  assert.equal(normaliseAccount(`${longest}b`), longest);
  assert.equal(normaliseAccount(`${"a".repeat(accountLengthMax - 1)} b`), "a".repeat(accountLengthMax - 1));
});

test("an account is normal after one pass, bounded and free of control characters, whatever the text", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 600 }),
    fc.string({ unit: "grapheme", maxLength: 300 }),
    fc.stringMatching(/^[\\ a-zA-Z@]{0,20}$/),
  );
  fc.assert(
    fc.property(text, (given) => {
      const once = normaliseAccount(given);
      assert.equal(normaliseAccount(once), once);
      assert.ok(once.length <= accountLengthMax);
      assert.ok(once.isWellFormed());
      assert.doesNotMatch(once, /\p{Cc}/u);
    }),
    { numRuns: 3_000 },
  );
});
