import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { millis } from "#/platform/units.ts";
import { exportTime } from "./export-time.ts";
import { LocalTime } from "./local-time.ts";
import type { Json } from "./source.ts";

const utcTime = () => new LocalTime("UTC", millis(Date.UTC(2026, 10, 23)));
const told = (value: Json | undefined, time = utcTime(), zone: "local" | "utc" = "local"): string | undefined => {
  const at = exportTime(value, time, zone);
  return at === undefined ? undefined : new Date(at).toISOString();
};

test("times as PowerShell, spreadsheets, Kibana and Splunk write them", () => {
  for (const value of [
    "2026-11-22T08:00:00Z",
    "2026-11-22 08:00:00",
    "2026-11-22T09:00:00+01:00",
    "/Date(1795334400000)/",
    "/Date(1795334400000+0100)/",
    { value: "/Date(1795334400000)/", DateTime: "Sunday" },
    1_795_334_400,
    1_795_334_400_000,
    "1795334400.000",
    "11/22/2026 8:00:00 AM",
    "11/22/2026, 8:00:00.000\u202fAM",
    "22/11/2026 08:00:00",
    "22/11/2026 8:00:00 am",
    "22.11.2026 08:00:00",
    "22-11-2026 08:00:00",
    "2026/11/22 8:00:00",
    "Nov 22, 2026 @ 08:00:00.000",
  ])
    assert.equal(told(value), "2026-11-22T08:00:00.000Z", JSON.stringify(value));
});

test("where both could be the month, capital AM and PM say American, all else says day first", () => {
  assert.equal(told("11/12/2026 8:00:00 PM"), "2026-11-12T20:00:00.000Z");
  assert.equal(told("11/12/2026 8:00:00 pm"), "2026-12-11T20:00:00.000Z");
  assert.equal(told("11/12/2026 20:00:00"), "2026-12-11T20:00:00.000Z");
  assert.equal(told("11/12/2026 12:00:00 AM"), "2026-11-12T00:00:00.000Z");
});

test("a time without a zone is the file's, unless the format says UTC", () => {
  const berlin = () => new LocalTime("Europe/Berlin", millis(Date.UTC(2026, 10, 23)));
  assert.equal(told("2026-11-22T08:00:00", berlin()), "2026-11-22T07:00:00.000Z");
  const time = berlin();
  assert.equal(told("2026-11-22T08:00:00", time, "utc"), "2026-11-22T08:00:00.000Z");
  assert.equal(told("11/22/2026 8:00:00 AM", time, "utc"), "2026-11-22T08:00:00.000Z");
  assert.equal(time.zoneAssumed, false);
});

test("what is no time is none", () => {
  for (const value of ["", "yesterday", "13/13/2026 8:00:00", "/Date(x)/", -1, Number.NaN, 1e300, true, null, [], {}])
    assert.equal(told(value), undefined, JSON.stringify(value));
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 2 }), (value) => void told(value as Json)));
});
