import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  DAY,
  HOUR,
  MINUTE,
  at,
  failure,
  home,
  inOrder,
  judge,
  member,
  ordinaryDays,
  stranger,
  success,
} from "../../test/support/signins.ts";
import type { SignIn } from "#/signin/signin.ts";
import { Judge } from "./judge.ts";
import { defaults } from "./settings.ts";

const week = ordinaryDays(100, 7);

/** One password on every account, an address for each try. */
function slowSpray(day: number, count: number, gap: number): SignIn[] {
  return Array.from({ length: count }, (_, index) => failure(at(day, 1) + index * gap, member(index), stranger(index)));
}

test("ordinary days with slips are quiet", () => {
  const conclusion = judge(week);
  assert.equal(conclusion.kind, "quiet");
  assert.deepEqual(conclusion.campaigns, []);
  assert.deepEqual(conclusion.faults, []);
});

test("one address that goes through the accounts is a spray, declared within five accounts", () => {
  const spray = Array.from({ length: 60 }, (_, index) =>
    failure(at(5, 3) + index * 30_000, member(index), "203.0.113.9"),
  );
  const [campaign, ...others] = judge(inOrder(week, spray)).campaigns;
  assert.equal(others.length, 0);
  assert.equal(campaign?.kind, "password-spraying");
  assert.deepEqual(
    campaign?.origins.map(({ address }) => address),
    ["203.0.113.9"],
  );
  assert.equal(campaign?.targets.length, 60);
  assert.ok((campaign?.attemptsBeforeDetection ?? 99) <= 5, `${campaign?.attemptsBeforeDetection}`);
  assert.deepEqual(campaign?.fallen, []);
});

test("one address that hammers at one account is guessing, declared within ten guesses", () => {
  const guesses = Array.from({ length: 200 }, (_, index) =>
    failure(at(5, 3) + index * 2_000, member(7), "203.0.113.9"),
  );
  const [campaign] = judge(inOrder(week, guesses)).campaigns;
  assert.equal(campaign?.kind, "password-guessing");
  assert.ok((campaign?.attemptsBeforeDetection ?? 99) <= 10, `${campaign?.attemptsBeforeDetection}`);
});

test("a low and slow spray is seen although each address tries but once", () => {
  const conclusion = judge(inOrder(week, slowSpray(4, 90, 8 * MINUTE)));
  assert.equal(conclusion.kind, "attack");
  const [campaign] = conclusion.campaigns;
  assert.equal(campaign?.kind, "password-spraying");
  assert.equal(campaign?.origins.length, 90);
  assert.ok((campaign?.attemptsBeforeDetection ?? 99) <= 20, `${campaign?.attemptsBeforeDetection}`);
});

test("who falls to a spray is named, and members who sign in meanwhile are not", () => {
  const spray = Array.from({ length: 60 }, (_, index) =>
    index === 40
      ? success(at(5, 3) + index * 30_000, member(40), "203.0.113.9")
      : failure(at(5, 3) + index * 30_000, member(index), "203.0.113.9"),
  );
  const traveller = success(at(5, 3, 10), member(80), "192.0.2.77");
  const [campaign] = judge(inOrder(week, spray, [traveller])).campaigns;
  assert.deepEqual(
    campaign?.fallen.map(({ account }) => account),
    [member(40)],
  );
  assert.equal(campaign?.fallen[0]?.confidence, "confirmed");
});

test("a directory outage is a fault and no attack", () => {
  const outage = week.map((signIn) =>
    signIn.at >= at(4, 8) && signIn.at < at(4, 9)
      ? failure(signIn.at, signIn.account, signIn.address, "fault")
      : signIn,
  );
  const conclusion = judge(outage);
  assert.equal(conclusion.kind, "fault");
  assert.equal(conclusion.faults[0]?.kind, "sign-in-outage");
  assert.ok((conclusion.faults[0]?.from ?? 0) >= at(4, 7) && (conclusion.faults[0]?.from ?? 0) <= at(4, 8, 10));
});

test("an outage that is logged as wrong passwords is a fault all the same", () => {
  const outage = week.map((signIn) =>
    signIn.at >= at(4, 8) && signIn.at < at(4, 9) ? failure(signIn.at, signIn.account, signIn.address) : signIn,
  );
  assert.equal(judge(outage).kind, "fault");
});

test("a spray during an outage is both", () => {
  const outage = week.map((signIn) =>
    signIn.at >= at(4, 8) && signIn.at < at(4, 9)
      ? failure(signIn.at, signIn.account, signIn.address, "fault")
      : signIn,
  );
  const spray = Array.from({ length: 60 }, (_, index) =>
    failure(at(4, 8) + index * 30_000, member(index), "203.0.113.9"),
  );
  assert.equal(judge(inOrder(outage, spray)).kind, "attack-and-fault");
});

