import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { run } from "../../../test/support/detecting.ts";
import {
  DAY,
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
import { type Settings, decoy, defaults } from "./decoy.ts";

const STRANGER = "203.0.113.9";
const set: Settings = { ...defaults, names: ["K.Vance", "archive@example.org"] };
const week = inOrder(ordinaryDays(30, 3));
const attempt = (minute: number, account: string, address = STRANGER): SignIn =>
  failure(at(3, 1, minute), account, address, "unknown-account");
const heldAt = (signIns: readonly SignIn[], address = STRANGER): boolean =>
  run(decoy, [...week, ...signIns], set).familiarity.origins.get(address)?.held !== undefined;

describe("a decoy", () => {
  test("is known with and without its domain, in capitals or not, and nothing else is", () => {
    for (const name of ["k.vance", "k.vance@example.org", "archive@example.org"])
      assert.equal(run(decoy, [...week, attempt(0, name)], set).found.length, 1, name);
    for (const name of ["vance", "archive", "archive@other.example", "k.vance2", "", member(1)])
      assert.deepEqual(run(decoy, [...week, attempt(0, name)], set).found, [], name);
  });

  test("makes a strange address an attacker at its first try, told once", () => {
    const { found, familiarity } = run(
      decoy,
      [...week, attempt(0, "k.vance"), attempt(1, "k.vance"), attempt(2, "archive@example.org")],
      set,
    );
    assert.deepEqual(
      found.map(({ kind }) => kind),
      ["decoy"],
    );
    assert.equal(familiarity.origins.get(STRANGER)?.held?.at, at(3, 1));
  });

  test("mistyped once where members sign in is a remark, by an office's address or beside it", () => {
    for (const address of [home(3), home(3).replace(/\d+$/, "200")]) {
      const { found } = run(decoy, [...week, attempt(0, "k.vance", address)], set);
      assert.match(found[0]?.kind === "decoy" ? found[0].why : "", /may have mistyped/);
      assert.ok(!heldAt([attempt(0, "k.vance", address), attempt(9, "k.vance", address)], address));
    }
  });

  test("and another within a day are no slips, from anywhere; days apart they are", () => {
    assert.ok(heldAt([attempt(0, "k.vance", home(3)), attempt(5, "archive@example.org", home(3))], home(3)));
    const later = { ...attempt(0, "archive@example.org", home(3)), at: success(at(3) + 2 * DAY, "", "").at };
    assert.ok(!heldAt([attempt(0, "k.vance", home(3)), later], home(3)));
  });

  test("mistyped in a new place is taken back when its owner gets in there", () => {
    assert.ok(!heldAt([attempt(0, "k.vance"), success(at(3, 1, 1), "k.vanced@example.org", STRANGER)]));
    assert.ok(heldAt([attempt(0, "k.vance"), success(at(3, 1, 1), member(3), STRANGER)]));
  });

  test("that is opened is told, and makes an attacker of an address where members sign in", () => {
    const hit = success(at(3, 1), "k.vance", home(3));
    assert.ok(heldAt([hit], home(3)));
    const { found, state } = run(decoy, [...week, attempt(0, "k.vance"), success(at(3, 2), "k.vance", STRANGER)], set);
    assert.equal(found.length, 2);
    assert.deepEqual(
      [...state.tried.values()].map(({ opened }) => opened.length),
      [1],
    );
  });
});

test("with none set, nothing is looked at", () => {
  const { found, state } = run(decoy, [...week, attempt(0, "k.vance")]);
  assert.deepEqual([found.length, state.tried.size], [0, 0]);
});

test("addresses are kept up to the maximum, and no further", () => {
  const many = Array.from({ length: 200 }, (_, index) => ({
    ...attempt(0, "k.vance", `198.51.100.${index % 250}`),
    at: success(at(3) + index * MINUTE, "", "").at,
  }));
  const { state } = run(decoy, [...week, ...many], { ...set, originsMax: 10 });
  assert.equal(state.tried.size, 10);
});

test("the order of ties is irrelevant, and one more try never acquits", () => {
  const tries = [attempt(0, "k.vance"), attempt(0, "archive@example.org"), attempt(0, "nobody"), attempt(0, member(3))];
  fc.assert(
    fc.property(fc.shuffledSubarray(tries, { minLength: 1 }), (some) => {
      const tried = some.some(({ account }) => account === "k.vance" || account === "archive@example.org");
      assert.equal(heldAt(some), tried);
    }),
    { numRuns: 50 },
  );
});
