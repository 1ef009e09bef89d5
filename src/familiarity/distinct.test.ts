import assert from "node:assert/strict";
import { test } from "node:test";
import { Distinct } from "./distinct.ts";

test("different texts are counted within two in a hundred, few and many, and the same one once", () => {
  for (const number of [0, 1, 100, 10_000, 200_000]) {
    const distinct = new Distinct();
    for (let turn = 0; turn < 2; turn += 1) {
      for (let index = 0; index < number; index += 1) distinct.add(`user${index}@example.org`);
    }
    const estimate = distinct.estimate();
    assert.ok(Math.abs(estimate - number) <= number * 0.02, `${estimate} for ${number}`);
  }
});

test("addresses that differ in one digit are different", () => {
  const distinct = new Distinct();
  for (let index = 0; index < 65_536; index += 1) distinct.add(`203.0.${index >> 8}.${index & 255}`);
  assert.ok(Math.abs(distinct.estimate() / 65_536 - 1) < 0.02, String(distinct.estimate()));
});
