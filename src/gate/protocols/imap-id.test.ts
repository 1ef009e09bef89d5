import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readImapId } from "./imap-id.ts";

test("an IMAP ID gives the client's name and version, and where webmail says that its user is", () => {
  for (const [text, client, address] of [
    ['"name" "Thunderbird" "version" "115.0"', "Thunderbird 115.0", ""],
    ['"version" "4.1" "NAME" "Mail \\"x\\" \\\\"', 'Mail "x" \\ 4.1', ""],
    ['"name" NIL "os" "Linux"', "", ""],
    ['"name" "a" "name" "b"', "a", ""],
    ['"name" "Roundcube" "X-Originating-IP" "203.0.113.5"', "Roundcube", "203.0.113.5"],
    ["curl", "curl", ""],
    ["", "", ""],
  ] as const) {
    assert.deepEqual(readImapId(text), { client, originatingAddress: address }, text);
  }
});

test("an IMAP ID is read in bounded time and length, whatever it is", () => {
  assert.equal(readImapId(`"name" "${"x".repeat(5_000)}"`).client.length, 256);
  assert.equal(readImapId('"'.repeat(2_048)).originatingAddress, "");
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), fc.stringMatching(/^["\\ NILnil]*$/)),
      (text) => {
        assert.ok(readImapId(text).client.length <= 256);
      },
    ),
    { numRuns: 500 },
  );
});
