import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, MONDAY, failure, success } from "../../test/support/signins.ts";
import { Judge } from "#/incidents/judge.ts";
import { defaults as judgeDefaults } from "#/incidents/settings.ts";
import { emptyObservation } from "./empty-observation.ts";
import { Familiarity, type Observation, defaults } from "./familiarity.ts";
import { areaOf, networkKey } from "./networks.ts";
import { Familiar } from "./records.ts";

const ATTACKER = "203.0.113.9";
const trusting = (): Familiarity => new Familiarity(defaults, () => true);

function seen(familiarity: Familiarity, signIn: ReturnType<typeof success>): Observation {
  const into = emptyObservation();
  familiarity.observe(signIn, into);
  return { ...into };
}

test("an origin is familiar from its second sign-in on, its network and area by degrees", () => {
  const familiarity = trusting();
  assert.equal(seen(familiarity, success(MONDAY, "ana", "198.18.3.4")).familiar, Familiar.no);
  assert.equal(seen(familiarity, success(MONDAY + 1, "ana", "198.18.3.4")).familiar, Familiar.address);
  assert.equal(seen(familiarity, success(MONDAY + 2, "ana", "198.18.3.99")).familiar, Familiar.network);
  assert.equal(seen(familiarity, success(MONDAY + 3, "ana", "198.18.77.1")).familiar, Familiar.area);
  assert.equal(seen(familiarity, success(MONDAY + 4, "ana", "203.0.113.1")).familiar, Familiar.no);
  assert.equal(
    seen(familiarity, success(MONDAY + 5, "bea", "198.18.3.4")).familiar,
    Familiar.no,
    "another's home is not mine",
  );
});

test("failures teach nothing, and neither do successes that are not trusted", () => {
  const familiarity = new Familiarity(defaults, (origin) => origin.address !== "203.0.113.9");
  for (let index = 0; index < 5; index += 1) seen(familiarity, failure(MONDAY + index, "ana", "198.18.3.4"));
  assert.equal(seen(familiarity, success(MONDAY + 9, "ana", "198.18.3.4")).familiar, Familiar.no);
  seen(familiarity, success(MONDAY + 10, "ana", "203.0.113.9"));
  assert.equal(seen(familiarity, success(MONDAY + 11, "ana", "203.0.113.9")).familiar, Familiar.no);
});

test("a sign-in that is told late makes its network no less familiar", () => {
  const familiarity = trusting();
  seen(familiarity, success(MONDAY, "ana", "198.18.3.4"));
  seen(familiarity, success(MONDAY - 100 * DAY, "ana", "198.18.3.4"));
  assert.equal(seen(familiarity, failure(MONDAY + DAY, "ana", "198.18.3.5")).familiar, Familiar.network);
});

test("a network that was not used for a quarter is strange again", () => {
  const familiarity = trusting();
  seen(familiarity, success(MONDAY, "ana", "198.18.3.4"));
  assert.equal(seen(familiarity, failure(MONDAY + 89 * DAY, "ana", "198.18.3.5")).familiar, Familiar.network);
  assert.equal(seen(familiarity, failure(MONDAY + 91 * DAY, "ana", "198.18.3.6")).familiar, Familiar.no);
});

test("a telephone that wanders through its carrier's networks pushes out neither the office nor the home", () => {
  const familiarity = trusting();
  for (let day = 0; day < 5; day += 1) {
    seen(familiarity, success(MONDAY + day * DAY, "ana", "198.18.3.4"));
    seen(familiarity, success(MONDAY + (day + 0.5) * DAY, "ana", "198.51.100.4"));
  }
  for (let network = 0; network < 40; network += 1)
    seen(familiarity, success(MONDAY + (6 + network / 20) * DAY, "ana", `203.0.${network}.7`));
  for (const address of ["198.18.3.5", "198.51.100.5"])
    assert.equal(seen(familiarity, failure(MONDAY + 9 * DAY, "ana", address)).familiar, Familiar.network);
  assert.equal(seen(familiarity, failure(MONDAY + 9 * DAY, "ana", "203.0.0.8")).familiar, Familiar.area);
});

test("who goes from network to network counts once in each, and in none that was forgotten", () => {
  const familiarity = trusting();
  for (let visit = 0; visit < 60; visit += 1)
    seen(familiarity, success(MONDAY + visit * DAY, "ana", `198.18.${visit % 20}.4`));
  const counts = Array.from({ length: 20 }, (_, index) => {
    return familiarity.origins.get(`198.18.${index}.4`)?.place.accounts ?? 0;
  });
  assert.equal(
    counts.reduce((sum, count) => sum + count, 0),
    12,
  );
  assert.ok(counts.every((count) => count <= 1));
});

test("where the log does not say where from, nothing is familiar", () => {
  const familiarity = trusting();
  seen(familiarity, success(MONDAY, "ana", ""));
  assert.equal(seen(familiarity, failure(MONDAY + 1, "ana", "")).familiar, Familiar.no);
});

