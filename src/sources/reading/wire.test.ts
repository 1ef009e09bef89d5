import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { millis } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";
import { Decoder, Encoder } from "./wire.ts";

const text = fc.oneof(fc.constantFrom("", "anna", "192.0.2.1"), fc.string({ unit: "binary", maxLength: 20 }));
const fields = {
  at: fc.integer({ min: 0, max: 4e12 }).map((at) => millis(at)),
  outcome: fc.constantFrom("success" as const, "failure" as const),
  reason: fc.constantFrom("" as const, "bad-password" as const, "locked" as const),
  account: text,
  accountGiven: text,
  address: text,
  service: fc.constantFrom("imap" as const, "ssh" as const),
  server: text,
  client: text,
  count: fc.integer({ min: 1, max: 100_000 }),
  passwordFingerprint: text,
  source: fc.constantFrom("dovecot", "openssh"),
};
const signIn: fc.Arbitrary<SignIn> = fc.record(fields, { noNullPrototype: true });

test("sign-ins come out of the wire as they went in, batch after batch", () => {
  fc.assert(
    fc.property(fc.array(fc.array(signIn, { maxLength: 20 }), { maxLength: 6 }), (batches) => {
      const encoder = new Encoder();
      const decoder = new Decoder();
      for (const batch of batches) {
        const packet = encoder.encode(batch);
        assert.deepEqual(decoder.decode(structuredClone(packet)), batch);
      }
    }),
    { numRuns: 300 },
  );
});

test("a table that is full is begun anew, and nothing is mixed up", () => {
  const encoder = new Encoder();
  const decoder = new Decoder();
  let fresh = 0;
  for (let round = 0; round < 60; round += 1) {
    const batch = Array.from({ length: 4_096 }, (_, index): SignIn => ({
      at: millis(round),
      outcome: "failure",
      reason: "bad-password",
      account: `name-${round}-${index}`,
      accountGiven: `Name-${round}-${index}`,
      address: "192.0.2.1",
      service: "imap",
      server: "mx1",
      client: "",
      count: 1,
      passwordFingerprint: "",
      source: "dovecot",
    }));
    const packet = encoder.encode(batch);
    if (packet.fresh) fresh += 1;
    const decoded = decoder.decode(packet);
    assert.deepEqual(decoded[0], batch[0]);
    assert.deepEqual(decoded.at(-1), batch.at(-1));
  }
  assert.equal(fresh, 3);
});
