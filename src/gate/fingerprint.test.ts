import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { inspect } from "node:util";
import { STRANGE, NOON, attempt, gateOf, threaten } from "../../test/support/gate.ts";
import { days, later } from "#/platform/units.ts";
import { Fingerprints } from "./fingerprint.ts";

const hashOf = (password: string, algorithm = "sha256"): string => createHash(algorithm).update(password).digest("hex");
const autumn = hashOf("Autumn2026!");

test("equal passwords have equal fingerprints while the key lasts, and no longer", () => {
  const prints = new Fingerprints(days(21), NOON);
  const first = prints.of(autumn, NOON);
  assert.match(first, /^[\da-f]{32}$/);
  assert.equal(prints.of(autumn.toUpperCase(), later(NOON, days(20))), first);
  assert.notEqual(prints.of(hashOf("Winter2026!"), NOON), first);
  const next = prints.of(autumn, later(NOON, days(21)));
  assert.notEqual(next, first);
  assert.equal(prints.of(autumn, NOON), next, "the key before is gone");
  assert.notEqual(new Fingerprints(days(21), NOON).of(autumn, NOON), first, "no two have the same key");
});

test("what is no full hash has no fingerprint, and is only counted", () => {
  const prints = new Fingerprints(days(21), NOON);
  for (const given of ["0fc9", "Autumn2026!", autumn.slice(1), `${autumn.slice(1)}g`, ` ${autumn.slice(1)}`]) {
    assert.equal(prints.of(given, NOON), "");
  }
  assert.equal(prints.malformed, 5);
  assert.equal(prints.of("", NOON), "");
  assert.equal(prints.malformed, 5, "no hash is no malformed hash");
  for (const algorithm of ["sha1", "sha384", "sha512"]) assert.notEqual(prints.of(hashOf("a", algorithm), NOON), "");
});

test("nothing that the gate keeps or answers has the hash in it, nor the fingerprint", () => {
  const prints = new Fingerprints(days(21), NOON);
  const fingerprint = prints.of(autumn, NOON);
  const gate = gateOf();
  threaten(gate, "hot-password", fingerprint);
  const verdict = gate.decide(attempt("anna", STRANGE, { passwordFingerprint: fingerprint }));
  assert.equal(verdict.code, "hot-password");
  prints.of(`${autumn}0`, NOON);
  const all = inspect([prints, gate, verdict], { depth: 20, showHidden: true, maxArrayLength: null });
  assert.ok(!all.includes(autumn));
  assert.ok(!JSON.stringify(verdict).includes(fingerprint));
});
