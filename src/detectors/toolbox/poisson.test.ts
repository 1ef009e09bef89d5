import assert from "node:assert/strict";
import { test } from "node:test";
import { logTail } from "./poisson.ts";

const near = (value: number, expected: number): void =>
  assert.ok(Math.abs(value - expected) < 1e-9 * Math.max(1, Math.abs(expected)), `${value}, not ${expected}`);

test("the tail is what it is said to be, where it is small and where it is not", () => {
  near(logTail(0, 3), 0);
  near(logTail(1, 2), Math.log(1 - Math.exp(-2)));
  near(logTail(3, 1), Math.log(1 - Math.exp(-1) * 2.5));
  // To first order the first term alone.
  assert.ok(Math.abs(logTail(5, 1e-3) - (5 * Math.log(1e-3) - Math.log(120))) < 1e-3);
  assert.ok(Number.isFinite(logTail(500, 0.001)) && Number.isFinite(logTail(10, 5_000)));
});

test("more seen is less likely, more expected more so", () => {
  for (let count = 1; count < 60; count += 1) {
    assert.ok(logTail(count + 1, 7.5) < logTail(count, 7.5));
    assert.ok(logTail(count, 7.6) > logTail(count, 7.5));
  }
});
