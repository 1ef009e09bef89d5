import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, HOUR, at } from "../../test/support/signins.ts";
import { countSuccess, createPlace, levelOf, usualBetween } from "./places.ts";

/** An office that signs in 100 times an hour from 8 to 18 on working days, twice an hour at weekends, and never at night. */
function office(days: number): ReturnType<typeof createPlace> {
  const place = createPlace("198.51.100.0/24");
  place.accounts = 50;
  for (let day = 0; day < days; day += 1) {
    for (let hour = 8; hour < 18; hour += 1) countSuccess(place, at(day, hour, 30), day % 7 < 5 ? 100 : 2);
  }
  return place;
}

const usualOn = (place: ReturnType<typeof createPlace>, day: number): number | undefined =>
  usualBetween(place.hours?.byHour, at(day, 9), at(day, 10));

test("what is usual is that of the weekday: neither is a Monday a spike beside a Sunday, nor a Sunday an outage after a Friday", () => {
  const place = office(14);
  assert.equal(usualOn(place, 14), 100);
  assert.equal(usualOn(place, 20), 2);
  assert.equal(usualBetween(place.hours?.byHour, at(14), at(14) + 7 * DAY - HOUR), 5 * 1_000 + 2 * 20);
});

test("a weekday that was never seen is as others of its kind, and until one was seen, as any", () => {
  assert.equal(usualOn(office(3), 4), 100);
  assert.equal(usualOn(office(6), 6), 2);
  assert.equal(usualOn(office(3), 5), 100);
  assert.equal(usualOn(office(0), 0), undefined);
});

test("a Monday morning as busy as the one before is as busy as usual", () => {
  const place = office(14);
  for (const hour of [8, 9, 10]) countSuccess(place, at(14, hour, 30), 100);
  const level = levelOf(place);
  assert.ok(level > 0.8 && level < 1.2, `${level}`);
});
