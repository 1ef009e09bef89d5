import assert from "node:assert/strict";
import { test } from "node:test";
import { at, failure, judge, member, ordinaryDays, stranger, success } from "../../test/support/signins.ts";
import { emptyObservation } from "#/familiarity/empty-observation.ts";
import { Familiarity, defaults } from "#/familiarity/familiarity.ts";
import type { SignIn } from "#/signin/signin.ts";
import { newGroup } from "./group.ts";
import { Judge } from "./judge.ts";
import { classify, explainKind, explainSecondFactor } from "./kinds.ts";

/** `perAccount` tries on each of `accounts` accounts, the first `existing` of which exist. */
function tries(accounts: number, perAccount: number, existing: number, from = stranger): SignIn[] {
  return Array.from({ length: accounts }, (_, index) =>
    Array.from({ length: perAccount }, (__, turn) =>
      failure(at(2) + (turn * accounts + index) * 1_000, index < existing ? member(index) : `x${index}`, from(index)),
    ),
  ).flat();
}

/** A group of all that failed, with the members known from the day before. */
function groupOf(signIns: readonly SignIn[]): ReturnType<typeof newGroup> {
  const familiarity = new Familiarity(defaults, () => true);
  const seen = emptyObservation();
  for (const signIn of [...ordinaryDays(100, 1), ...signIns]) familiarity.observe(signIn, seen);
  const addresses = new Set(signIns.map(({ address }) => address));
  const pairs = [...familiarity.origins.values()]
    .filter(({ address }) => addresses.has(address))
    .flatMap((origin) => [...origin.pairs.values()]);
  const group = newGroup(pairs, 0, "", true);
  return { ...group, kind: classify(group, false) };
}
const kindOf = (signIns: readonly SignIn[]): string => groupOf(signIns).kind;
const told = (signIns: readonly SignIn[], origins = 1): string => {
  const group = groupOf(signIns);
  return explainKind(
    group,
    origins,
    new Set(signIns.map(({ account }) => account)).size,
    signIns.length,
    new Judge(),
  ).join(" ");
};

test("few tries on many existing accounts are spraying, five accounts being the fewest", () => {
  assert.equal(kindOf(tries(60, 1, 60)), "password-spraying");
  assert.equal(kindOf(tries(60, 4, 60)), "password-spraying");
  assert.equal(kindOf(tries(5, 1, 5)), "password-spraying");
  assert.equal(kindOf(tries(4, 1, 4)), "password-guessing");
});

test("many tries on each of a few accounts are guessing", () => {
  assert.equal(kindOf(tries(1, 300, 1)), "password-guessing");
  assert.equal(kindOf(tries(19, 10, 19)), "password-guessing");
  assert.equal(kindOf(tries(19, 9, 19)), "password-spraying");
});

test("one account tried far more than all the rest is guessing", () => {
  assert.equal(kindOf([...tries(60, 1, 60), ...tries(1, 100, 1)]), "password-guessing");
});

test("each account once, many of which are not ours, is a leaked list", () => {
  assert.equal(kindOf(tries(100, 1, 60)), "credential-stuffing");
  assert.equal(kindOf(tries(100, 1, 70)), "password-spraying", "a few departed members are in every address book");
  assert.equal(kindOf(tries(100, 2, 60)), "password-spraying", "pairs are tried once");
});

test("a list that hits more often than a guess would is leaked, with fewer unknown names", () => {
  const hits = [0, 1].map((index) => success(at(2, 0, 1), member(index), stranger(index)));
  assert.equal(kindOf(tries(100, 1, 75)), "password-spraying");
  const openedAtOnce = tries(100, 1, 75).slice(2);
  assert.equal(kindOf([...openedAtOnce, ...hits]), "credential-stuffing");
});

test("a list of names that hardly exist is guessing", () => {
  assert.equal(kindOf(tries(100, 3, 10)), "password-guessing");
});

test("the sentences say how much, on whom, from where, and what it looks like", () => {
  const spray = told(tries(60, 1, 60), 60);
  assert.match(spray, /^60 attempts on 60 accounts from 60 addresses in 59 s, 1\.0 per address/);
  assert.match(spray, /all of the names are known to exist\), as when a few common passwords are tried on everybody/);
  assert.match(
    told(tries(1, 300, 1)),
    /300 attempts on 1 account from 1 address .*as when passwords are guessed one after the other/,
  );
  assert.match(told(tries(100, 1, 60)), /exactly once \(60% of the names are known to exist\), as when a list/);
  assert.match(told(tries(100, 3, 10)), /in turn \(10% of the names are known to exist\), as when both are guessed/);
});

test("one account tried far more than the others is not told as guessed names", () => {
  assert.doesNotMatch(told([...tries(60, 1, 60), ...tries(1, 100, 1)]), /both are guessed/);
});

test("that a name does not exist is said only where a server says so", () => {
  const silent = tries(100, 1, 0);
  assert.match(told(silent), /nothing says which of the names exist/);
  assert.match(told(tries(1, 300, 0)), /1 account \(nothing says whether it exists\)/);
  const denied = silent.map((signIn): SignIn => ({ ...signIn, reason: "unknown-account" }));
  assert.match(told(denied), /the server says that none of the names exists/);
  assert.doesNotMatch(told(tries(100, 1, 60)), /not exist/);
  const half = [...tries(100, 1, 50).slice(0, 50), ...denied.slice(50)];
  assert.match(told(half), /50% of the names are known to exist; the server says of 50% that they do not/);
});

test("what was seen in an hour is compared with an hour, and with no day", () => {
  const group = groupOf(tries(60, 1, 60));
  group.usualPerDay = 48;
  group.to = group.from + 3_600_000;
  const sentences = explainKind(group, 60, 60, 60, new Judge()).join(" ");
  assert.match(sentences, /60 pairs of account and address in that time; about 2 would be usual/);
  assert.doesNotMatch(sentences, /a day/);
});

test("an attacker who was held at the second factor only is told to have had the right password", () => {
  const [first, second, ...others] = tries(60, 1, 60);
  assert.ok(first !== undefined && second !== undefined);
  const held: SignIn = { ...first, reason: "second-factor" };
  const unnamed: SignIn = { ...second, reason: "second-factor", account: "" };
  const sentences = explainSecondFactor(groupOf([held, unnamed, ...others])).join(" ");
  assert.match(sentences, /^1 account held at the second factor only/);
  assert.match(sentences, /From 1 address the second factor of an account that the log does not name/);
  assert.deepEqual(explainSecondFactor(groupOf(others)), []);
  const { campaigns } = judge([...ordinaryDays(100, 2), held, ...others]);
  assert.deepEqual(
    campaigns[0]?.targets.filter(({ knewPassword }) => knewPassword).map(({ account }) => account),
    [held.account],
  );
});

test("where no success is logged, it says that the fallen cannot be named", () => {
  const [campaign] = judge(
    Array.from({ length: 40 }, (_, index) => failure(at(0) + index * 2_000, "root", "203.0.113.9")),
  ).campaigns;
  assert.ok(campaign?.why.some((sentence) => sentence.includes("accounts that fell cannot be named")));
});
