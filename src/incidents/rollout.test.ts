import assert from "node:assert/strict";
import { test } from "node:test";
import {
  MINUTE,
  at,
  failure,
  inOrder,
  judge,
  member,
  ordinaryDays,
  stranger,
  success,
} from "../../test/support/signins.ts";
import type { SignIn } from "#/signin/signin.ts";

const MEMBERS = 300;
const week = ordinaryDays(MEMBERS, 7);

/** A morning on which everybody sets up a new telephone, each on a network of its own; of ten so many give up. */
function rollout(givingUp: number): SignIn[] {
  return Array.from({ length: MEMBERS }, (_, index) => {
    const when = at(6, 8) + index * MINUTE;
    const tries = [0, 20_000, 40_000].slice(0, 1 + (index % 3));
    const failures = tries.map((later) => failure(when + later, member(index), stranger(index)));
    return index % 10 < givingUp ? failures : [...failures, success(when + 90_000, member(index), stranger(index))];
  }).flat();
}

test("where many set up something new and some give up, an attack is suspected and never confirmed", () => {
  const [campaign] = judge(inOrder(week, rollout(4))).campaigns;
  assert.ok(campaign === undefined || campaign.confidence === "suspected");
  assert.ok(campaign?.why.some((sentence) => sentence.includes("set up something new")) ?? true);
});

test("a spray on such a day, one try an address, stays confirmed", () => {
  const spray = Array.from({ length: MEMBERS }, (_, index) =>
    failure(at(6, 8) + index * MINUTE, member(index), `${20 + (index % 60)}.${index % 250}.${index % 199}.9`),
  );
  const { campaigns } = judge(inOrder(week, rollout(0), spray));
  assert.equal(campaigns[0]?.confidence, "confirmed");
});
