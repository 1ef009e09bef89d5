import assert from "node:assert/strict";
import { test } from "node:test";
import { MINUTE, at, failure, inOrder, judge, member, ordinaryDays, stranger } from "../../test/support/signins.ts";
import type { SignIn } from "#/signin/signin.ts";

const week = ordinaryDays(100, 7).map((signIn) => ({ ...signIn, client: "Mail" }));
const names = Array.from({ length: 60 }, (_, index) => member(index)).toSorted();

/** A guess on each, from an address each. */
const spray = (order: readonly string[], gap: (index: number) => number, more: Partial<SignIn> = {}): SignIn[] => {
  let when: number = at(5, 3);
  return order.map((name, index) => failure((when += gap(index)), name, stranger(index), "bad-password", more));
};
const even = (): number => 5 * MINUTE;
const uneven = (index: number): number => (1 + ((index * 7) % 10)) * MINUTE;
const mixed = names.map((_, index) => names[(index * 37 + 11) % 60] ?? "");
const why = (guesses: readonly SignIn[]): string =>
  judge(inOrder(week, [...guesses]))
    .campaigns.flatMap((campaign) => campaign.why)
    .join(" ");

test("a campaign that goes through the alphabet is said to, and one in another order is not", () => {
  assert.match(why(spray(names, uneven)), /tried in the order of the alphabet: one list/u);
  assert.match(why(spray(names.toReversed(), uneven)), /in the order of the alphabet, backwards/u);
  assert.doesNotMatch(why(spray(mixed, uneven)), /alphabet/u);
});

test("a fixed pace is told, and no pace where there is none", () => {
  assert.match(why(spray(mixed, even)), /fixed pace, a new try every 5 min/u);
  assert.doesNotMatch(why(spray(mixed, uneven)), /pace/u);
});

test("a client that no member uses and most tries have is told, and the members' own is not", () => {
  assert.match(
    why(spray(mixed, uneven, { client: "tool/1.0" })),
    /One client that no member uses made all of the attempts that name one \(60 attempts\): tool\/1\.0\./u,
  );
  assert.doesNotMatch(why(spray(mixed, uneven, { client: "Mail" })), /One client/u);
  assert.doesNotMatch(why(spray(mixed, uneven)), /One client/u);
});

test("nothing is said of clients where the members' are not known", () => {
  const guesses = spray(mixed, uneven, { client: "tool/1.0" });
  const told = judge(inOrder(ordinaryDays(100, 7), guesses)).campaigns.flatMap((campaign) => campaign.why);
  assert.ok(told.length > 0);
  assert.doesNotMatch(told.join(" "), /One client/u);
});
