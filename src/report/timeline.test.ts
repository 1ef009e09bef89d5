import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Timeline } from "#/incidents/conclusion.ts";
import { days, hours, millis, minutes } from "#/platform/units.ts";
import { endOf, regroup, shareOf, ticksOf } from "./timeline.ts";

const start = millis(Date.parse("2026-11-20T06:00:00Z"));
const timelineOf = (slots: number, slot = minutes(15)): Timeline => ({
  from: start,
  slot,
  slots: Array.from({ length: slots }, (_, index) => ({ successes: index, failures: 2, unfamiliar: 1 })),
});

test("regrouping keeps every sign-in, fits, and makes all columns stand for the same time", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 1, max: 200 }), (slots, columns) => {
      const before = timelineOf(slots);
      const after = regroup(before, columns);
      const sum = ({ slots: all }: Timeline): number => all.reduce((total, slot) => total + slot.successes, 0);
      assert.equal(sum(after), sum(before));
      assert.ok(after.slots.length <= columns);
      assert.equal(after.slot % before.slot, 0);
      assert.ok(endOf(after) >= endOf(before));
    }),
  );
});

test("a time outside the timeline lies at its edge", () => {
  const timeline = timelineOf(4, hours(1));
  assert.equal(shareOf(timeline, millis(start - 1)), 0);
  assert.equal(shareOf(timeline, millis(start + hours(2))), 0.5);
  assert.equal(shareOf(timeline, millis(start + days(9))), 1);
  assert.equal(shareOf(timelineOf(0), start), 0);
});

test("ticks are at round times, as many as there is room for, and name the day where it begins", () => {
  const ticks = ticksOf(timelineOf(91), 8);
  assert.deepEqual(
    ticks.map(({ label }) => label),
    ["06:00", "09:00", "12:00", "15:00", "18:00", "21:00", "21 Nov", "03:00"],
  );
  const twoYears = { ...timelineOf(730), slot: days(1) };
  assert.deepEqual(
    ticksOf(twoYears, 6).map(({ label }) => label),
    ["Jan 2027", "Jul 2027", "Jan 2028", "Jul 2028"],
  );
  assert.deepEqual(
    ticksOf({ ...timelineOf(730), slot: days(14) }, 6).map(({ label }) => label),
    ["2030", "2035", "2040", "2045", "2050"],
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 1_440 }),
      fc.integer({ min: 1, max: 12 }),
      (slots, length, most) => {
        const timeline = timelineOf(slots, minutes(length));
        const found = ticksOf(timeline, most);
        assert.ok(found.length <= most);
        for (const { at } of found) assert.ok(at >= timeline.from && at <= endOf(timeline));
      },
    ),
  );
});
