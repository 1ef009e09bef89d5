import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DAY,
  MINUTE,
  at,
  failure,
  home,
  inOrder,
  judge,
  member,
  ordinaryDays,
  stranger,
  success,
} from "../../test/support/signins.ts";
import type { SignIn } from "#/signin/signin.ts";

const week = inOrder(ordinaryDays(100, 6));
const ATTACKER = "203.0.113.9";
const namesOf = (signIns: readonly SignIn[]): string[] => judge(signIns).knownPasswords.map(({ account }) => account);

test("in a spray, the accounts whose second factor was refused are told apart from the fallen and from the merely tried", () => {
  const spray = Array.from({ length: 60 }, (_, index) => {
    const when = at(5, 3) + index * MINUTE;
    if (index === 50) return success(when, member(index), ATTACKER);
    return failure(when, member(index), ATTACKER, index % 20 === 7 ? "second-factor" : "bad-password");
  });
  const conclusion = judge(inOrder(week, spray));
  assert.deepEqual(
    conclusion.knownPasswords.map(({ account, confidence }) => [account, confidence]),
    [
      [member(7), "confirmed"],
      [member(27), "confirmed"],
      [member(47), "confirmed"],
    ],
  );
  assert.deepEqual(
    conclusion.campaigns.flatMap(({ fallen }) => fallen.map(({ account }) => account)),
    [member(50)],
  );
});

test("an address that knows passwords and fails on a few others is an attack, however few", () => {
  const signIns = [
    failure(at(5, 3), member(1), ATTACKER, "second-factor"),
    failure(at(5, 4), member(2), ATTACKER, "second-factor"),
    failure(at(5, 5), member(3), ATTACKER),
  ];
  const conclusion = judge(inOrder(week, signIns));
  assert.equal(conclusion.kind, "attack");
  assert.equal(conclusion.campaigns[0]?.kind, "credential-stuffing");
  assert.deepEqual(
    conclusion.knownPasswords.map(({ account, confidence }) => [account, confidence]),
    [
      [member(1), "probable"],
      [member(2), "probable"],
    ],
  );
});

test("a single refusal from a strange place is suspected and no attack; where they are everyday they are not told", () => {
  const lone = judge(inOrder(week, [failure(at(5, 3), member(1), ATTACKER, "second-factor")]));
  assert.equal(lone.kind, "quiet");
  assert.deepEqual(
    lone.knownPasswords.map(({ confidence }) => confidence),
    ["suspected"],
  );
  const everyday = Array.from({ length: 5 }, (_, index) =>
    failure(at(1 + index, 15), member(index), stranger(index), "second-factor"),
  );
  assert.deepEqual(namesOf(inOrder(week, everyday)), []);
});

test("slips at home, and prompts that a traveller answers, are nothing", () => {
  const slips = Array.from({ length: 30 }, (_, index) =>
    failure(at(5, 9, index), member(index), home(index), "second-factor"),
  );
  const travellers = Array.from({ length: 30 }, (_, index) => [
    failure(at(5, 9, index), member(index), stranger(index), "second-factor"),
    success(at(5, 9, index) + 20_000, member(index), stranger(index)),
  ]).flat();
  const conclusion = judge(inOrder(week, slips, travellers));
  assert.deepEqual(conclusion.knownPasswords, []);
  assert.equal(conclusion.kind, "quiet");
});

test("MFA fatigue is an attack of its own, and whoever gives in has fallen", () => {
  const asked = Array.from({ length: 30 }, (_, index) =>
    failure(at(5, 3) + index * 2 * MINUTE, member(4), ATTACKER, "second-factor"),
  );
  const held = judge(inOrder(week, asked));
  assert.deepEqual(
    held.campaigns.map(({ kind, attempts, fallen }) => [kind, attempts, fallen.length]),
    [["mfa-fatigue", 30, 0]],
  );
  assert.deepEqual(
    held.knownPasswords.map(({ account }) => account),
    [member(4)],
  );
  const gaveIn = judge(inOrder(week, asked, [success(at(5, 4, 30), member(4), ATTACKER)]));
  const [campaign] = gaveIn.campaigns;
  assert.deepEqual(
    campaign?.fallen.map(({ account, at: when }) => [account, when]),
    [[member(4), at(5, 4, 30)]],
  );
  assert.deepEqual(gaveIn.knownPasswords, []);
  assert.ok(gaveIn.findings.every(({ detector }) => detector !== "old-password"));
  assert.ok((campaign?.detectedAt ?? 0) < at(5, 3) + DAY / 24);
});
