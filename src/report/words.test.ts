import assert from "node:assert/strict";
import { test } from "node:test";
import { days, hours, millis, minutes, seconds } from "#/platform/units.ts";
import {
  capital,
  count,
  durationText,
  faultTitle,
  isoText,
  list,
  listSome,
  nameText,
  percent,
  roughDuration,
  spanText,
} from "./words.ts";

test("amounts agree with their nouns", () => {
  assert.equal(count(1, "account"), "1 account");
  assert.equal(count(0, "account"), "0 accounts");
  assert.equal(count(1_204, "address"), "1,204 addresses");
});

test("lists read as people write them", () => {
  assert.equal(list([]), "");
  assert.equal(list(["a", "b", "c"]), "a, b and c");
  assert.equal(listSome(["a", "b", "c"], 3), "a, b and c");
  assert.equal(listSome(["a", "b", "c", "d"], 2), "a, b and 2 more");
});

test("a share is never rounded to nothing or to everything", () => {
  assert.deepEqual(
    [percent(0, 9), percent(1, 10_000), percent(9_999, 10_000), percent(9, 9), percent(0, 0)],
    ["0%", "1%", "99%", "100%", "0%"],
  );
});

test("durations are given in their two largest units", () => {
  assert.equal(durationText(0), "less than 1 s");
  assert.equal(durationText(seconds(14)), "14 s");
  assert.equal(durationText(minutes(26) + seconds(24)), "26 min 24 s");
  assert.equal(durationText(hours(6)), "6 h");
  assert.equal(durationText(days(1) + minutes(5)), "1 day");
  assert.equal(roughDuration(minutes(26) + seconds(24)), "26 min");
  assert.equal(roughDuration(0), "1 s");
  assert.equal(durationText(days(13) + hours(4) + minutes(59)), "13 days 4 h");
});

test("times are UTC, and a span names its second day only where it differs", () => {
  const at = (text: string) => millis(Date.parse(text));
  assert.equal(isoText(at("2026-11-21T03:12:44.120Z")), "2026-11-21T03:12:44.120Z");
  assert.equal(isoText(at("2026-11-21T03:12:44Z")), "2026-11-21T03:12:44Z");
  assert.equal(spanText(at("2026-11-21T03:12:44Z"), at("2026-11-21T04:40:00Z")), "2026-11-21 03:12 to 04:40 UTC");
  assert.equal(
    spanText(at("2026-11-20T21:58:00Z"), at("2026-11-21T04:40:00Z")),
    "2026-11-20 21:58 to 2026-11-21 04:40 UTC",
  );
  assert.equal(spanText(at("2026-11-20T21:58:00Z"), at("2026-11-20T21:58:30Z")), "2026-11-20 21:58 UTC");
});

test("a name in a sentence is bounded, and one that is missing says so", () => {
  assert.equal(nameText(""), "(no name)");
  assert.equal(nameText("a.meyer"), "a.meyer");
  assert.equal(nameText("x".repeat(5_000)), `${"x".repeat(63)}…`);
  assert.equal(nameText("🙂".repeat(64)), "🙂".repeat(64));
});

test("a kind of fault without a title is called as its detector calls it", () => {
  assert.equal(faultTitle("sign-in-outage"), "sign-in outage");
  assert.equal(faultTitle("clock-drift"), "clock drift");
  assert.equal(capital("clock drift"), "Clock drift");
});
