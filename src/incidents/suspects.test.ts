import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, HOUR, MINUTE, at, failure, home, member, success } from "../../test/support/signins.ts";
import { emptyObservation } from "#/familiarity/empty-observation.ts";
import { Familiarity, defaults } from "#/familiarity/familiarity.ts";
import type { Origin, Pair } from "#/familiarity/records.ts";
import type { SignIn } from "#/signin/signin.ts";
import { cameHome, gatherSuspects, isMembers, slips } from "./suspects.ts";

const HERE = "203.0.113.9";

function known(signIns: readonly SignIn[]): Familiarity {
  const familiarity = new Familiarity(defaults, () => true);
  const seen = emptyObservation();
  for (const signIn of signIns) familiarity.observe(signIn, seen);
  return familiarity;
}
function origin(signIns: readonly SignIn[], address = HERE): Origin {
  const found = known(signIns).origins.get(address);
  assert.ok(found);
  return found;
}
function pair(signIns: readonly SignIn[], address = HERE): Pair {
  const [found] = origin(signIns, address).pairs.values();
  assert.ok(found);
  return found;
}
const failures = (count: number): SignIn[] =>
  Array.from({ length: count }, (_, index) => failure(at(1) + index * MINUTE, `other${index}`, HERE));
const opened = (count: number): SignIn[] =>
  Array.from({ length: count }, (_, index) => success(at(1) + index * MINUTE, member(index), HERE));
const names = (signIns: readonly SignIn[], unsure = false): string[] =>
  gatherSuspects(known(signIns), unsure).map((suspect) => suspect.pair.account.name);

test("a name that failed is a slip where it is a misspelling of one that signed in from the same address", () => {
  const misspelt = failure(at(1), "membr0@example.org", HERE, "unknown-account");
  assert.equal(slips(origin([misspelt, ...opened(1)])), 1);
  assert.equal(slips(origin([misspelt])), 0, "nobody signed in");
  assert.equal(slips(origin([failure(at(1), "somebody@example.org", HERE), ...opened(1)])), 0);
  assert.equal(
    slips(origin([success(at(0), "membr0@example.org", home(9)), misspelt, ...opened(1)])),
    0,
    "the name is somebody's own",
  );
});

test("slips are looked for among thirty-two accounts, and not among one more", () => {
  const misspelt = failure(at(1), "membr0@example.org", HERE, "unknown-account");
  assert.equal(slips(origin([misspelt, ...opened(31)])), 1);
  assert.equal(slips(origin([misspelt, ...opened(32)])), 0);
});

test("an address where more accounts signed in than failed is members'", () => {
  assert.ok(isMembers(origin([...failures(3), ...opened(5)])));
  assert.ok(!isMembers(origin([...failures(3), ...opened(2)])));
  assert.ok(!isMembers(origin(failures(3))), "nobody ever signed in");
});

test("an address from which an account signs in on more than one day is members', whoever else failed there", () => {
  const once = success(at(1), member(0), HERE);
  assert.ok(!isMembers(origin([...failures(3), once])));
  assert.ok(!isMembers(origin([...failures(3), once, success(at(1, 19), member(0), HERE)])));
  assert.ok(isMembers(origin([...failures(3), once, success(at(1, 21), member(0), HERE)])));
});

test("an address in a network that is familiar to who signed in is members'", () => {
  const neighbour = success(at(0), member(0), "203.0.113.77");
  assert.ok(isMembers(origin([neighbour, ...failures(3), ...opened(1)])));
});

test("two honest sign-ins do not excuse a hundred guesses", () => {
  const regular = [success(at(1), member(0), HERE), success(at(3), member(0), HERE)];
  assert.ok(!isMembers(origin([...failures(100), ...regular])));
});

test("who got in at last is a member, unless the address was declared an attacker's before", () => {
  const mended = origin([failure(at(1), member(0), HERE), success(at(1, 1), member(0), HERE)]);
  assert.ok(isMembers(mended));
  mended.held = { at: at(0), why: "", last: at(0), pauses: [] };
  assert.ok(!isMembers(mended));
});

