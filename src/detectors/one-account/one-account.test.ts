import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { run } from "../../../test/support/detecting.ts";
import {
  DAY,
  HOUR,
  MINUTE,
  at,
  failure,
  inOrder,
  member,
  ordinaryDays,
  success,
} from "../../../test/support/signins.ts";
import type { SignIn } from "#/signin/signin.ts";
import { defaults, oneAccount } from "./one-account.ts";

const week = inOrder(ordinaryDays(30, 2));
/** An address in an area (/16) of its own. */
const areaAddress = (index: number): string => `${20 + Math.floor(index / 250)}.${index % 250}.7.7`;
const start = at(2);

const proxies = (count: number, account = member(3), from: number = start, gap = 10 * MINUTE): SignIn[] =>
  Array.from({ length: count }, (_, index) => failure(from + index * gap, account, areaAddress(index)));

const inTrouble = (signIn: SignIn): SignIn => ({ ...signIn, reason: "fault" });

test("it speaks up at the eleventh unrelated network on one account within a day, not at the tenth", () => {
  assert.deepEqual(run(oneAccount, [...week, ...proxies(defaults.areasMax)]).found, []);
  const { found } = run(oneAccount, [...week, ...proxies(defaults.areasMax + 1)]);
  assert.equal(found[0]?.kind, "attacked-account");
  assert.equal(found[0].account.name, member(3));
  assert.equal(found[0].why, "member3@example.org was tried 11 times from 11 unrelated networks within 2 h");
});

test("it speaks up once an account and day, and again when the day is over", () => {
  assert.equal(run(oneAccount, [...week, ...proxies(100)]).found.length, 1);
  assert.equal(
    run(oneAccount, [...week, ...proxies(100), ...proxies(100, member(3), start + 2 * DAY)]).found.length,
    2,
  );
});

test("a phone that changes its address within its operator's network is none", () => {
  const phone = Array.from({ length: 200 }, (_, index) =>
    failure(start + index * MINUTE, member(3), `100.64.${index}.9`),
  );
  assert.deepEqual(run(oneAccount, [...week, ...phone]).found, []);
});

test("addresses from which others sign in, and a server's own trouble, do not count", () => {
  const shared = proxies(20).flatMap((signIn, index) => [
    success(signIn.at - 1_000, member(4 + index), signIn.address),
    signIn,
  ]);
  assert.deepEqual(run(oneAccount, [...week, ...shared]).found, []);
  assert.deepEqual(run(oneAccount, [...week, ...proxies(20).map(inTrouble)]).found, []);
});

test("a name that does not exist has nobody to be guessed at", () => {
  assert.deepEqual(run(oneAccount, [...week, ...proxies(50, "invented")]).found, []);
});

test("a guess every few hours is not seen, as its head says", () => {
  assert.deepEqual(run(oneAccount, [...week, ...proxies(60, member(3), start, 3 * HOUR)]).found, []);
});

test("where there is much noise, a popular name may get its share of it", () => {
  const noise = Array.from({ length: 400 }, (_, index) =>
    failure(start + index * 1_000, `invented${index}`, areaAddress(300 + index)),
  );
  const popular = proxies(15, member(3), start + HOUR, MINUTE);
  assert.equal(run(oneAccount, [...week, ...popular]).found.length, 1);
  assert.equal(run(oneAccount, [...week, ...noise, ...popular]).found.length, 0);
});

test("accounts are followed up to the maximum; one past it, the longest followed go", () => {
  const settings = { ...defaults, followedMax: 10 };
  const one = (index: number): SignIn => failure(start + index * 1_000, member(index), areaAddress(index));
  const running = run(oneAccount, [...week, ...Array.from({ length: 10 }, (_, index) => one(index))], settings);
  assert.equal(running.state.followed.size, 10);
  running.add([one(10)]);
  const names = [...running.state.followed.keys()].map(({ name }) => name);
  assert.equal(names.length, 10);
  assert.ok(!names.includes(member(0)) && names.includes(member(1)) && names.includes(member(10)));
});

test("the networks kept for an account stop at a thousand", () => {
  const { state } = run(oneAccount, [...week, ...proxies(1_001, member(3), start, 1_000)]);
  assert.deepEqual(
    [...state.followed.values()].map(({ areas }) => [areas.size, [...areas.values()].at(-1)?.failures]),
    [[1_000, 1]],
  );
});

test("within one day, more guesses never make it speak up later", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(80), { minLength: 1, maxLength: 40 }), fc.nat(80), (areas, extra) => {
      const spoken = (list: readonly number[]): number => {
        const tries = [...list]
          .sort((left, right) => left - right)
          .map((area) => failure(start + area * MINUTE, member(3), areaAddress(area)));
        return run(oneAccount, [...ordinaryDays(5, 1), ...tries]).found[0]?.at ?? Number.POSITIVE_INFINITY;
      };
      assert.ok(spoken([...areas, extra]) <= spoken(areas));
    }),
  );
});

test("a stray failure before hides nothing: the window slides", () => {
  const stray = failure(start - 20 * HOUR, member(3), areaAddress(200));
  const guesses = proxies(defaults.areasMax + 1, member(3), start, 20 * MINUTE);
  for (const hoursBefore of [1, 10, 20, 23]) {
    const { found } = run(oneAccount, [...week, { ...stray, at: at(2, -hoursBefore) }, ...guesses]);
    assert.equal(found.length, 1, `${hoursBefore} h before`);
  }
});
