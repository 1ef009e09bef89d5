import assert from "node:assert/strict";
import { test } from "node:test";
import { HOUR, MONDAY } from "../../test/support/signins.ts";
import { hours, millis } from "#/platform/units.ts";
import { type Threat, Threats } from "./threats.ts";

const DAY = hours(24);
const at = (hour: number): ReturnType<typeof millis> => millis(MONDAY + hour * HOUR);

function watched(max = 10): { threats: Threats; told: Threat[]; running: (hour: number) => string[] } {
  const told: Threat[] = [];
  const threats = new Threats(max, (threat) => told.push(threat));
  return { threats, told, running: (hour) => [...threats.running(at(hour))].map(({ subject }) => subject) };
}

test("a threat ends by itself, unless it goes on", () => {
  const { threats, running } = watched();
  threats.found("decoy", "203.0.113.9", at(0), DAY, "it tried a decoy");
  assert.deepEqual(running(23), ["203.0.113.9"]);
  threats.goesOn("decoy", "203.0.113.9", at(12), DAY);
  assert.deepEqual(running(35), ["203.0.113.9"]);
  assert.deepEqual(running(37), []);
});

test("what goes on is told once an hour, not for every guess, and began when it began", () => {
  const { threats, told } = watched();
  threats.found("hot-password", "k", at(0), DAY, "tried on many");
  for (let guess = 1; guess <= 120; guess += 1) threats.goesOn("hot-password", "k", at(guess / 60), DAY);
  assert.equal(told.length, 3);
  assert.ok(told.every(({ since }) => since === at(0)));
});

test("what never was a threat does not become one by going on, and what ended begins anew", () => {
  const { threats, told, running } = watched();
  threats.goesOn("decoy", "203.0.113.9", at(0), DAY);
  assert.equal(told.length, 0);
  threats.found("campaign", "", at(0), DAY, "many");
  assert.deepEqual(running(24), []);
  threats.found("campaign", "", at(25), DAY, "again");
  assert.deepEqual(
    told.map(({ since }) => since),
    [at(0), at(25)],
  );
});

test("no more than the maximum is remembered, and those that end first go", () => {
  const { threats, running } = watched(10);
  for (let index = 0; index <= 10; index += 1) threats.found("decoy", `d${index}`, at(index), DAY, "why");
  assert.deepEqual(running(0).toSorted(), ["d10", "d6", "d7", "d8", "d9"]);
});
