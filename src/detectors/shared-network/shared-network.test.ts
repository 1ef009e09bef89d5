import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../../../test/support/detecting.ts";
import { DAY, HOUR, MINUTE, at, failure, inOrder, judge, member, success } from "../../../test/support/signins.ts";
import type { Reason, SignIn } from "#/signin/signin.ts";
import { defaults, sharedNetwork } from "./shared-network.ts";

const PROXY = "10.0.0.9";

/** Everybody through one address, three times a day, one in thirty after a slip. */
function throughOne(members: number, days: number, address = PROXY): SignIn[] {
  const all: SignIn[] = [];
  for (let day = 0; day < days; day += 1) {
    for (let index = 0; index < members; index += 1) {
      for (const hour of [8, 12, 17]) {
        const when = at(day, hour, index % 60, (index * 13) % 60);
        if ((index + day * 3 + hour) % 30 === 0) all.push(failure(when - 20_000, member(index), address));
        all.push(success(when, member(index), address));
      }
    }
  }
  return inOrder(all);
}

const week = throughOne(200, 6);
const spray = (count: number, gap: number, reason: Reason = "bad-password", from: number = at(5, 2)): SignIn[] =>
  Array.from({ length: count }, (_, index) => failure(from + index * gap, member(index), PROXY, reason));

test("accounts that fail one after the other behind a proxy are more than usual, at night and by day", () => {
  assert.deepEqual(run(sharedNetwork, week).found, []);
  const [atNight] = run(sharedNetwork, inOrder(week, spray(100, 10_000))).found;
  assert.equal(atNight?.kind, "shared-network");
  assert.ok(atNight.spell.failuresBefore <= 12, `${atNight.spell.failuresBefore}`);
  assert.equal(run(sharedNetwork, inOrder(week, spray(150, 90_000, "bad-password", at(5, 9)))).found.length, 1);
});

test("a spray through the institution's own proxy is an attack and no fault, and its address is not to be shut out", () => {
  const conclusion = judge(inOrder(week, spray(180, 10_000)));
  assert.equal(conclusion.kind, "attack");
  const [campaign, ...others] = conclusion.campaigns;
  assert.deepEqual(others, []);
  assert.equal(campaign?.kind, "password-spraying");
  assert.equal(campaign.confidence, "probable");
  assert.deepEqual(
    campaign.origins.map(({ address, isShared }) => [address, isShared]),
    [[PROXY, true]],
  );
  assert.ok(campaign.targets.length >= 175, `${campaign.targets.length}`);
  assert.ok(campaign.why.some((sentence) => sentence.includes("cannot say whether any fell")));
});

test("invented names tried on and on through the proxy are guesses to the last, however many members sign in meanwhile", () => {
  const invented = Array.from({ length: 1_500 }, (_, index) =>
    failure(at(5, 3) + index * 40_000, `invented${index % 60}`, PROXY),
  );
  const { kind, campaigns } = judge(inOrder(week, invented));
  assert.equal(kind, "attack");
  const [campaign, ...others] = campaigns;
  assert.deepEqual(others, []);
  assert.equal(campaign?.kind, "password-guessing");
  assert.equal(campaign.confidence, "probable");
  assert.ok(campaign.attempts >= 1_500 && campaign.attempts < 1_520, `${campaign.attempts}`);
  assert.ok(campaign.lastAttempt >= (invented.at(-1)?.at ?? 0));
  assert.match(campaign.why.join(" "), /Nobody is known by 60 of the names/u);
});

test("invented names are guesses although nobody gets in meanwhile, as at a weekend after a week", () => {
  const silent = week.filter(({ at: when }) => when < at(5));
  const invented = Array.from({ length: 12 }, (_, index) =>
    failure(at(5, 8) + index * 10 * MINUTE, `invented${index % 12}`, PROXY),
  );
  const { kind, faults } = judge(inOrder(silent, invented, [success(at(5, 13), member(1), PROXY)]));
  assert.equal(kind, "attack");
  assert.deepEqual(faults, []);
});

