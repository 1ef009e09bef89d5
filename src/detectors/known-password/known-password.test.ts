import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../../../test/support/detecting.ts";
import {
  HOUR,
  MINUTE,
  at,
  failure,
  home,
  inOrder,
  member,
  ordinaryDays,
  success,
} from "../../../test/support/signins.ts";
import type { SignIn } from "#/signin/signin.ts";
import { defaults, knownPassword } from "./known-password.ts";

const STRANGER = "203.0.113.9";
const week = inOrder(ordinaryDays(30, 3));
const refused = (count: number, gap: number, address = STRANGER, account = member(3)): SignIn[] =>
  Array.from({ length: count }, (_, index) => failure(at(3, 1) + index * gap, account, address, "second-factor"));

test("the tenth refusal within an hour is told, not the ninth, and not ten in half a day", () => {
  assert.deepEqual(run(knownPassword, [...week, ...refused(9, MINUTE)]).found, []);
  const [found] = run(knownPassword, [...week, ...refused(10, MINUTE)]).found;
  assert.equal(found?.kind, "second-factor-fatigue");
  assert.equal(found.account.name, member(3));
  assert.deepEqual(run(knownPassword, [...week, ...refused(40, HOUR / 2)]).found, []);
});

test("it speaks up once an hour, whatever addresses they come from", () => {
  const many = refused(50, MINUTE).map((signIn, index) => ({ ...signIn, address: `203.0.113.${index}` }));
  assert.equal(run(knownPassword, [...week, ...many]).found.length, 1);
});

test("from where the account signs in, a refused second factor is a slip", () => {
  const { state, found } = run(knownPassword, [...week, ...refused(40, MINUTE, home(3))]);
  assert.deepEqual(found, []);
  assert.equal(state.refused.size, 0);
});

test("a traveller who gets in a minute later is no stranger", () => {
  const { state } = run(knownPassword, [...week, ...refused(2, MINUTE), success(at(3, 1, 5), member(3), STRANGER)]);
  assert.equal(state.refused.size, 0);
});

test("pairs are kept up to the maximum; one past it, the oldest tenth goes", () => {
  const settings = { ...defaults, pairsMax: 10 };
  const one = (index: number): SignIn => failure(at(3) + index, member(index), `203.0.113.${index}`, "second-factor");
  const running = run(knownPassword, [...week, ...Array.from({ length: 10 }, (_, index) => one(index))], settings);
  assert.equal(running.state.refused.size, 10);
  running.add([one(10)]);
  const names = [...running.state.refused.keys()].map(({ account }) => account.name);
  assert.deepEqual([names.length, names[0]], [10, member(1)]);
});
