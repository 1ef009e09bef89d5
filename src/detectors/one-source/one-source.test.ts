import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { run } from "../../../test/support/detecting.ts";
import {
  HOUR,
  MINUTE,
  at,
  failure,
  home,
  inOrder,
  judge,
  member,
  ordinaryDays,
  success,
} from "../../../test/support/signins.ts";
import type { SignIn } from "#/signin/signin.ts";
import { defaults, oneSource } from "./one-source.ts";

const ATTACKER = "203.0.113.9";
const week = inOrder(ordinaryDays(60, 5));

const spray = (count: number, reason?: "unknown-account"): SignIn[] =>
  Array.from({ length: count }, (_, index) =>
    failure(at(5) + index * MINUTE, reason === undefined ? member(index) : `invented${index}`, ATTACKER, reason),
  );
const guesses = (count: number, gap: number, account = member(3)): SignIn[] =>
  Array.from({ length: count }, (_, index) => failure(at(5) + index * gap, account, ATTACKER));
const withoutAddress = (signIn: SignIn): SignIn => ({ ...signIn, address: "" });
const suspicionOf = (signIns: readonly SignIn[], address = ATTACKER): number =>
  run(oneSource, signIns).familiarity.origins.get(address)?.suspicion ?? Number.NaN;

test("an address is declared at the fifth account that it fails on, and not at the fourth", () => {
  assert.deepEqual(run(oneSource, [...week, ...spray(4)]).found, []);
  const [found] = run(oneSource, [...week, ...spray(5)]).found;
  assert.equal(found?.kind, "attacking-origin");
  assert.equal(found.origin.address, ATTACKER);
  assert.equal(found.why, `${ATTACKER} failed 5 times on 5 accounts that it never signed in to`);
});

test("what is refused before anybody looks at the password says nothing against where members sign in", () => {
  const refused = spray(20).map((signIn): SignIn => ({ ...signIn, reason: "policy" }));
  const own = Array.from({ length: 3 }, (_, index) => success(at(4, 20, index), member(40 + index), ATTACKER));
  assert.ok(suspicionOf([...week, ...refused]) > defaults.declareAt);
  assert.ok(suspicionOf([...week, ...own, ...refused]) <= 0);
});

test("failures on an account that it signed in to in the end are not told as others'", () => {
  const own = [...guesses(3, MINUTE, member(9)), success(at(5, 0, 3), member(9), ATTACKER)];
  const others = Array.from({ length: 9 }, (_, index) => failure(at(5, 1, index), member(index), ATTACKER));
  const [found] = run(oneSource, [...week, ...own, ...others]).found;
  const tried = / failed (\d+) times on (\d+) accounts .*, and signed in to 1 account$/.exec(
    found?.kind === "attacking-origin" ? found.why : "",
  );
  assert.ok(tried !== null);
  assert.equal(tried[1], tried[2]);
});

test("names that do not exist weigh more: four are enough", () => {
  assert.equal(run(oneSource, [...week, ...spray(3, "unknown-account")]).found.length, 0);
  assert.equal(run(oneSource, [...week, ...spray(4, "unknown-account")]).found.length, 1);
});

test("ten quick guesses at one account are declared, two by a hurried person are not", () => {
  assert.equal(run(oneSource, [...week, ...guesses(2, 2_000)]).found.length, 0);
  const { found } = run(oneSource, [...week, ...guesses(10, 2_000)]);
  assert.equal(found[0]?.kind, "attacking-origin");
  assert.match(found[0].why, /on the account member3@example\.org within \d+ s$/);
});

test("guesses that the server counted in one line weigh as guesses, up to ten more", () => {
  const counted = (count: number): number =>
    suspicionOf([...week, failure(at(5), member(3), ATTACKER, "bad-password", { count })]);
  assert.ok(counted(1) < counted(5) && counted(5) < counted(11));
  assert.equal(counted(11), counted(5_000));
});