test("a name mistyped now and then is no guess", () => {
  const typed = Array.from({ length: 30 }, (_, index) =>
    failure(at(index % 5, 8, 7 * (index % 8), index), `mebmer${index}@example.org`, PROXY),
  );
  assert.equal(judge(inOrder(week, typed)).kind, "quiet");
});

test("a spray ends with its last guess, not with the members' slips of the morning after", () => {
  const guesses = spray(120, 20_000, "bad-password", at(5, 2));
  const last = guesses.at(-1)?.at ?? 0;
  const slips = Array.from({ length: 5 }, (_, index) =>
    failure(last + (40 + 40 * index) * MINUTE, member(150 + index), PROXY),
  );
  const [campaign] = judge(inOrder(week, guesses, slips)).campaigns;
  assert.equal(campaign?.lastAttempt, last);
  assert.ok(campaign.targets.length <= 122, `${campaign.targets.length}`);
});

test("a spray from many addresses of one carrier's network is one campaign", () => {
  const carrier = (index: number): string => `198.51.${100 + (index % 3)}.${1 + (index % 8)}`;
  const members = Array.from({ length: 3 }, (_, part) => throughOne(60, 6, carrier(part))).flat();
  const guesses = Array.from({ length: 180 }, (_, index) =>
    failure(at(5, 1) + index * 30_000, member(index % 60), carrier(index)),
  );
  const { campaigns } = judge(inOrder(members, guesses));
  assert.equal(campaigns.length, 1);
  assert.ok((campaigns[0]?.origins.length ?? 0) >= 20);
});

/** Everybody at one address fails for a while, in place of signing in, some try again. */
function outage(from: number, to: number, triesEach: number): SignIn[] {
  return week.flatMap((signIn) => {
    if (signIn.outcome !== "success" || signIn.at < from || signIn.at >= to) return [signIn];
    return Array.from({ length: triesEach }, (_, index) =>
      failure(signIn.at + index * MINUTE, signIn.account, signIn.address),
    );
  });
}

test("an outage behind a proxy, in which people try again and nobody gets in, is a fault", () => {
  assert.equal(judge(inOrder(outage(at(5, 8), at(5, 9), 3))).kind, "fault");
});

test("where nobody tries again, but nobody gets in either, the log cannot tell, and says so", () => {
  const conclusion = judge(inOrder(outage(at(5, 8), at(5, 9), 1)));
  assert.equal(conclusion.kind, "attack-and-fault");
  assert.deepEqual(
    [...conclusion.campaigns, ...conclusion.faults].map(({ confidence }) => confidence),
    ["suspected", "suspected"],
  );
});

test("a list gone through five times within minutes is no outage: more accounts fail than ever come at that hour", () => {
  const rounds = Array.from({ length: 5 }, (_, round) =>
    spray(180, 1_000, "bad-password", at(5, 14, 4 * round)),
  ).flat();
  const { kind, campaigns } = judge(inOrder(week, rounds));
  assert.ok(kind === "attack" || kind === "attack-and-fault", kind);
  const why = campaigns.flatMap((campaign) => campaign.why).join(" ");
  assert.match(why, /than come at such an hour/u);
  assert.doesNotMatch(why, /\b0 of them/u);
});

test("a restart that brings all devices back at once through the proxy, while others get in, is a fault and no attack", () => {
  const struck = Array.from({ length: 200 }, (_, index) => member(index));
  const devices = struck.map((account, index) => {
    const when = at(5, 8) + (index % 60) * 1_000;
    const tries = [0, 5, 10, 15, 20].map((later) => failure(when + later * MINUTE, account, PROXY));
    return [...tries, success(when + 26 * MINUTE, account, PROXY)];
  });
  const isOut = ({ account, at: when }: SignIn): boolean =>
    struck.includes(account) && when >= at(5, 8) && when < at(5, 9);
  const others = throughOne(400, 6).filter((one) => !isOut(one));
  const { kind, campaigns } = judge(inOrder(others, devices.flat()));
  assert.deepEqual(campaigns, []);
  assert.equal(kind, "fault");
});

