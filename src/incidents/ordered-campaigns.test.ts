import assert from "node:assert/strict";
import { test } from "node:test";
import {
  HOUR,
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

const MEMBERS = 240;
const weeks = ordinaryDays(MEMBERS, 16);
const names = Array.from({ length: MEMBERS }, (_, index) => member(index)).toSorted();

/** A try every two and a half hours: fewer than the slips that are usual on a site like this. */
const slow = (order: readonly string[], count = 50, address = stranger): SignIn[] =>
  order.slice(0, count).map((name, index) => failure(at(6, 1) + index * 2.5 * HOUR, name, address(index)));
const mixed = names.map((_, index) => names[(index * 37 + 11) % MEMBERS] ?? "");

test("a list that is gone through in the alphabet's order is a campaign, though slower than the site's own slips", () => {
  const [campaign, ...others] = judge(inOrder(weeks, slow(names))).campaigns;
  assert.ok(campaign);
  assert.deepEqual(others, []);
  assert.equal(campaign.kind, "password-spraying");
  assert.equal(campaign.origins.length, 50);
  assert.match(
    campaign.why.join(" "),
    /50 failures of strangers come in the order of the alphabet, a longer run than chance/u,
  );
  assert.equal(campaign.confidence, "probable");
  assert.equal(campaign.why.filter((why) => why.includes("hindsight")).length, 1);
  // Hindsight only saw it.
  assert.equal(campaign.detectedAt, weeks.at(-1)?.at);
});

test("backwards it is one, too", () => {
  assert.equal(judge(inOrder(weeks, slow(names.toReversed()))).campaigns.length, 1);
});

test("in no order it is not told from slips, and neither are too few", () => {
  assert.deepEqual(judge(inOrder(weeks, slow(mixed))).campaigns, []);
  assert.deepEqual(judge(inOrder(weeks, slow(names, 15))).campaigns, []);
});

test("whoever gets in soon after was no guesser", () => {
  const mended = slow(names).map((signIn) => success(signIn.at + 60_000, signIn.account, signIn.address));
  assert.deepEqual(judge(inOrder(weeks, slow(names), mended)).campaigns, []);
});
