import assert from "node:assert/strict";
import { test } from "node:test";
import {
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
import type { Fallen } from "./conclusion.ts";

const ATTACKER = "203.0.113.9";
const week = ordinaryDays(100, 14);

/** Tries on members 0 to 59 from one address. */
const spray = Array.from({ length: 60 }, (_, index) => failure(at(5, 3) + index * 30_000, member(index), ATTACKER));
const hit = success(at(5, 4), member(70), ATTACKER);
const fallen = (...parts: readonly SignIn[][]): Fallen[] =>
  judge(inOrder(week, ...parts)).campaigns.flatMap((campaign) => campaign.fallen);

test("an account that the attacker's address opened has fallen, and its reasons have the numbers", () => {
  const [one, ...others] = fallen(spray, [hit]);
  assert.deepEqual(others, []);
  assert.equal(one?.account, member(70));
  assert.equal(one.at, hit.at);
  assert.equal(one.address, ATTACKER);
  assert.equal(one.confidence, "confirmed");
  assert.equal(
    one.why,
    "signed in from 203.0.113.9, which failed on 60 other accounts, " +
      "from where this account had not signed in before (it is known from 1 other network)",
  );
});

test("failures on the account itself are told, and whether the success came after them", () => {
  assert.match(fallen(spray, [success(at(5, 4), member(3), ATTACKER)])[0]?.why ?? "", /, after 1 failure on this one,/);
  const on = failure(at(5, 5), member(3), ATTACKER);
  assert.match(
    fallen(spray, [success(at(5, 4), member(3), ATTACKER), on])[0]?.why ?? "",
    /among 2 failures on this one/,
  );
});

test("an account that is opened at the fortieth guess from one address has fallen", () => {
  const guesses = Array.from({ length: 40 }, (_, index) => failure(at(5, 3) + index * 2_000, member(7), ATTACKER));
  const [one] = fallen(guesses, [success(at(5, 3, 2), member(7), ATTACKER)]);
  assert.equal(one?.account, member(7));
  assert.equal(one.confidence, "confirmed");
});

test("who signs in elsewhere while the campaign runs has not fallen", () => {
  assert.deepEqual(fallen(spray, [success(at(5, 3, 5), member(80), "192.0.2.80")]), []);
});

test("an owner whom the address was familiar to has not fallen", () => {
  const before = [0, 1, 2].map((day) => success(at(day, 10), member(70), "203.0.113.40"));
  assert.deepEqual(fallen(before, spray, [hit]), []);
});

test("an account that the address opens days after its guesses has fallen too", () => {
  assert.equal(fallen(spray, [success(at(11, 3), member(70), ATTACKER)]).length, 1);
});

test("the earliest opening of an account counts, and accounts come in the order in which they fell", () => {
  const two = [success(at(5, 4, 30), member(71), ATTACKER), hit, success(at(5, 5), member(70), ATTACKER)];
  assert.deepEqual(
    fallen(spray, two).map((one) => [one.account, one.at]),
    [
      [member(70), at(5, 4)],
      [member(71), at(5, 4, 30)],
    ],
  );
});

/** Every member has a client of their own kind; a low and slow spray has another; one of its tries hits. */
const KIT = "GuessKit/1";
const withClients = week.map((signIn) => Object.assign({}, signIn, { client: `Mail/${signIn.account.length}` }));
const slow = (client: string): SignIn[] =>
  Array.from({ length: 90 }, (_, index) =>
    failure(at(5, 1) + index * 8 * MINUTE, member(index), stranger(index), "bad-password", { client }),
  );
const opening = (client: string): SignIn => success(at(5, 6), member(95), stranger(150), { client });
const fallenAmong = (client: string, campaign: string): Fallen[] =>
  judge(inOrder(withClients, slow(campaign), [opening(client)])).campaigns.flatMap((one) => one.fallen);

test("where every guess has an address of its own, the one that hits is known by the campaign's client, and only suspected", () => {
  const [one, ...others] = fallenAmong(KIT, KIT);
  assert.deepEqual(others, []);
  assert.equal(one?.account, member(95));
  assert.equal(one.confidence, "suspected");
  assert.match(one.why, /with the client that the campaign uses \(GuessKit\/1\)/);
});

test("another client's sign-in from a new place has not fallen, and neither has one with a client that members use", () => {
  assert.deepEqual(fallenAmong("Mail/other", KIT), []);
  assert.deepEqual(fallenAmong("Mail/19", "Mail/19"), []);
});

test("a guess that hits from a fresh address of the campaign's own network has fallen, from a network that others use too it has not", () => {
  const guesses = Array.from({ length: 90 }, (_, index) =>
    failure(at(5, 1) + index * 8 * MINUTE, member(index), `203.0.113.${1 + index}`),
  );
  const fresh = success(at(5, 6), member(95), "203.0.113.250");
  const [one, ...others] = fallen(guesses, [fresh]);
  assert.deepEqual(others, []);
  assert.equal(one?.account, member(95));
  assert.match(one.why, /in the network that 90 addresses of the campaign guessed from/);
  const sixes = guesses.map((signIn, index) => ({ ...signIn, address: `2001:db8:1:2::${(index + 1).toString(16)}` }));
  assert.equal(fallen(sixes, [{ ...fresh, address: "2001:db8:1:2::ff" }]).length, 1);
  const few = slow("").map((signIn, index) => (index < 10 ? { ...signIn, address: `203.0.113.${1 + index}` } : signIn));
  const guests = Array.from({ length: 4 }, (_, index) =>
    success(at(4, 9), `guest${index}`, `203.0.113.${200 + index}`),
  );
  assert.equal(fallen(few, [fresh]).length, 1);
  assert.deepEqual(fallen(few, guests, [fresh]), []);
});

test("a sign-in from a campaign's address is told however late, after a week as suspected only, whatever the kind of campaign", () => {
  const loud = fallen(spray, [success(at(13, 4), member(70), ATTACKER)]);
  const quiet = fallen(slow(""), [success(at(13, 4), member(95), stranger(7))]);
  for (const found of [loud, quiet]) {
    assert.equal(found.length, 1);
    assert.equal(found[0]?.confidence, "suspected");
    assert.match(found[0]?.why ?? "", /8 days after the campaign's last attempt/);
  }
  const soon = fallen(slow(""), [success(at(9, 4), member(95), stranger(7))]);
  assert.equal(soon[0]?.confidence, "probable");
});

test("an address that signed in days before it began to guess was the attacker's already, most likely", () => {
  const [own, ...others] = fallen([success(at(2, 4), member(70), ATTACKER)], spray);
  assert.deepEqual(others, []);
  assert.equal(own?.confidence, "suspected");
  assert.match(own.why, /3 days before the campaign's first attempt/);
});