test("whoever gets in soon after a failure is taken back", () => {
  const clumsy = Array.from({ length: 150 }, (_, index) => [
    failure(at(5, 9) + index * 20_000, member(index), PROXY),
    success(at(5, 9) + index * 20_000 + 15_000, member(index), PROXY),
  ]).flat();
  assert.deepEqual(run(sharedNetwork, inOrder(week, clumsy)).found, []);
});

test("locked accounts, expired passwords and a server's own trouble are no guesses", () => {
  for (const reason of ["locked", "disabled", "expired", "second-factor", "fault"] as const)
    assert.deepEqual(run(sharedNetwork, inOrder(week, spray(150, 5_000, reason))).found, []);
});

test("failures on one account faster than anybody types are told, and may be a program that ran wild", () => {
  const fast = Array.from({ length: 2_000 }, (_, index) => failure(at(5, 2) + index * 2_000, member(3), PROXY));
  const conclusion = judge(inOrder(week, fast));
  assert.equal(conclusion.kind, "attack");
  const [campaign] = conclusion.campaigns;
  assert.equal(campaign?.kind, "password-guessing");
  assert.equal(campaign.confidence, "suspected");
  assert.ok(campaign.attempts >= 1_990 && campaign.attempts <= 2_010, `${campaign.attempts}`);
  assert.ok(campaign.attemptsBeforeDetection <= 60);
  assert.ok(campaign.origins.every(({ isShared }) => isShared));
});

test("fast failures on one account are told from their first on, not from when they had become too many", () => {
  const fast = Array.from({ length: 80 }, (_, index) => failure(at(5, 2) + index * 4_000, member(3), PROXY));
  const [campaign] = judge(inOrder(week, fast)).campaigns;
  assert.equal(campaign?.attempts, 80);
  assert.ok(Math.abs(campaign.firstAttempt - at(5, 2)) <= 30_000, new Date(campaign.firstAttempt).toISOString());
});

test("forty in a row are a person's or a device's, and so are thousands at leisure", () => {
  const row = (count: number, gap: number): SignIn[] =>
    Array.from({ length: count }, (_, index) => failure(at(5, 2) + index * gap, member(3), PROXY));
  assert.deepEqual(run(sharedNetwork, inOrder(week, row(40, 2_000))).found, []);
  assert.deepEqual(run(sharedNetwork, inOrder(week, row(2_000, MINUTE))).found, []);
  assert.equal(run(sharedNetwork, inOrder(week, row(60, 2_000))).found.length, 1);
});

test("a home from which a household signs in is not shared", () => {
  const household = throughOne(4, 6, "192.0.2.7");
  const guesses = Array.from({ length: 300 }, (_, index) =>
    failure(at(5, 2) + index * 1_000, member(index % 4), "192.0.2.7"),
  );
  assert.deepEqual(run(sharedNetwork, inOrder(household, guesses)).found, []);
});

test("networks are watched, and accounts kept, up to the maximum and no further", () => {
  const settings = { ...defaults, accountsMax: 20, placesMax: 1 };
  const other = throughOne(10, 2, "192.0.2.7");
  const { state, found } = run(
    sharedNetwork,
    inOrder(week, other, spray(100, 5_000), [failure(at(5, 3), member(3), "192.0.2.7")]),
    settings,
  );
  assert.equal(state.watched.size, 1);
  const [first] = found;
  assert.equal(first?.kind === "shared-network" && first.spell.tried.size, 20);
  assert.equal(first?.kind === "shared-network" && first.spell.unlisted, 80);
});

test("a spell that pauses for hours is over, and the next is another", () => {
  const { found } = run(
    sharedNetwork,
    inOrder(
      week,
      spray(60, 5_000),
      Array.from({ length: 60 }, (_, index) => failure(at(5, 23) + index * 5_000, member(100 + index), PROXY)),
    ),
  );
  assert.equal(found.length, 2);
  assert.ok((found[1]?.at ?? 0) - (found[0]?.at ?? 0) > 12 * HOUR && (found[1]?.at ?? 0) < at(5) + DAY);
});
