import assert from "node:assert/strict";
import { test } from "node:test";
import { MINUTE, at, failure, home, inOrder, judge, member, ordinaryDays } from "../../../test/support/signins.ts";

import type { SignIn } from "#/signin/signin.ts";

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

test("a probe of one's own that never got in is a machine with an old password, and no attack", () => {
  const probe = Array.from({ length: 2_000 }, (_, index) => failure(at(1) + index * MINUTE, "probe", "10.0.0.9"));
  const conclusion = judge(inOrder(week, probe));
  assert.equal(conclusion.kind, "quiet");
  assert.deepEqual(told(inOrder(week, probe)), ["probe"]);
  assert.match(conclusion.findings[0]?.why ?? "", /; 2,000 times in all, last at 2026-03-04 09:19 UTC$/);
});

test("the same at a stranger's address, or in a hurry, is none", () => {
  const guesses = (address: string, gap: number, when: number): SignIn[] =>
    Array.from({ length: 500 }, (_, index) => failure(when + index * gap, "probe", address));
  assert.equal(judge(inOrder(week, guesses("203.0.113.9", MINUTE, at(1)))).kind, "attack");
  assert.equal(judge(inOrder(week, guesses("10.0.0.9", 1_000, at(1)))).kind, "attack");
});

test("a slip days before does not make a device's pace of a guesser's hurry, and a refused second factor is no old password", () => {
  const slip = failure(at(1, 3), member(3), home(3));
  const fast = Array.from({ length: 200 }, (_, index) => failure(at(4, 20) + index * 2_000, member(3), home(3)));
  assert.deepEqual(told(inOrder(week, [slip], fast)), []);
  const asked = Array.from({ length: 200 }, (_, index) =>
    failure(at(4, 20) + index * MINUTE, member(3), home(3), "second-factor"),
  );
  assert.deepEqual(told(inOrder(week, asked)), []);
});