test("a log without addresses is no fault and no attack, and says that it is blind", () => {
  const judge = new Judge();
  for (let index = 0; index < 500; index += 1) {
    judge.add([success(MONDAY + index * 60_000, `user${index % 50}`, "")]);
    judge.add([failure(MONDAY + 40_000_000 + index * 1_000, `user${index % 50}`, "")]);
  }
  const conclusion = judge.conclude({ files: [], signIns: 0, zoneAssumed: undefined });
  assert.equal(conclusion.kind, "quiet");
  assert.ok(conclusion.blindSpots.some((spot) => spot.includes("no client address")));
});

test("accounts and addresses are counted whether or not they are kept, exactly as long as all are", () => {
  const familiarity = new Familiarity({ ...defaults, accountsMax: 100, originsMax: 200 }, () => true);
  const add = (from: number, to: number): void => {
    for (let index = from; index < to; index += 1)
      seen(familiarity, failure(MONDAY + index * 1_000, `u${index}`, `198.18.${index >> 8}.${index & 255}`));
  };
  add(0, 100);
  seen(familiarity, failure(MONDAY + 100_000, "u0", ""));
  assert.deepEqual([familiarity.accountsSeen, familiarity.addressesSeen, familiarity.hasDropped], [100, 100, false]);
  add(100, 5_000);
  add(0, 5_000);
  assert.ok(familiarity.hasDropped && familiarity.accounts.size <= 100);
  for (const number of [familiarity.accountsSeen, familiarity.addressesSeen])
    assert.ok(Math.abs(number - 5_000) <= 100, String(number));
});

test("networks are /24 and /16, /48 and /32, and a host name is its own", () => {
  assert.equal(networkKey("192.0.2.77"), "192.0.2");
  assert.equal(areaOf("192.0.2.77"), "192.0");
  assert.equal(networkKey("2001:db8:1:2::3"), "2001:db8:1::");
  assert.equal(areaOf("2001:db8::1"), "2001:db8::");
  assert.equal(networkKey("2001:db8::1"), "2001:db8:0::");
  assert.equal(networkKey("mail.example.net"), "mail.example.net");
  assert.equal(areaOf("mail.example.net"), "example.net");
});

test("beyond the most names of one address, those who exist or get in are kept, and the rest is counted", () => {
  const familiarity = new Familiarity(
    { ...defaults, accountsPerOriginMax: 10 },
    (origin) => origin.address !== ATTACKER,
  );
  seen(familiarity, success(MONDAY, "ana", "198.18.3.4"));
  for (let index = 0; index < 25; index += 1)
    seen(familiarity, failure(MONDAY + 1_000 * index, `invented${index % 20}`, ATTACKER, "bad-password", { count: 2 }));
  seen(familiarity, failure(MONDAY + 30_000, "ana", ATTACKER));
  seen(familiarity, failure(MONDAY + 31_000, "ana", ATTACKER));
  seen(familiarity, success(MONDAY + 32_000, "bea", ATTACKER));
  const origin = familiarity.origins.get(ATTACKER);
  const pairs = [...(origin?.pairs.values() ?? [])].slice(10);
  assert.deepEqual(
    pairs.map(({ account, failures, successes }) => [account.name, failures, successes]),
    [
      ["ana", 2, 0],
      ["bea", 0, 1],
    ],
  );
  assert.equal(origin?.attemptsUnlisted, 20);
  assert.equal(origin.lastUnlisted, MONDAY + 19_000);
  assert.equal(origin.failures, 52);
  assert.equal(origin.accountsFailed, 11, "a name that is not kept is not counted again and again");
});

test("an attack with more names than are kept for an address is told whole: attempts, end, fall, and that there were more", () => {
  const judging = new Judge({ ...judgeDefaults, familiarity: { ...defaults, accountsPerOriginMax: 100 } });
  judging.add([success(MONDAY, "ana", "198.18.3.4")]);
  for (let index = 0; index < 1_000; index += 1)
    judging.add([failure(MONDAY + DAY + 1_000 * index, `invented${index}`, ATTACKER)]);
  judging.add([
    success(MONDAY + DAY + 999_500, "ana", ATTACKER),
    failure(MONDAY + DAY + 1_000_000, "invented", ATTACKER),
  ]);
  const [campaign] = judging.conclude({ files: [], signIns: 0, zoneAssumed: undefined }).campaigns;
  assert.equal(campaign?.attempts, 1_002);
  assert.equal(campaign.attemptsUnlisted, 901);
  assert.equal(campaign.lastAttempt, MONDAY + DAY + 1_000_000);
  assert.deepEqual(
    campaign.fallen.map(({ account }) => account),
    ["ana"],
  );
  assert.match(campaign.why[0] ?? "", /^1,002 attempts on more than 101 accounts from 1 address/);
});