test("it speaks up once for an address, however long that goes on", () => {
  assert.equal(run(oneSource, [...week, ...spray(60), ...guesses(500, HOUR)]).found.length, 1);
});

test("a failure that its owner mends is taken back, so a shared address may fail a hundred times", () => {
  const shared = Array.from({ length: 100 }, (_, index) => [
    failure(at(5) + index * MINUTE, `guest${index}`, ATTACKER),
    success(at(5) + index * MINUTE + 20_000, `guest${index}`, ATTACKER),
  ]).flat();
  assert.deepEqual(run(oneSource, shared).found, []);
  assert.ok(suspicionOf(shared) < 0);
});

test("a member at home, and a server in trouble, are no evidence at all", () => {
  const atHome = Array.from({ length: 50 }, (_, index) => failure(at(5) + index * 1_000, member(3), home(3)));
  const trouble = Array.from({ length: 50 }, (_, index) =>
    failure(at(5) + index * 1_000, member(index), ATTACKER, "fault"),
  );
  assert.deepEqual(run(oneSource, [...week, ...atHome, ...trouble]).found, []);
  assert.equal(suspicionOf([...week, ...trouble]), 0);
});

test("an old password on a member's device adds no more than its maximum, for days on end", () => {
  const device = guesses(2_000, 5 * MINUTE);
  assert.deepEqual(run(oneSource, [...week, ...device]).found, []);
  assert.ok(suspicionOf([...week, ...device]) <= defaults.repeatsMaxKnown + 1e-9);
});

test("success at last does not clear one who failed on many before", () => {
  const hit = success(at(5, 2), member(3), ATTACKER);
  const { found, familiarity } = run(oneSource, [...week, ...spray(40), hit]);
  assert.equal(found.length, 1);
  assert.ok((familiarity.origins.get(ATTACKER)?.suspicion ?? 0) >= defaults.declareAt);
});

test("a shared gateway in a log that begins in an outage is declared, and acquitted in the end", () => {
  const guests = Array.from({ length: 40 }, (_, index) => `guest${index}`);
  const outage = guests.map((name, index) => failure(at(0, 7) + index * MINUTE, name, ATTACKER));
  const after = guests.map((name, index) => success(at(0, 9) + index * MINUTE, name, ATTACKER));
  assert.equal(run(oneSource, [...outage, ...after]).found.length, 1);
  assert.deepEqual(judge(inOrder(outage, after, ordinaryDays(60, 5))).campaigns, []);
});

test("good behaviour is hoarded down to the floor and no further", () => {
  const honest = (count: number): SignIn[] =>
    Array.from({ length: count }, (_, index) => success(at(0) + index * MINUTE, `guest${index}`, ATTACKER));
  const enough = Math.ceil(defaults.floor / defaults.success);
  assert.ok(suspicionOf(honest(enough - 1)) > defaults.floor);
  assert.equal(suspicionOf(honest(enough)), defaults.floor);
  assert.equal(suspicionOf(honest(enough + 1)), defaults.floor);
});

test("without an address nobody is declared", () => {
  assert.deepEqual(run(oneSource, spray(50).map(withoutAddress)).found, []);
});

test("no failure ever lowers the suspicion of its address", () => {
  const attempt = fc.record({
    gap: fc.nat(2 * HOUR),
    who: fc.nat(20),
    count: fc.integer({ min: 1, max: 30 }),
    reason: fc.constantFrom("bad-password", "unknown-account", "locked", "expired", "fault", "second-factor"),
  });
  fc.assert(
    fc.property(fc.array(attempt, { maxLength: 60 }), (attempts) => {
      const running = run(oneSource, ordinaryDays(10, 1));
      let when: number = at(1);
      let before = 0;
      for (const { gap, who, count, reason } of attempts) {
        when += gap;
        running.add([failure(when, member(who), ATTACKER, reason, { count })]);
        const now = running.familiarity.origins.get(ATTACKER)?.suspicion ?? 0;
        assert.ok(now >= before, `${before} became ${now}`);
        before = now;
      }
    }),
  );
});
