import assert from "node:assert/strict";
import { test } from "node:test";
import { median, pooled, rate, share } from "./stats.ts";

const near = (actual: number, expected: number, by = 0.005): void =>
  assert.ok(Math.abs(actual - expected) <= by, `${actual}, not ${expected}`);

test("a share has Wilson's interval, also at its ends", () => {
  const half = share(15, 30);
  near(half.low, 0.332);
  near(half.high, 0.668);
  const all = share(30, 30);
  near(all.low, 0.886);
  assert.equal(all.high, 1);
  assert.equal(share(0, 30).low, 0);
});

test("a median's interval is that of the 10th and 21st of 30 values", () => {
  const values = Array.from({ length: 30 }, (_, index) => 30 - index);
  assert.deepEqual(median(values), { value: 15.5, low: 10, high: 21 });
});

test("what never happened is later than everything that did", () => {
  assert.deepEqual(median([1, undefined, undefined]), { value: Infinity, low: 1, high: Infinity });
  assert.equal(median([undefined, undefined]).value, Infinity);
});

test("a pooled ratio is of the sums, between those of single runs", () => {
  const parts = [1, 2, 3, 4, 5, 6, 7, 8].map((part) => ({ part, whole: 10 }));
  const found = pooled(parts);
  near(found.value, 0.45);
  assert.ok(found.low > 0.1 && found.low < 0.45 && found.high > 0.45 && found.high < 0.8);
  assert.deepEqual(pooled(parts), found);
});

test("a rate has Garwood's interval, also of nothing seen and of much", () => {
  near(rate(0, 1).high, 3.689);
  near(rate(3, 1).low, 0.619);
  near(rate(3, 1).high, 8.767);
  near(rate(10_000, 10).low, 980.5, 0.5);
  near(rate(10_000, 10).high, 1019.8, 0.5);
});
