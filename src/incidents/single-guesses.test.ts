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

const week = ordinaryDays(100, 14);

/** One guess on each of 90 accounts, each from another address. */
const spray = Array.from({ length: 90 }, (_, index) =>
  failure(at(9, 3) + index * 4 * MINUTE, member(index), stranger(index)),
);
const why = (...parts: readonly SignIn[][]): string =>
  judge(inOrder(week, ...parts))
    .campaigns.flatMap((campaign) => campaign.why)
    .join(" ");

test("where each address guesses once, whoever signed in from somewhere new meanwhile is named, to be asked", () => {
  const said = why(spray, [success(at(9, 5, 1), member(95), stranger(500))]);
  assert.match(said, /1 sign-in meanwhile came from where the account had never been/u);
  assert.ok(said.includes(`Ask these by telephone: ${member(95)} from ${stranger(500)}.`), said);
});

test("nothing is said where nobody did, before or after it, or where addresses guess many times", () => {
  assert.doesNotMatch(why(spray), /telephone/u);
  assert.doesNotMatch(why(spray, [success(at(12, 5), member(95), stranger(500))]), /telephone/u);
  const few = spray.map((signIn, index) => ({ ...signIn, address: stranger(index % 12) }));
  assert.doesNotMatch(why(few, [success(at(9, 5, 1), member(95), stranger(500))]), /telephone/u);
});
