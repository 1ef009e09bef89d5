import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DAY, HOUR, MINUTE, at } from "../../test/support/signins.ts";
import { millis, minutes } from "#/platform/units.ts";
import { Tally } from "./timeline.ts";

function tallied(count: number, gap: number): Tally {
  const tally = new Tally();
  for (let index = 0; index < count; index += 1)
    tally.add(millis(at(0) + index * gap), index % 3 !== 0, index % 2 === 0, 1);
  return tally;
}
const totals = (tally: Tally): { successes: number; failures: number; unfamiliar: number } => {
  const sum = { successes: 0, failures: 0, unfamiliar: 0 };
  for (const slot of tally.timeline().slots) {
    sum.successes += slot.successes;
    sum.failures += slot.failures;
    sum.unfamiliar += slot.unfamiliar;
  }
  return sum;
};

test("nothing seen is no slot at all", () => {
  assert.deepEqual(new Tally().timeline().slots, []);
  assert.deepEqual(new Tally().gaps(1, minutes(1)), []);
});

test("an hour is told by the minute, empty minutes filled in", () => {
  const { from, slot, slots } = tallied(13, 5 * MINUTE).timeline();
  assert.equal(from, at(0));
  assert.equal(slot, MINUTE);
  assert.equal(slots.length, 61);
  assert.deepEqual(slots[0], { successes: 0, failures: 1, unfamiliar: 1 });
  assert.deepEqual(slots[1], { successes: 0, failures: 0, unfamiliar: 0 });
  assert.deepEqual(slots[5], { successes: 1, failures: 0, unfamiliar: 0 });
});

test("a longer log has wider slots, doubled as often as it takes", () => {
  const year = tallied(365 * 24, HOUR);
  const { slot, slots } = year.timeline();
  assert.ok(Number.isInteger(Math.log2(slot / MINUTE)) && slot > DAY, `${slot}`);
  assert.ok(slots.length <= 240 && slots.length > 100, `${slots.length}`);
  assert.equal(slots.filter(({ successes, failures }) => successes + failures > 0).length, slots.length);
});

test("an attempt that the server counted several times counts as often", () => {
  const tally = new Tally();
  tally.add(at(0), false, true, 7);
  assert.deepEqual(totals(tally), { successes: 0, failures: 7, unfamiliar: 7 });
});

test("a gap is found where sign-ins would have been usual, the longest first", () => {
  const tally = new Tally();
  const add = (from: number, to: number): void => {
    for (let when = from; when < to; when += 10_000) tally.add(millis(when), true, false, 1);
  };
  add(at(0), at(0, 6));
  add(at(0, 8), at(0, 12));
  add(at(0, 17), at(1));
  assert.deepEqual(tally.gaps(100, minutes(30)), [
    { from: at(0, 12), to: at(0, 17) },
    { from: at(0, 6), to: at(0, 8) },
  ]);
  assert.deepEqual(
    tally.gaps(100, minutes(180)).map(({ from }) => from),
    [at(0, 12)],
  );
});

/** A fortnight of a hundred sign-ins an hour from seven to nineteen, on working days or on all, but for the times left out. */
function fortnight(isOut: (when: number) => boolean, isWorkingDaysOnly = false): Tally {
  const tally = new Tally();
  for (let when = at(0) as number; when < at(14); when += 36_000) {
    const hour = new Date(when).getUTCHours();
    const isWeekend = new Date(when).getUTCDay() % 6 === 0;
    if (hour >= 7 && hour < 19 && !(isWorkingDaysOnly && isWeekend) && !isOut(when))
      tally.add(millis(when), true, false, 1);
  }
  return tally;
}

test("a quiet night is no gap, and neither is a quiet weekend; a quiet working day is", () => {
  assert.deepEqual(fortnight(() => false).gaps(200, minutes(30)), []);
  assert.deepEqual(fortnight(() => false, true).gaps(200, minutes(30)), []);
  const tuesday = fortnight((when) => when > at(8) && when < at(9), true).gaps(200, minutes(30));
  assert.deepEqual(
    tuesday.map(({ from, to }) => [from <= at(7, 19, 10), to >= at(9, 6, 50)]),
    [[true, true]],
  );
  const morning = fortnight((when) => when > at(8, 7) && when < at(8, 11)).gaps(200, minutes(30));
  assert.equal(morning.length, 1, "a night that goes on into the morning");
});

test("the one night of a single day is no gap", () => {
  const tally = new Tally();
  for (let when = at(0) as number; when < at(1); when += 10_000) {
    const hour = new Date(when).getUTCHours();
    const isRare = hour < 2 || hour >= 5 ? hour < 7 : true;
    if (hour >= 2 && hour < 5) continue;
    if (!isRare || when % 600_000 === 0) tally.add(millis(when), true, false, 1);
  }
  assert.deepEqual(tally.gaps(200, minutes(30)), []);
});

test("whatever makes the slots coarser loses no sign-in", () => {
  const tally = new Tally();
  for (let index = 0; index < 5_000; index += 1) {
    tally.add(millis(at(0) + index * MINUTE), true, false, 1);
    if (index % 500 === 0 || index > 4_000) assert.equal(totals(tally).successes, index + 1);
  }
});

test("slots that begin within a wider one are no more than the plot has room for", () => {
  for (let start = 0; start < 8; start += 1) {
    const tally = new Tally();
    for (let index = 0; index < 960; index += 1) tally.add(millis(at(0, 0, start) + index * MINUTE), true, false, 1);
    assert.ok(tally.timeline().slots.length <= 240, String(tally.timeline().slots.length));
    assert.equal(totals(tally).successes, 960);
  }
});

test("a quiet server's silence is no gap", () => {
  assert.deepEqual(tallied(24, HOUR).gaps(200, minutes(30)), []);
});

test("whenever sign-ins come, in whatever order, slots are few and every one is counted", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(4_000 * DAY), { minLength: 1, maxLength: 300 }), (times) => {
      const tally = new Tally();
      for (const when of times) tally.add(millis(when), false, false, 1);
      assert.ok(tally.timeline().slots.length <= 240);
      assert.equal(totals(tally).failures, times.length);
    }),
  );
});
