import assert from "node:assert/strict";
import { test } from "node:test";
import {
  MINUTE,
  at,
  failure,
  home,
  inOrder,
  judge,
  ordinaryDays,
  stranger,
  success,
} from "../../test/support/signins.ts";
import { emptyObservation } from "./empty-observation.ts";
import { Familiarity, defaults } from "./familiarity.ts";
import { Familiar } from "./records.ts";
import { OwnDomain } from "./spellings.ts";

const noted = (names: readonly string[]): OwnDomain => {
  const own = new OwnDomain();
  for (const name of names) own.note(name);
  return own;
};
const people = (count: number, domain: string): string[] =>
  Array.from({ length: count }, (_, index) => `p${index}@${domain}`);

test("the own domain is plain from the twentieth account on, where nearly all share it", () => {
  assert.equal(noted(people(19, "example.org")).otherSpelling("anna"), undefined);
  const own = noted(people(20, "example.org"));
  assert.equal(own.otherSpelling("anna"), "anna@example.org");
  assert.equal(own.otherSpelling("anna@example.org"), "anna");
  assert.equal(own.otherSpelling("anna@example.net"), undefined);
  assert.equal(own.otherSpelling(""), undefined);
  assert.equal(own.otherSpelling("@example.org"), undefined);
});

test("a server of two domains has none of its own, whichever came first", () => {
  const mixed = noted([...people(40, "example.org"), ...people(40, "example.net")]);
  assert.equal(mixed.otherSpelling("anna"), undefined);
});

test("one domain among a few strays is found wherever it comes in the order", () => {
  const names = [...people(1, "example.net"), ...people(60, "example.org"), ...people(2, "example.com")];
  assert.equal(noted(names).otherSpelling("anna"), "anna@example.org");
});

test("a network that both spellings knew was used last when the later of them used it", () => {
  const familiarity = new Familiarity(defaults, () => true);
  const into = emptyObservation();
  const name = "p1@example.org";
  // The names sign in one by one; the domain is plain with the last of them.
  familiarity.observe(success(at(0), "p1", "192.0.2.7"), into);
  familiarity.observe(success(at(80), name, "192.0.2.7"), into);
  familiarity.observe(success(at(1), "p2", "192.0.2.7"), into);
  familiarity.observe(success(at(0), "p2@example.org", "192.0.2.7"), into);
  for (let index = 3; index <= 21; index += 1)
    familiarity.observe(success(at(80), `p${index}@example.org`, home(index)), into);
  for (const account of ["p1", "p2"]) {
    const known = familiarity.find(account)?.networks;
    assert.deepEqual(
      known?.map(({ first, last }) => [first, last]),
      [[at(0), account === "p1" ? at(80) : at(1)]],
    );
  }
});

const site = inOrder(ordinaryDays(60, 5));
const bare = (index: number): string => `member${index}`;

test("what is usual for one spelling is usual for the other, before and after the domain is plain", () => {
  const familiarity = new Familiarity(defaults, () => true);
  const into = emptyObservation();
  familiarity.observe(success(at(0, 1), bare(1), "192.0.2.7"), into);
  for (const signIn of site) familiarity.observe(signIn, into);
  familiarity.observe(failure(at(5), bare(1), home(1)), into);
  assert.equal(into.familiar, Familiar.address);
  assert.equal(into.account.name, "member1@example.org");
  assert.equal(into.pair.name, "member1@example.org", "at home it signs in with the domain");
  familiarity.observe(failure(at(5), "member1@example.org", "192.0.2.8"), into);
  assert.equal(into.familiar, Familiar.network, "where only the other spelling had signed in");
  assert.equal(familiarity.accounts.size, 60);
});

test("people who leave out the domain on a new telephone, and then do not, are neither guessed at nor fallen", () => {
  const rollout = Array.from({ length: 60 }, (_, index) => [
    failure(at(5, 8) + index * MINUTE, bare(index), stranger(index), "unknown-account"),
    failure(at(5, 8) + index * MINUTE + 20_000, bare(index), stranger(index), "unknown-account"),
    success(at(5, 8) + index * MINUTE + 90_000, `${bare(index)}@example.org`, stranger(index)),
  ]).flat();
  assert.equal(judge(inOrder(site, rollout)).kind, "quiet");
});

test("a spray that writes the names otherwise hits the accounts all the same, and the fall is told", () => {
  const spray = Array.from({ length: 40 }, (_, index) =>
    index === 30
      ? success(at(5, 2) + index * MINUTE, bare(index), "203.0.113.9")
      : failure(at(5, 2) + index * MINUTE, bare(index), "203.0.113.9"),
  );
  const [campaign] = judge(inOrder(site, spray)).campaigns;
  assert.ok(campaign?.targets.every(({ exists }) => exists));
  assert.deepEqual(
    campaign?.fallen.map(({ account }) => account),
    ["member30"],
  );
});

test("it does not matter which spelling came first, and what was only tried is told as it was written", () => {
  const tried = ["member7", "root"].map((name) => failure(at(0, 1), name, "203.0.113.9"));
  const spray = Array.from({ length: 20 }, (_, index) =>
    failure(at(0, 2) + index * MINUTE, bare(index), "203.0.113.9"),
  );
  const names = (signIns: Parameters<typeof judge>[0]): Set<string> =>
    new Set(judge(signIns).campaigns.flatMap(({ targets }) => targets.map(({ account }) => account)));
  const first = names([...tried, ...spray, ...site]);
  assert.ok(first.has("member7") && first.has("root") && !first.has("root@example.org"));
  const last = names(
    [...site, ...tried, ...spray].map((signIn, index) => ({ ...signIn, at: at(0) + index * 1_000 }) as typeof signIn),
  );
  assert.deepEqual(last, first);
});