test("a lockout that the spray brings about does not hide the spray, and no campaign is declared before its first attempt", () => {
  const spray = slowSpray(4, 100, MINUTE);
  const locked = Array.from({ length: 90 }, (_, index) =>
    [0, 1, 2, 3].map((turn) => failure(at(4, 7) + index * 10_000 + turn * HOUR, member(index), home(index), "locked")),
  ).flat();
  const before = week.filter((signIn) => signIn.at < at(4) || signIn.at >= at(5));
  const conclusion = judge(inOrder(before, spray, locked));
  assert.equal(conclusion.kind, "attack-and-fault");
  const [campaign] = conclusion.campaigns;
  assert.equal(campaign?.targets.length, 100);
  assert.equal(campaign.firstAttempt, at(4, 1));
  for (const { firstAttempt, detectedAt } of conclusion.campaigns) assert.ok(firstAttempt <= detectedAt);
});

test("a phone with an old password at home is no attack", () => {
  const phone = Array.from({ length: 400 }, (_, index) => failure(at(3) + index * 5 * MINUTE, member(3), home(3)));
  assert.equal(judge(inOrder(week, phone)).kind, "quiet");
});

test("an address is no attacker's once what its old telephone put on it is taken away", () => {
  const carrier = "203.0.113.44";
  const phone = Array.from({ length: 18 }, (_, index) => failure(at(0, 1) + index * 7 * MINUTE, member(3), carrier));
  const slips = [failure(at(0, 2), member(20), carrier), failure(at(2, 5), member(30), carrier)];
  const running = new Judge(defaults);
  running.add(inOrder(week, phone, slips));
  assert.notEqual(running.familiarity.origins.get(carrier)?.held, undefined);
  assert.deepEqual(judge(inOrder(week, phone, slips)).campaigns, []);
});

test("a member who misspells their own name on a journey has not fallen and is no attacker", () => {
  const journey = [
    failure(at(5, 9), "membr8@example.org", "192.0.2.77", "unknown-account"),
    success(at(5, 9, 1), member(8), "192.0.2.77"),
  ];
  const conclusion = judge(inOrder(week, slowSpray(4, 90, 8 * MINUTE), journey));
  assert.deepEqual(
    conclusion.campaigns.flatMap(({ fallen }) => fallen),
    [],
  );
});

test("a campus whose thousand users share one address is no attacker", () => {
  const campus = Array.from({ length: 1_000 }, (_, index) => {
    const when = at(1, 8) + index * 20_000;
    const name = `student${index}@example.org`;
    return index % 12 === 0
      ? [failure(when, name, "192.0.2.1"), success(when + 30_000, name, "192.0.2.1")]
      : [success(when, name, "192.0.2.1")];
  }).flat();
  assert.equal(judge(inOrder(week, campus)).kind, "quiet");
});

test("a log without any success still tells an attack and says that it is blind", () => {
  const guesses = Array.from({ length: 50 }, (_, index) =>
    failure(at(0) + index * 5_000, index % 3 === 0 ? "root" : `user${index % 7}`, "203.0.113.9"),
  );
  const conclusion = judge(guesses);
  assert.equal(conclusion.kind, "attack");
  assert.ok(conclusion.blindSpots.some((spot) => spot.includes("No successful sign-in")));
});

test("passing bots push out findings, but no campaign, no address of it and no alarm", () => {
  const settings = { ...defaults, incidents: { findingsMax: 3 } };
  const judging = new Judge(settings);
  const bots = Array.from({ length: 30 }, (_, index) =>
    Array.from({ length: 8 }, (__, turn) =>
      failure(
        at(1) + index * 20 * MINUTE + turn * 1_000,
        `bot${index}-${turn}`,
        `100.77.${index}.9`,
        "unknown-account",
      ),
    ),
  ).flat();
  const spray = Array.from({ length: 60 }, (_, index) =>
    failure(at(5, 3) + index * 30_000, member(index), "203.0.113.9"),
  );
  const guesses = Array.from({ length: 300 }, (_, index) =>
    failure(at(6) + index * 1_000, member(9), stranger(1_000 + index)),
  );
  judging.add(inOrder(ordinaryDays(100, 9), bots, slowSpray(2, 90, 8 * MINUTE), spray, guesses));
  const { campaigns, findings } = judging.conclude({ files: [], signIns: 0, zoneAssumed: undefined });
  assert.deepEqual(
    campaigns.map(({ kind, detectedAt }) => [kind, new Date(detectedAt).toISOString().slice(0, 10)]),
    [
      ["password-spraying", "2026-03-04"],
      ["password-spraying", "2026-03-07"],
      ["password-guessing", "2026-03-08"],
    ],
  );
  assert.ok(campaigns[1]?.origins.some(({ address }) => address === "203.0.113.9"));
  assert.ok(findings.some(({ detector }) => detector === "distributed"));
  assert.ok(judging.unlisted > 0);
});

