import assert from "node:assert/strict";
import { test } from "node:test";
import {
  MINUTE,
  at,
  failure,
  home,
  inOrder,
  judge,
  member,
  ordinaryDays,
  success,
} from "../../test/support/signins.ts";

const week = ordinaryDays(60, 7);
const spray = Array.from({ length: 40 }, (_, index) =>
  failure(at(7, 1) + index * MINUTE, member(index), `203.0.113.${index % 4}`),
);

test("a campaign's addresses know how many members sign in from them, and from their network", () => {
  const neighbours = [50, 51, 52].flatMap((index) => [
    success(at(2, 9), member(index), "203.0.113.77"),
    success(at(3, 9), member(index), "203.0.113.77"),
  ]);
  const [campaign] = judge(inOrder(week, neighbours, spray)).campaigns;
  assert.deepEqual(
    campaign?.origins.map(({ members, networkMembers }) => [members, networkMembers]),
    Array.from({ length: 4 }, () => [0, 3]),
  );
});

test("an account that fell is no member of the network from which it was opened", () => {
  const fell = success(at(7, 2), member(45), "203.0.113.1");
  const own = success(at(7, 2, 1), member(45), home(45));
  const [campaign] = judge(inOrder(week, spray, [fell, own])).campaigns;
  assert.deepEqual(
    campaign?.fallen.map(({ account }) => account),
    [member(45)],
  );
  assert.ok(campaign?.origins.every(({ networkMembers }) => networkMembers === 0));
});
