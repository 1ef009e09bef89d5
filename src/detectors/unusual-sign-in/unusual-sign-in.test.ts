import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../../../test/support/detecting.ts";
import {
  DAY,
  MINUTE,
  at,
  failure,
  inOrder,
  member,
  ordinaryDays,
  stranger,
  success,
} from "../../../test/support/signins.ts";
import type { SignIn } from "#/signin/signin.ts";
import { probabilityOf, scoreOf } from "./score.ts";
import { challengeAt, defaults, thievesPerDay, unusualSignIn } from "./unusual-sign-in.ts";

const everything = { ...defaults, askAt: 0 };
const own = (index: number): string => `Mail ${index % 4}`;
const named = (signIns: readonly SignIn[]): SignIn[] =>
  signIns.map((signIn) => ({ ...signIn, client: own(Number(/\d+/.exec(signIn.account)?.[0] ?? 0)) }));
const week = named(ordinaryDays(100, 10));
/** A few members move to places of others: what is usual. */
const moves = named(
  Array.from({ length: 20 }, (_, index) => success(at(4 + (index % 4), 9), member(index), `198.18.${index + 100}.99`)),
);
/** Guesses with a tool, one address each. */
const guesses = Array.from({ length: 60 }, (_, index) =>
  failure(at(8, 2) + index * 6 * MINUTE, member(index), stranger(index), "bad-password", { client: "tool" }),
);

/** The log-odds of one sign-in after all that. */
function score(signIn: SignIn, before: readonly SignIn[] = inOrder(week, moves, guesses)): number {
  const { state } = run(unusualSignIn, inOrder([...before], [signIn]), everything);
  const found = state.kept.find(({ pair }) => pair.origin.address === signIn.address);
  assert.ok(found, "not scored");
  return found.logOdds;
}

const away = (address: string, client: string, when: number = at(9, 3)): SignIn =>
  success(when, member(50), address, { client });

test("with a client that strangers use and the account never used, a sign-in is a thief's more than with its own", () => {
  const withOwn = score(away("203.0.113.5", own(50)));
  const withAnothers = score(away("203.0.113.5", own(51)));
  const withTool = score(away("203.0.113.5", "tool"));
  assert.ok(withOwn < withAnothers && withAnothers < withTool, `${withOwn} ${withAnothers} ${withTool}`);
});

test("from where members sign in it is less a thief's than from where nobody does, and least from near its own network", () => {
  const nowhere = score(away("203.0.113.5", own(50)));
  // Everybody's homes are in 198.18, and near member 50's.
  const near = score(away("198.18.222.5", own(50)));
  assert.ok(near < nowhere - 1, `${near} ${nowhere}`);
});

test("from around where strangers failed it is more a thief's, but what its own address did says nothing of that", () => {
  const quiet = score(away("203.0.113.5", own(50)));
  const around = Array.from({ length: 6 }, (_, index) =>
    failure(at(8, 3, index), member(70 + index), `203.0.${index}.9`, "bad-password", { client: "tool" }),
  );
  assert.ok(score(away("203.0.113.5", own(50)), inOrder(week, moves, guesses, around)) > quiet + 0.5);
  const itself = around.map((signIn) => ({ ...signIn, address: "203.0.113.5" }));
  assert.ok(score(away("203.0.113.5", own(50)), inOrder(week, moves, guesses, itself)) < quiet + 0.5);
});

test("more guesses with a client never make a thief with it less likely", () => {
  const few = score(away("203.0.113.5", "tool"), inOrder(week, moves, guesses.slice(0, 10)));
  const more = score(away("203.0.113.5", "tool"), inOrder(week, moves, guesses.slice(0, 30)));
  assert.ok(more >= few - 0.05, `${few} ${more}`);
});

test("who moves about a lot is less suspected of it than who never did", () => {
  const roaming = Array.from({ length: 10 }, (_, index) =>
    success(at(index % 8, 20), member(50), `192.${index + 1}.2.2`, { client: own(50) }),
  );
  assert.ok(
    score(away("203.0.113.5", own(50)), inOrder(week, moves, roaming)) < score(away("203.0.113.5", own(50))) - 1,
  );
});

test("sign-ins at home, failures, further ones from the same place and a log's first days are not scored", () => {
  assert.deepEqual(run(unusualSignIn, ordinaryDays(100, 10), everything).state.kept, []);
  const twice = [
    away("203.0.113.5", own(50)),
    away("203.0.113.5", own(50), at(9, 4)),
    away("203.0.113.6", own(50), at(9, 5)),
  ];
  assert.equal(run(unusualSignIn, inOrder(week, twice), everything).state.kept.length, 1);
});

test("an account that signs in for the first time is scored once the log has got to know the others", () => {
  const late = run(unusualSignIn, inOrder(week, [success(at(9, 3), "dormant@example.org", "203.0.113.5")]), everything);
  assert.equal(late.state.kept.length, 1);
  const early = run(unusualSignIn, inOrder(week, [success(at(2), "early@example.org", "203.0.113.5")]), everything);
  assert.equal(early.state.kept.length, 0);
});

test("asking changes nothing, and the same question has the same answer", () => {
  const { state, familiarity } = run(unusualSignIn, inOrder(week, moves, guesses), everything);
  const account = familiarity.accounts.get(member(50));
  assert.ok(account);
  const contact = {
    at: at(9, 3),
    account,
    network: "203.0.113",
    area: "203.0",
    familiar: 0,
    sharers: 0,
    neighbours: 0,
    addressFailed: 0,
    client: "tool",
    isStrangeClient: true,
  } as const;
  const before = JSON.stringify(state.site, (_, value: unknown) => (value instanceof Map ? [...value] : value));
  const first = scoreOf(contact, state.site, defaults);
  assert.equal(scoreOf(contact, state.site, defaults), first);
  assert.equal(
    JSON.stringify(state.site, (_, value: unknown) => (value instanceof Map ? [...value] : value)),
    before,
  );
});

test("the probability rises with the score and with the thieves about", () => {
  const some = thievesPerDay(defaults, 0.01, 0);
  assert.ok(Math.abs(some * 7 - 0.01) < 1e-12);
  assert.ok(probabilityOf(3, some) < probabilityOf(5, some));
  assert.ok(probabilityOf(5, some) < probabilityOf(5, 2 * some));
  assert.ok(thievesPerDay(defaults, 0.01, 7 * DAY) < some);
});

test("no more sign-ins are challenged than the share that the settings allow", () => {
  const many = inOrder(week, moves, guesses);
  const { state } = run(unusualSignIn, many, everything);
  const limits = [0.001, 0.003, 0.01, 0.5].map((challengedMax) => {
    const limit = challengeAt(state, { ...defaults, challengedMax });
    const challenged = state.kept.filter(({ logOdds }) => logOdds >= limit).length;
    assert.ok(challenged <= challengedMax * state.successes, `${challenged}`);
    return limit;
  });
  assert.deepEqual(
    limits,
    limits.toSorted((left, right) => right - left),
  );
  assert.equal(limits.at(-1), Number.NEGATIVE_INFINITY);
});

test("however many sign in, no more are kept than the maximum", () => {
  const crowd = Array.from({ length: 60 }, (_, index) => success(at(9, 3) + index, member(index), stranger(index)));
  assert.equal(run(unusualSignIn, inOrder(week, crowd), { ...everything, keptMax: 60 }).state.kept.length, 60);
  assert.ok(run(unusualSignIn, inOrder(week, crowd), { ...everything, keptMax: 20 }).state.kept.length <= 20);
});
