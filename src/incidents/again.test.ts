import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DAY,
  HOUR,
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

const weeks = ordinaryDays(100, 21);

/** A slow spray over the members, an address for each try, from the given stranger on. */
const spray = (day: number, from: number, count = 90): SignIn[] =>
  Array.from({ length: count }, (_, index) =>
    failure(at(day, 1) + index * 8 * MINUTE, member(index), stranger(from + index)),
  );

test("a second spray a week later, from other addresses, is a campaign of its own, declared as soon as the first", () => {
  const { campaigns } = judge(inOrder(weeks, spray(4, 0), spray(11, 1_000)));
  assert.deepEqual(
    campaigns.map(({ id, kind }) => [id, kind]),
    [
      ["C1", "password-spraying"],
      ["C2", "password-spraying"],
    ],
  );
  const [first, second] = campaigns;
  assert.ok(first && second);
  assert.ok(first.lastAttempt < at(5) && second.firstAttempt === at(11, 1));
  assert.ok(second.detectedAt > at(11, 1) && second.detectedAt < at(11, 5), new Date(second.detectedAt).toISOString());
  assert.ok(second.attemptsBeforeDetection <= 20, `${second.attemptsBeforeDetection}`);
  assert.equal(second.origins.length, 90);
});

test("the same addresses a week later are the same campaign, with its pause and second declaration told", () => {
  const [campaign, ...others] = judge(inOrder(weeks, spray(4, 0), spray(11, 0))).campaigns;
  assert.deepEqual(others, []);
  assert.equal(campaign?.attempts, 180);
  assert.ok(campaign.firstAttempt === at(4, 1) && campaign.lastAttempt > at(11, 12));
  assert.match(
    campaign.why.join(" "),
    /It was silent for 7 days from 2026-03-06 12:52 UTC, and at it again from 2026-03-13 01:00 UTC: declared again at 2026-03-13 0[1-4]:\d\d UTC, after \d+ attempts\./,
  );
});

test("one address that comes back a week later is the same campaign, and its pause is told", () => {
  const run = (day: number): SignIn[] =>
    Array.from({ length: 60 }, (_, index) => failure(at(day, 3) + index * 30_000, member(index), "203.0.113.9"));
  const [campaign, ...others] = judge(inOrder(weeks, run(4), run(11))).campaigns;
  assert.deepEqual(others, []);
  assert.ok(
    campaign?.why.some((sentence) => /^It was silent for 7 days .* again from 2026-03-13 03:00 UTC\.$/.test(sentence)),
  );
});

test("days of the same spray have no pauses to tell", () => {
  const days = [4, 5, 6].flatMap((day) => spray(day, day * 100));
  const [campaign, ...others] = judge(inOrder(weeks, days)).campaigns;
  assert.deepEqual(others, []);
  assert.ok(!campaign?.why.some((sentence) => sentence.includes("silent")));
  assert.ok((campaign?.lastAttempt ?? 0) - (campaign?.firstAttempt ?? 0) > 2 * DAY + 6 * HOUR);
});

test("a campaign whose addresses are loud enough to be declared one by one is dated to the alarm where that came first", () => {
  // Thirty addresses take turns, each twenty times, and each signs in to an account of its own first.
  const own = Array.from({ length: 30 }, (_, index) => success(at(3, 1) + index * 1_000, "guest", stranger(index)));
  const rounds = Array.from({ length: 600 }, (_, index) =>
    failure(at(4, 1) + index * MINUTE, member(index % 100), stranger(index % 30)),
  );
  const [campaign, ...others] = judge(inOrder(ordinaryDays(100, 7), own, rounds)).campaigns;
  assert.deepEqual(others, []);
  assert.ok((campaign?.attemptsBeforeDetection ?? 999) < 90, `${campaign?.attemptsBeforeDetection}`);
});

test("bots that try the same names every day, before and after at the same rate, take no part in a spray on members", () => {
  const names = ["admin", "root", "test", "oracle", "ubuntu", "git"];
  const bots = Array.from({ length: 9 * 300 }, (_, index) =>
    failure(
      at(0) + index * 4.8 * MINUTE,
      names[index % 6] ?? "",
      `50.${index % 90}.${index % 250}.9`,
      "unknown-account",
    ),
  );
  // Few members and many bots, as on a machine with SSH.
  const { campaigns } = judge(inOrder(ordinaryDays(20, 9), bots, spray(5, 0).slice(0, 90)));
  const [campaign, ...others] = campaigns.filter(({ kind }) => kind === "password-spraying");
  assert.deepEqual(others, []);
  assert.ok(
    campaign?.origins.every(({ address }) => !address.startsWith("50.")),
    `${campaign?.origins.length} addresses`,
  );
  assert.ok(campaign && campaign.origins.length >= 85 && campaign.attemptsBeforeDetection > 1);
});

test("a first wave that few guesses gave away is dated to them, though its addresses were declared in the second", () => {
  const wave = (day: number): SignIn[] =>
    Array.from({ length: 90 }, (_, index) =>
      failure(at(day, 1) + index * 20_000, member((index + day * 30) % 100), `203.0.113.${1 + (index % 30)}`),
    );
  const [campaign, ...others] = judge(inOrder(weeks, wave(7), wave(12))).campaigns;
  assert.deepEqual(others, []);
  assert.ok(campaign && campaign.detectedAt < at(7, 1, 10), new Date(campaign?.detectedAt ?? 0).toISOString());
  assert.ok(campaign.attemptsBeforeDetection < 10, `${campaign.attemptsBeforeDetection}`);
});
