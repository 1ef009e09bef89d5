import assert from "node:assert/strict";
import { test } from "node:test";
import { MINUTE, MONDAY, failure, success } from "../../test/support/signins.ts";
import { AlreadyTold } from "./already-told.ts";

const byGate = (signIn: ReturnType<typeof failure>): ReturnType<typeof failure> => ({
  ...signIn,
  source: "gate:dovecot",
});

test("what the gate was told counts, and the log's word of it does not, as often as it was told", () => {
  const told = new AlreadyTold();
  assert.equal(told.toCount(byGate(failure(MONDAY, "ana", "198.18.3.4"))), 1);
  assert.equal(told.toCount(byGate(failure(MONDAY + 2_000, "ana", "198.18.3.4"))), 1);
  const atDisconnect = { ...failure(MONDAY + MINUTE, "ana", "198.18.3.4"), count: 3 };
  assert.equal(told.toCount(atDisconnect), 1, "of three, the gate was told of two");
  assert.equal(told.toCount(failure(MONDAY + 2 * MINUTE, "ana", "198.18.3.4")), 1);
});

test("another account, address or outcome is another attempt, and so is one much later", () => {
  const told = new AlreadyTold();
  told.toCount(byGate(failure(MONDAY, "ana", "198.18.3.4")));
  assert.equal(told.toCount(failure(MONDAY, "bea", "198.18.3.4")), 1);
  assert.equal(told.toCount(failure(MONDAY, "ana", "198.18.3.5")), 1);
  assert.equal(told.toCount(success(MONDAY, "ana", "198.18.3.4")), 1);
  assert.equal(told.toCount(failure(MONDAY + 11 * MINUTE, "ana", "198.18.3.4")), 1);
});

test("logs alone count as they come", () => {
  const told = new AlreadyTold();
  for (let index = 0; index < 3; index += 1) assert.equal(told.toCount(failure(MONDAY, "ana", "198.18.3.4")), 1);
});
