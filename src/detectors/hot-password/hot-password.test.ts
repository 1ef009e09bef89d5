import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { run } from "../../../test/support/detecting.ts";
import {
  DAY,
  HOUR,
  MINUTE,
  at,
  failure,
  home,
  inOrder,
  member,
  ordinaryDays,
  stranger,
  success,
} from "../../../test/support/signins.ts";
import type { SignIn } from "#/signin/signin.ts";
import { hotPassword } from "./hot-password.ts";
import { type Settings, defaults } from "./settings.ts";

/** Ordinary days on which every password has its fingerprint: right ones the account's, slips all different. */
const days = ordinaryDays(60, 8).map((signIn, index) => ({
  ...signIn,
  passwordFingerprint: signIn.outcome === "success" ? `own ${signIn.account}` : `slip ${index}`,
}));
const week = inOrder(days);
const START = at(8, 1);

const guess = (index: number, gap: number, more: Partial<SignIn> = {}): SignIn =>
  failure(START + index * gap, member(index), stranger(index), "bad-password", { passwordFingerprint: "hot", ...more });
const spray = (count: number, gap: number): SignIn[] => Array.from({ length: count }, (_, index) => guess(index, gap));
const guessesUntilFound = (guesses: readonly SignIn[], before: readonly SignIn[] = week): number => {
  const running = run(hotPassword, before);
  for (const [index, one] of guesses.entries()) {
    running.add([one]);
    if (running.found.length > 0) return index + 1;
  }
  return Number.POSITIVE_INFINITY;
};

describe("one password on account after account", () => {
  test("is found at the third to fifth guess, at any pace", () => {
    for (const gap of [1_000, 10 * MINUTE, HOUR, DAY]) {
      const guesses = guessesUntilFound(spray(8, gap));
      assert.ok(guesses >= 3 && guesses <= 5, `${guesses} guesses, ${gap} ms apart`);
    }
  });

  test("is found once, with all who tried it and who got in with it", () => {
    const hit = success(START + 9 * HOUR, member(9), stranger(9), { passwordFingerprint: "hot" });
    const { found, state } = run(hotPassword, [...week, ...spray(9, HOUR), hit]);
    assert.equal(found.length, 1);
    assert.deepEqual(
      state.hot.map(({ tries, opened }) => [tries.size, [...opened.keys()].map(({ account }) => account.name)]),
      [[9, [member(9)]]],
    );
  });

  test("is another campaign after a window in which nobody tried it", () => {
    const later = spray(6, HOUR).map((one) => ({ ...one, at: at(20), account: one.account }));
    const again = later.map((one, index) => ({ ...one, at: at(20, index), address: stranger(index + 40) }));
    const { found } = run(hotPassword, [...week, ...spray(6, HOUR), ...again]);
    assert.equal(found.length, 2);
  });

  test("is told without the password's fingerprint", () => {
    const print = "9c1185a5c5e9fc54";
    const [found] = run(hotPassword, [
      ...week,
      ...spray(8, HOUR).map((one) => ({ ...one, passwordFingerprint: print })),
    ]).found;
    assert.equal(found?.kind, "hot-password");
    assert.ok(!found.why.includes(print.slice(0, 4)), found.why);
  });
});

