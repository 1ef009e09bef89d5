import assert from "node:assert/strict";
import { test } from "node:test";
import { givesWay } from "./giving-way.ts";

const known = (area: string, first: number, last = first): { area: string; first: number; last: number } => {
  return { area, first, last };
};

test("of the area from which most are known, the one worth least gives way, however idle the others are", () => {
  const office = known("198.51", 0, 4);
  assert.equal(givesWay([office, known("203.0", 8), known("203.0", 9), known("192.0", 1)]), 1);
  assert.equal(givesWay([office, known("203.0", 2, 9), known("203.0", 10)]), 2);
});

test("where each is of an area of its own, what was used for a week outlasts an evening", () => {
  assert.equal(givesWay([known("198.51", 0, 6), known("203.0", 9), known("192.0", 8)]), 2);
  assert.equal(givesWay([known("198.51", 0, 6), known("203.0", 20), known("192.0", 21)]), 0);
});
