import assert from "node:assert/strict";
import { test } from "node:test";
import {
  HOUR,
  MINUTE,
  at,
  failure,
  home,
  inOrder,
  member,
  ordinaryDays,
  stranger,
  success,
} from "../../test/support/signins.ts";
import type { SignIn } from "#/signin/signin.ts";
import type { Conclusion } from "./conclusion.ts";
import { Judge } from "./judge.ts";
import { defaults } from "./settings.ts";

const STRANGER = "203.0.113.9";
const DECOY = "k.vance@example.org";
const week = ordinaryDays(60, 8);
const tries = (minute: number, account: string, address = STRANGER): SignIn =>
  failure(at(7, 2, minute), account, address, account === DECOY ? "unknown-account" : "bad-password");

function judge(signIns: readonly SignIn[]): Conclusion {
  const judging = new Judge({ ...defaults, decoy: { ...defaults.decoy, names: [DECOY] } });
  judging.add(signIns);
  return judging.conclude({ files: [], signIns: signIns.length, zoneAssumed: undefined });
}

test("one try of a decoy from a strange address is an attack, suspected where it tried nothing else", () => {
  const { kind, campaigns } = judge(inOrder(week, [tries(0, DECOY)]));
  assert.equal(kind, "attack");
  assert.deepEqual(
    campaigns.map(({ origins, targets, confidence, detectedAt }) => [
      origins[0]?.address,
      targets[0]?.account,
      confidence,
      detectedAt,
    ]),
    [[STRANGER, DECOY, "suspected", at(7, 2)]],
  );
});

test("every other attempt from there counts, and whoever it got in to has fallen", () => {
  const { campaigns } = judge(
    inOrder(week, [
      tries(0, member(5)),
      tries(1, DECOY),
      tries(2, member(6)),
      success(at(7, 2, 3), member(7), STRANGER),
    ]),
  );
  const [campaign, ...more] = campaigns;
  assert.equal(more.length, 0);
  assert.equal(campaign?.confidence, "confirmed");
  assert.deepEqual(
    new Set(campaign.targets.map(({ account }) => account)),
    new Set([member(5), DECOY, member(6), member(7)]),
  );
  assert.deepEqual(
    campaign.fallen.map(({ account }) => account),
    [member(7)],
  );
});

test("addresses that try decoys within a day of each other are one campaign", () => {
  const signIns = [0, 1, 2].map((index) => ({
    ...tries(0, DECOY, stranger(index)),
    at: success(at(7, 2) + index * HOUR, "", "").at,
  }));
  assert.deepEqual(
    judge(inOrder(week, signIns)).campaigns.map(({ origins }) => origins.length),
    [3],
  );
});

test("an opened decoy has fallen, whatever the address", () => {
  for (const address of [STRANGER, home(3)]) {
    const { campaigns } = judge(inOrder(week, [success(at(7, 2), DECOY, address)]));
    assert.deepEqual(
      campaigns.flatMap(({ fallen }) => fallen.map((one) => [one.account, one.confidence, one.isDecoy])),
      [[DECOY, "confirmed", true]],
      address,
    );
  }
});

test("a member's slip makes no attacker of the office, and a remark is left of it", () => {
  const office = [0, 1, 2, 3].map((index) => success(at(6, 9, index), member(index), "198.51.100.7"));
  const { kind, campaigns, findings } = judge(
    inOrder(week, office, [tries(0, DECOY, "198.51.100.7"), success(at(7, 2) + MINUTE, member(2), "198.51.100.7")]),
  );
  assert.deepEqual([kind, campaigns.length], ["quiet", 0]);
  assert.match(findings.find(({ detector }) => detector === "decoy")?.why ?? "", /may have mistyped/);
});
