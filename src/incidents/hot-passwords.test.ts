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

const FINGERPRINT = "9c1185a5c5e9fc54";
const week = ordinaryDays(60, 12).map((signIn, index) => ({
  ...signIn,
  client: "Thunderbird 128",
  passwordFingerprint: signIn.outcome === "success" ? `own ${signIn.account}` : `slip ${index}`,
}));
/** Twenty a day would be hidden among strangers' everyday failures. */
const START = at(7, 2);
const hot: Partial<SignIn> = { passwordFingerprint: FINGERPRINT };
const guesses = Array.from({ length: 30 }, (_, index) =>
  failure(START + index * HOUR, member(index), stranger(index), "bad-password", hot),
);
const hit = success(START + 30.5 * HOUR, member(40), stranger(40), hot);

test("twenty guesses a day with one password are a spray, with all who tried it and who fell to it", () => {
  const conclusion = judge(inOrder(week, guesses, [hit]));
  const [campaign, ...more] = conclusion.campaigns;
  assert.ok(campaign !== undefined);
  assert.deepEqual(
    [conclusion.kind, campaign.kind, campaign.confidence, more.length],
    ["attack", "password-spraying", "confirmed", 0],
  );
  assert.ok(campaign.attemptsBeforeDetection <= 5, `${campaign.attemptsBeforeDetection} guesses`);
  assert.equal(campaign.detectedAt, START + (campaign.attemptsBeforeDetection - 1) * HOUR);
  assert.deepEqual(
    new Set(campaign.origins.map(({ address }) => address)),
    new Set([...guesses, hit].map(({ address }) => address)),
  );
  assert.deepEqual(
    campaign.fallen.map(({ account, address, confidence }) => [account, address, confidence]),
    [[member(40), stranger(40), "confirmed"]],
  );
  assert.match(campaign.fallen[0]?.why ?? "", /with the password that was tried on 30 accounts/);
  // Who got in is known: nobody needs to be asked.
  assert.equal(campaign.meanwhile, undefined);
});

test("whoever got in with a password of his own meanwhile has not fallen", () => {
  const traveller = success(START + 30.5 * HOUR, member(40), stranger(40), {
    passwordFingerprint: `own ${member(40)}`,
  });
  assert.deepEqual(judge(inOrder(week, guesses, [traveller])).campaigns[0]?.fallen, []);
});

test("a member whose own password it is stays one, with the usual client on a journey", () => {
  const traveller = { ...hit, client: "Thunderbird 128" };
  assert.deepEqual(judge(inOrder(week, guesses, [traveller])).campaigns[0]?.fallen, []);
});

test("nothing that reports are made from holds the fingerprint", () => {
  const conclusion = judge(inOrder(week, guesses, [hit]));
  assert.ok(!JSON.stringify(conclusion).includes(FINGERPRINT));
});

test("without fingerprints so few are everyday noise", () => {
  const bare = inOrder(week, guesses.slice(0, 8), [hit]).map((signIn) => ({ ...signIn, passwordFingerprint: "" }));
  assert.equal(judge(bare).kind, "quiet");
});
