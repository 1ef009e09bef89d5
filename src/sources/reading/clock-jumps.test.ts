import assert from "node:assert/strict";
import { test } from "node:test";
import { millis } from "#/platform/units.ts";
import { ClockJumps } from "./clock-jumps.ts";

const DAY = 86_400_000;
const start = Date.UTC(2026, 10, 23);

/** What is told of lines at these days from the start. */
function notes(days: readonly number[]): readonly string[] {
  const jumps = new ClockJumps();
  for (const [index, day] of days.entries()) jumps.step(millis(start + day * DAY), index + 1);
  return jumps.notes();
}

test("times that go on, and a little back, are no jumps", () => {
  assert.deepEqual(notes([0, 0.1, 0.09, 1, 0.2, 60, 150]), []);
  assert.deepEqual(notes([]), []);
});

test("a line years away from those around it is told with its number, ahead as well as behind", () => {
  assert.deepEqual(notes([0, 0.1, 1_500, 0.2, 0.3]), [
    "line 3 is dated 2031-01-01 amid lines of 2026-11-23: a clock was wrong, most likely",
  ]);
  assert.deepEqual(notes([0, 0.1, -20_780, -20_780, 0.2]), [
    "lines 3 to 4 are dated 1970-01-01 amid lines of 2026-11-23: a clock was wrong, most likely",
  ]);
});

test("files put together in the wrong order are told, and a clock that was set", () => {
  assert.match(
    notes([7, 8, 9, 0, 1, 2]).join(),
    /^at line 4 the times go back from 2026-12-02 to 2026-11-23: were files/,
  );
  assert.deepEqual(notes([-20_780, 0, 1]), ["at line 2 the times go forward from 1970-01-01 to 2026-11-23"]);
});

test("of many jumps three are told, and the rest counted", () => {
  const many = notes(Array.from({ length: 20 }, (_, index) => (index % 2) * 1_500));
  assert.equal(many.length, 4);
  assert.match(many[3] ?? "", /in 7 more places/);
});
