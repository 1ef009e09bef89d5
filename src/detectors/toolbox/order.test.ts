import assert from "node:assert/strict";
import { test } from "node:test";
import { alphabetOf, paceOf } from "./order.ts";

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