test("judging twice the same says the same, and the order of ties does not matter", () => {
  const signIns = inOrder(week, slowSpray(4, 90, 8 * MINUTE));
  const shuffled = [...signIns].reverse().sort((left, right) => left.at - right.at);
  const first = judge(signIns);
  assert.deepEqual(judge(signIns), first);
  const again = judge(shuffled);
  assert.equal(again.kind, first.kind);
  assert.deepEqual(
    new Set(again.campaigns.flatMap(({ origins }) => origins.map(({ address }) => address))),
    new Set(first.campaigns.flatMap(({ origins }) => origins.map(({ address }) => address))),
  );
});

test("memory is bounded however many names and addresses are invented", () => {
  const settings = {
    ...defaults,
    familiarity: {
      ...defaults.familiarity,
      accountsMax: 1_000,
      originsMax: 1_000,
      pairsMax: 2_000,
      accountsPerOriginMax: 50,
    },
  };
  const judging = new Judge(settings);
  judging.add(ordinaryDays(20, 3));
  for (let index = 0; index < 20_000; index += 1) {
    const address = index % 2 === 0 ? stranger(index) : `10.${index % 250}.${(index >> 3) % 250}.${index % 255}`;
    judging.add([
      failure(at(3) + index * 100, `invented${index}`, address),
      failure(at(3) + index * 100, `invented${index}`, "203.0.113.9"),
    ]);
  }
  const { familiarity } = judging;
  assert.ok(familiarity.accounts.size <= 1_000, `${familiarity.accounts.size} accounts`);
  assert.ok(familiarity.origins.size <= 1_000, `${familiarity.origins.size} origins`);
  assert.ok(familiarity.pairCount <= 2_001, `${familiarity.pairCount} pairs`);
  for (let index = 0; index < 20; index += 1)
    assert.ok(familiarity.accounts.has(member(index)), "a real account was dropped for invented ones");
  const conclusion = judging.conclude({ files: [], signIns: 0, zoneAssumed: undefined });
  assert.equal(conclusion.kind, "attack");
  assert.ok(conclusion.blindSpots.some((spot) => spot.includes("dropped")));
});

test("whatever comes in, judging ends without a throw and its lists agree with each other", () => {
  const anySignIn = fc.record({
    when: fc.integer({ min: 0, max: 10 * DAY }),
    account: fc.constantFrom("", "a", "b", "root", "x\u001b[31m", "zoë@example.org"),
    address: fc.constantFrom("", "192.0.2.1", "192.0.2.2", "2001:db8::1", "host.example.net", "198.51.100.7"),
    good: fc.boolean(),
    reason: fc.constantFrom("bad-password", "unknown-account", "locked", "fault", "expired", "second-factor", "other"),
    count: fc.integer({ min: 1, max: 50 }),
  });
  // Second factors refused, out of order.
  const refused = { account: "b", address: "2001:db8::1", good: false, reason: "second-factor" };
  fc.assert(
    fc.property(fc.array(anySignIn, { maxLength: 200 }), (list) => {
      const signIns = list.map(({ when, account, address, good, reason, count }) =>
        good
          ? success(at(0) + when, account, address, { count })
          : failure(at(0) + when, account, address, reason, { count }),
      );
      const conclusion = judge(signIns);
      assert.equal(conclusion.kind.includes("attack"), conclusion.campaigns.length > 0);
      assert.equal(conclusion.kind.includes("fault"), conclusion.faults.length > 0);
      for (const campaign of conclusion.campaigns) {
        assert.ok(campaign.firstAttempt <= campaign.lastAttempt && campaign.firstAttempt <= campaign.detectedAt);
        assert.ok(campaign.attemptsBeforeDetection <= campaign.attempts);
        assert.ok(campaign.origins.length > 0 && campaign.why.length > 0);
      }
    }),
    {
      numRuns: 500,
      examples: [
        [
          [
            { ...refused, when: 1, count: 4 },
            { ...refused, when: 0, count: 6 },
          ],
        ],
      ],
    },
  );
});
