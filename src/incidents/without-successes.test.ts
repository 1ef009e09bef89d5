import assert from "node:assert/strict";
import { test } from "node:test";
import { HOUR, MINUTE, at, failure, home, inOrder, judge, member, stranger } from "../../test/support/signins.ts";
import type { SignIn } from "#/signin/signin.ts";

const OFFICE = "192.0.2.1";
const BOT = "203.0.113.9";

/** Ten days of what members mistype at the office and at home, as a log of failures alone shows it: half of them try again at once. */
function slips(): SignIn[] {
  const all: SignIn[] = [];
  for (let day = 0; day < 10; day += 1) {
    for (let index = 0; index < 60; index += 1) {
      const who = (index * 7 + day * 13) % 400;
      const when = at(day, 8 + (index % 9), (index * 11) % 60);
      const where = index % 3 === 0 ? home(who) : OFFICE;
      for (let tries = 0; tries <= index % 2; tries += 1)
        all.push(failure(when + tries * 9_000, member(who), where, "other"));
    }
  }
  return inOrder(all);
}

test("members' slips alone are no attack, and what cannot be told is said, by address", () => {
  const conclusion = judge(slips());
  assert.deepEqual(conclusion.campaigns, []);
  assert.ok(conclusion.blindSpots.some((spot) => spot.includes(OFFICE) && spot.includes("pace of people's slips")));
});

test("a bot with hundreds of names is an attack all the same, and the office is no part of it", () => {
  const bot = Array.from({ length: 300 }, (_, index) =>
    failure(at(5, 2) + index * 20_000, `name${index}`, BOT, "other"),
  );
  const { campaigns } = judge(inOrder(slips(), bot));
  assert.deepEqual(
    campaigns.map(({ confidence, origins }) => [confidence, origins.map(({ address }) => address)]),
    [["confirmed", [BOT]]],
  );
});

test("a patient bot that goes through its list without a second try is one, and so is one in a hurry with one account", () => {
  const patient = Array.from({ length: 60 }, (_, index) =>
    failure(at(2) + index * 2 * HOUR, `name${index}`, BOT, "other"),
  );
  assert.equal(judge(inOrder(slips(), patient)).campaigns[0]?.confidence, "confirmed");
  const hurried = Array.from({ length: 60 }, (_, index) => failure(at(2) + index * 3_000, member(3), BOT, "other"));
  assert.equal(judge(inOrder(slips(), hurried)).campaigns[0]?.confidence, "confirmed");
});

test("a day on which strangers fail far more than on others is suspected, and told from then on", () => {
  const spray = Array.from({ length: 500 }, (_, index) =>
    failure(at(6, 2) + index * MINUTE, member(index % 400), stranger(index), "other"),
  );
  const { campaigns } = judge(inOrder(slips(), spray));
  assert.equal(campaigns.length, 1);
  const [campaign] = campaigns;
  assert.equal(campaign?.confidence, "suspected");
  assert.ok(campaign.firstAttempt >= at(5, 12));
  assert.ok(campaign.origins.every(({ address }) => address !== OFFICE));
});

test("the Monday after a quiet weekend is no attack", () => {
  const all: SignIn[] = [];
  for (let day = 0; day < 10; day += 1) {
    const count = day === 5 || day === 6 ? 40 : 130;
    for (let index = 0; index < count; index += 1) {
      const who = (index * 7 + day * 13) % 900;
      all.push(failure(at(day, 8 + (index % 9), (index * 11) % 60), member(who), stranger(who), "other"));
    }
  }
  assert.deepEqual(judge(inOrder(all)).campaigns, []);
});

test("a spray that is over ends with its last guess, though slips go on; nothing is said of which names exist", () => {
  const spray = Array.from({ length: 500 }, (_, index) =>
    failure(at(5, 2) + index * MINUTE, member(index % 400), stranger(index), "other"),
  );
  const homes = Array.from({ length: 60 }, (_, index) =>
    failure(at(5, 11) + index * 100 * MINUTE, member((index * 7) % 400), home((index * 7) % 400), "other"),
  );
  const [campaign, ...others] = judge(inOrder(slips(), spray, homes)).campaigns;
  assert.deepEqual(others, []);
  assert.ok(
    campaign !== undefined && campaign.lastAttempt <= at(5, 12),
    new Date(campaign?.lastAttempt ?? 0).toISOString(),
  );
  const why = campaign.why.join(" ");
  assert.match(why, /sign-ins fail from many addresses/iu);
  assert.doesNotMatch(why, /strangers|do not exist|not known to exist/iu);
});
