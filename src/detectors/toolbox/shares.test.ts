import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Shares, attackShareOf, count, createShares, evenShareOf, shareOf } from "./shares.ts";

const DAY = 86_400_000;

const counted = (values: readonly string[], max = 100): Shares<string> => {
  const shares = createShares<string>();
  for (const value of values) count(shares, DAY, value, 1, 7 * DAY, max);
  return shares;
};

test("shares of what was seen, and of one thing that was not, are those of the corrected smoothing", () => {
  const shares = counted(["a", "a", "a", "b"]);
  // N = 4 and M = 2: seen (c / 4) (1 - 2 / 6), unseen 1 / 6.
  assert.equal(shareOf(shares, "a"), 0.5);
  assert.equal(shareOf(shares, "never"), 1 / 6);
  assert.equal(shareOf(createShares<string>(), "never"), 1);
});

test("no more different values are kept than the maximum, and every one counts to the sum", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (values) => {
      const shares = counted(values, 5);
      assert.ok(shares.counts.size <= 5);
      assert.equal(shares.sum, values.length);
    }),
  );
});

test("counts fade by half in their half-life, and what has faded makes room", () => {
  const shares = counted(["a", "a", "b"], 2);
  count(shares, 8 * DAY, "a", 0, 7 * DAY, 2);
  assert.equal(shares.counts.get("a"), 1);
  assert.equal(shares.sum, 1.5);
  count(shares, 70 * DAY, "c", 1, 7 * DAY, 2);
  assert.deepEqual([...shares.counts.keys()], ["c"]);
  // What comes late fades nothing.
  count(shares, 3 * DAY, "c", 1, 7 * DAY, 2);
  assert.equal(shares.counts.get("c"), 2);
});

test("an attack has the excess over the members' own slips, and none of what members have as much of", () => {
  const good = counted(Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? "mail" : "web")));
  const failures = counted([...Array.from({ length: 40 }, () => "tool"), ...Array.from({ length: 5 }, () => "mail")]);
  assert.ok(attackShareOf(failures, good, "tool", 0.1) > 0.95);
  assert.equal(attackShareOf(failures, good, "mail", 0.1), 0);
  assert.equal(attackShareOf(failures, good, "never", 0.1), 0);
  assert.equal(attackShareOf(failures, good, "tool", 0.1, 40), 0);
});

test("one of a few values that are bound to come is never taken for impossible", () => {
  const shares = counted(["a", "a"]);
  assert.equal(evenShareOf(shares, "a", 4), 0.5);
  assert.equal(evenShareOf(shares, "b", 4), 1 / 6);
});