describe("what could be mistaken for it", () => {
  const quiet = (signIns: readonly SignIn[], before: readonly SignIn[] = week): void =>
    assert.deepEqual(run(hotPassword, inOrder([...before, ...signIns])).found, []);

  test("a household or an office where everybody tries one shared password", () => {
    quiet(Array.from({ length: 20 }, (_, index) => guess(index, MINUTE, { address: `203.0.113.${1 + (index % 8)}` })));
  });

  test("a device that goes on with an old password, wherever it goes", () => {
    quiet(Array.from({ length: 50 }, (_, index) => guess(index, 10 * MINUTE, { account: member(3) })));
  });

  test("a mistake that many make at home, and some of them elsewhere", () => {
    const usual = Array.from({ length: 40 }, (_, index) =>
      failure(at(8) + index * MINUTE, member(index), home(index), "bad-password", { passwordFingerprint: "hot" }),
    );
    quiet([...usual, ...Array.from({ length: 6 }, (_, index) => guess(index + 45, HOUR))]);
  });

  test("people on a journey who make the mistake that they make at home, or get in a minute later", () => {
    const atHome = [0, 1, 2, 3, 4].map((index) => ({
      ...guess(index, MINUTE),
      at: at(7, 20, index),
      address: home(index),
    }));
    quiet([...atHome, ...spray(5, HOUR)]);
    const mended = spray(6, HOUR).flatMap((one) => [
      one,
      {
        ...one,
        at: at(8, 1),
        outcome: "success" as const,
        reason: "" as const,
        passwordFingerprint: `own ${one.account}`,
      },
    ]);
    quiet(mended.map((one, index) => ({ ...one, at: success(START + index * MINUTE, "", "").at })));
  });

  test("a password sync that makes a cohort fail, each with a password of its own", () => {
    quiet(spray(50, MINUTE).map((one) => ({ ...one, passwordFingerprint: `own ${one.account}` })));
  });

  test("the world's favourite, which bots try on everybody's names", () => {
    const bots = Array.from({ length: 400 }, (_, index) =>
      failure(at(1) + index * 25 * MINUTE, `name${index}@example.org`, stranger(index + 60), "unknown-account", {
        passwordFingerprint: index % 20 === 0 ? "hot" : `favourite ${index % 60}`,
      }),
    );
    quiet(spray(5, HOUR), inOrder([...week, ...bots]));
  });

  test("the institution's own fault", () => {
    quiet(spray(20, MINUTE).map((one) => ({ ...one, reason: "fault" })));
  });
});

describe("whatever comes", () => {
  const small: Settings = { ...defaults, fingerprintsMax: 50, triesMax: 200, triesPerPasswordMax: 30, hotMax: 4 };

  test("what is remembered is bounded under invented passwords, names and addresses", () => {
    const invented = Array.from({ length: 5_000 }, (_, index) =>
      failure(
        START + index * 1_000,
        index % 3 === 0 ? member(index % 60) : `n${index}`,
        stranger(index),
        "bad-password",
        {
          passwordFingerprint: index % 2 === 0 ? `p${index}` : `hot ${index % 14}`,
        },
      ),
    );
    const { state } = run(hotPassword, [...week, ...invented], small);
    assert.ok(state.passwords.young.size <= 50 && state.passwords.old.size <= 50);
    assert.ok(state.passwords.kept <= 200, `${state.passwords.kept} kept`);
    assert.ok(state.hot.length <= 4);
    let tries = 0;
    const records = [...state.passwords.young.values(), ...state.passwords.old.values()];
    for (const one of records) tries += one.tries.size + one.opened.size;
    assert.ok(tries <= 200, `${tries} tries`);
  });

  test("the order of ties is irrelevant", () => {
    const guesses = Array.from({ length: 6 }, (_, index) => guess(index, 0));
    const order = fc.shuffledSubarray(guesses, { minLength: guesses.length, maxLength: guesses.length });
    const [expected] = run(hotPassword, [...week, ...guesses]).found;
    assert.ok(expected !== undefined);
    fc.assert(
      fc.property(order, (shuffled) => assert.deepEqual(run(hotPassword, [...week, ...shuffled]).found, [expected])),
      { numRuns: 30 },
    );
  });

  test("one more account never makes it less certain", () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 6 * HOUR }), { minLength: 3, maxLength: 10 });
    fc.assert(
      fc.property(gaps, fc.integer({ min: 0, max: 9 }), (given, more) => {
        let time = START as number;
        const guesses = given.map((gap, index) => ({ ...guess(index, 0), at: success((time += gap), "", "").at }));
        const extra = { ...guess(more + 20, 0), at: START };
        const without = run(hotPassword, [...week, ...guesses]).found.length;
        assert.ok(run(hotPassword, [...week, extra, ...guesses]).found.length >= without);
      }),
      { numRuns: 40 },
    );
  });
});
