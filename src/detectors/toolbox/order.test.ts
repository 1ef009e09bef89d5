import assert from "node:assert/strict";
import { test } from "node:test";
import { alphabetOf, orderedRun, paceOf } from "./order.ts";

const sorted = Array.from({ length: 60 }, (_, index) => `name${String(index).padStart(3, "0")}`);
/** The same names in an order that is nobody's. */
const mixed = sorted.map((_, index) => sorted[(index * 37 + 11) % 60] ?? "");

test("names in the alphabet's order are seen, forwards and backwards, several times over, and with others among them", () => {
  assert.equal(alphabetOf(sorted), "forwards");
  assert.equal(alphabetOf(sorted.toReversed()), "backwards");
  assert.equal(alphabetOf([...sorted, ...sorted, ...sorted]), "forwards");
  assert.equal(alphabetOf(sorted.map((name, index) => (index % 10 === 5 ? (mixed[index] ?? "") : name))), "forwards");
});

test("names in any other order, too few of them, and one name over and over are none", () => {
  assert.equal(alphabetOf(mixed), "none");
  assert.equal(alphabetOf(sorted.slice(0, 11)), "none");
  assert.equal(alphabetOf(sorted.slice(0, 12)), "forwards");
  assert.equal(alphabetOf(Array.from({ length: 100 }, () => "one")), "none");
  assert.equal(alphabetOf([]), "none");
});

test("a fixed pace is seen where most gaps are alike, pauses or not", () => {
  const times = Array.from({ length: 40 }, (_, index) => index * 360 + (index % 5) * 10 + (index > 20 ? 40_000 : 0));
  const pace = paceOf(times) ?? 0;
  assert.ok(pace > 340 && pace < 380, `${pace}`);
});

test("gaps as people and chance make them, and too few of any, are no pace", () => {
  let at = 0;
  // Quantiles of the exponential distribution, in an order that is nobody's.
  const times = Array.from({ length: 60 }, (_, index) => (at -= Math.log(1 - (((index * 37) % 60) + 0.5) / 60)));
  assert.equal(paceOf(times), undefined);
  const even = Array.from({ length: 21 }, (_, index) => index);
  assert.equal(paceOf(even), 1);
  assert.equal(paceOf(even.slice(1)), undefined);
  assert.equal(paceOf(even.map(() => 5)), undefined);
});

test("a list that is gone through in order is found among as many names in no order, and tells which are its own", () => {
  const others = sorted.map((_, index) => `name${String((index * 37 + 11) % 60).padStart(3, "0")}x`);
  const names = sorted.flatMap((name, index) => [name, others[index] ?? ""]);
  const run = orderedRun(names);
  assert.ok(run.length >= 60, `${run.length}`);
  const own = run.filter((index) => index % 2 === 0).length;
  assert.ok(own > 0.7 * run.length, `${own}`);
  const found = run.map((index) => names[index] ?? "");
  assert.deepEqual(found, found.toSorted());
  assert.equal(new Set(found).size, found.length);
});

test("no run is found in names in no order, in too few names, or in one name over and over", () => {
  assert.deepEqual(orderedRun(mixed), []);
  assert.deepEqual(orderedRun(sorted.toReversed()), []);
  // Two roots of 23, and six sixth roots of it, are 19.7.
  assert.equal(orderedRun(sorted.slice(0, 23)).length, 23);
  assert.deepEqual(orderedRun(sorted.slice(0, 19)), []);
  assert.deepEqual(orderedRun(Array.from({ length: 100 }, () => "one")), []);
  assert.deepEqual(orderedRun([]), []);
});