test("an owner came home where the account later signs in from that network by another address", () => {
  const away = failure(at(1), member(0), HERE);
  assert.ok(!cameHome(pair([away])));
  assert.ok(cameHome(pair([away, success(at(1, 1), member(0), "203.0.113.44")])));
  assert.ok(!cameHome(pair([away, success(at(1, 1), member(1), "203.0.113.44")])), "another's home is not mine");
  assert.ok(!cameHome(pair([away, success(at(1, 1), member(0), HERE)])), "this very pair is what is in question");
});

test("suspects are strangers who never got in; members, owners and devices with old passwords are none", () => {
  const guess = failure(at(2), "member5@example.org", "198.51.100.5");
  const slipAtHome = [success(at(0), member(1), home(1)), failure(at(2), member(1), home(1))];
  const mended = [failure(at(2), member(2), "192.0.2.2"), success(at(2, 1), member(2), "192.0.2.2")];
  const device = [
    success(at(0), member(3), home(3)),
    ...Array.from({ length: 9 }, (_, index) => failure(at(2) + index * 5 * MINUTE, member(3), "192.0.2.3")),
  ];
  const camehome = [failure(at(2), member(4), "192.0.2.68"), success(at(2, 2), member(4), "192.0.2.69")];
  assert.deepEqual(names([guess, ...slipAtHome, ...mended, ...device, ...camehome]), [guess.account]);
});

test("suspects come earliest first, lighter with each account that failed from the address", () => {
  const suspects = gatherSuspects(
    known([...failures(3).toReversed(), failure(at(0), "alone", "198.51.100.7"), success(at(0), member(0), home(0))]),
    false,
  );
  assert.deepEqual(
    suspects.map(({ weight }) => weight),
    [1, 1 / 3, 1 / 3, 1 / 3],
  );
  assert.ok(suspects.every(({ at: when }, index) => when >= (suspects[index - 1]?.at ?? 0)));
});

test("where nothing says which names exist, they may, unless the source says otherwise", () => {
  const signIns = [failure(at(1), "ana", HERE), failure(at(1, 1), "bea", HERE, "unknown-account")];
  const exist = (unsure: boolean): boolean[] => gatherSuspects(known(signIns), unsure).map((suspect) => suspect.known);
  assert.deepEqual(exist(false), [false, false]);
  assert.deepEqual(exist(true), [true, false]);
});

test("a stray failure while the account's own device keeps failing at home is most likely that device's", () => {
  const atHome = [
    success(at(0), member(0), home(0)),
    ...Array.from({ length: 4 }, (_, index) => failure(at(2) + index * HOUR, member(0), home(0))),
  ];
  assert.deepEqual(names([...atHome, failure(at(2, 5), member(0), HERE)]), []);
  assert.deepEqual(names([...atHome, failure(at(2) + 3 * DAY, member(0), HERE)]), [member(0)]);
});

test("a guess before the owner's device began to fail is a guess; one while it was failing may be the device's", () => {
  const known = success(at(0), member(1), home(1));
  const device = [0, 1, 2, 3].map((turn) => failure(at(2, 9 + turn), member(1), home(1)));
  const guess = (when: number): SignIn => failure(when, member(1), "198.51.100.5");
  assert.deepEqual(names([known, guess(at(2, 5)), ...device]), [member(1)]);
  assert.deepEqual(names([known, ...device, guess(at(2, 15))]), []);
  const neighbours = [10, 11, 12, 13, 14].map((index) => success(at(0), member(index), `198.51.${index}.5`));
  assert.deepEqual(names([known, ...neighbours, guess(at(2, 5)), ...device]), [], "members are at home around there");
});

test("a telephone that goes through its carrier's addresses with an old password counts as hardly more than one", () => {
  const weights = (signIns: readonly SignIn[]): number[] =>
    gatherSuspects(known(signIns), true).map(({ weight }) => weight);
  const roaming = Array.from({ length: 5 }, (_, index) =>
    failure(at(2) + index * HOUR, member(1), `203.0.${113 + index}.7`),
  );
  assert.deepEqual(weights(roaming), [1, 0.1, 0.1, 0.1, 0.1]);
  const others = roaming.map((signIn, index) => ({ ...signIn, account: member(index), accountGiven: member(index) }));
  assert.deepEqual(weights(others), [1, 1, 1, 1, 1]);
});
