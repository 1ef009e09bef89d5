import assert from "node:assert/strict";
import { test } from "node:test";
import { MINUTE, at, failure, home, inOrder, judge, member, ordinaryDays } from "../../../test/support/signins.ts";

const week = ordinaryDays(50, 5);
const told = (signIns: Parameters<typeof judge>[0]): string[] =>
  judge(signIns)
    .findings.filter(({ detector }) => detector === "old-password")
    .map(({ subject }) => subject);

test("a phone that retries every five minutes is named once, and no attack", () => {
  const phone = Array.from({ length: 200 }, (_, index) => failure(at(3) + index * 5 * MINUTE, member(3), home(3)));
  const signIns = inOrder(week, phone);
  assert.ok(told(signIns).length >= 1 && new Set(told(signIns)).size === 1);
  assert.equal(told(signIns)[0], member(3));
  assert.equal(judge(signIns).kind, "quiet");
});

test("a slip is none, and neither is a guesser in a hurry", () => {
  assert.deepEqual(told(week), []);
  const guesser = Array.from({ length: 200 }, (_, index) => failure(at(3) + index * 2_000, member(3), "203.0.113.9"));
  assert.deepEqual(told(inOrder(week, guesser)), []);
});
