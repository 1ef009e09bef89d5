import assert from "node:assert/strict";
import { test } from "node:test";
import { differences } from "./differences.ts";
import { isPresent, peers, software } from "./peers.ts";
import { allTallies } from "./tally.ts";

test("every listed difference is about software of a peer's suite that we read, and says why in a sentence", () => {
  for (const { software: name, peer, why } of differences) {
    const one = software.find((other) => other.name === name);
    assert.ok(one !== undefined && one.unread === undefined, name);
    assert.ok(
      peers.some((other) => (peer === other || peer === "both") && one[other] !== undefined),
      name,
    );
    assert.ok(why.length > 20 && !why.endsWith("."), why);
  }
});

test("no part of a peer's suite is listed twice", () => {
  for (const peer of peers) {
    const services = software.flatMap((one) => one[peer] ?? []);
    assert.deepEqual(services, [...new Set(services)]);
  }
});

const skip = peers.every(isPresent) ? false : "the peers' suites are not at hand: set PORTCULLIS_DATA";

test("every listed difference still is one", { skip }, () => {
  const used = new Set(allTallies().flatMap((tally) => Array.from(tally.differences.keys())));
  assert.deepEqual(
    differences
      .filter((difference) => !used.has(difference))
      .map(({ software: name, line }) => `${name}: ${line.source}`),
    [],
  );
});
