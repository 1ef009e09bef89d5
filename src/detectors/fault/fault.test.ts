import assert from "node:assert/strict";
import { test } from "node:test";
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
import type { Reason, SignIn } from "#/signin/signin.ts";
import type { Account } from "#/familiarity/records.ts";
import { type State, defaults, fault } from "./fault.ts";

const MEMBERS = 100;
const week = inOrder(ordinaryDays(MEMBERS, 5));

/** The week, but what would have succeeded between two times fails. */
const withOutage = (from: number, to: number, reason: Reason, affects?: (signIn: SignIn) => boolean): SignIn[] =>
  week.map((signIn) =>
    signIn.at >= from && signIn.at < to && (affects?.(signIn) ?? true)
      ? failure(signIn.at, signIn.account, signIn.address, reason)
      : signIn,
  );
/** Some members' devices fail every five minutes at home, and sign in nowhere. */
const cohort = (count: number, from: number, times: number): SignIn[] =>
  inOrder(
    ...Array.from({ length: count }, (_, index) =>
      Array.from({ length: times }, (__, turn) =>
        failure(from + index * 20_000 + turn * 5 * MINUTE, member(index), home(index)),
      ),
    ),
  );
const kinds = (signIns: readonly SignIn[]): string[] => run(fault, signIns).found.map(({ kind }) => kind);

test("an outage is seen within minutes, said once, and said to be over", () => {
  const { found } = run(fault, withOutage(at(3, 8), at(3, 9), "bad-password"));
  assert.deepEqual(
    found.map(({ kind }) => kind),
    ["fault", "fault-over"],
  );
  assert.ok((found[0]?.at ?? 0) < at(3, 8, 10), new Date(found[0]?.at ?? 0).toISOString());
  assert.ok((found[1]?.at ?? 0) >= at(3, 12) && (found[1]?.at ?? 0) < at(3, 13));
});

test("accounts that have been failing since long before are not counted to an outage", () => {
  const gone = cohort(20, at(1), 1).map((signIn, index) => ({ ...signIn, account: member(200 + index) }));
  const known = gone.map(({ account, address }) => success(at(0), account, address));
  const { found } = run(fault, inOrder(known, gone, withOutage(at(3, 8), at(3, 9), "bad-password")));
  const [first] = found;
  assert.equal(first?.kind, "fault");
  assert.ok(Number(/^(\d+) accounts failing/.exec(first.why)?.[1]) < 15, first.why);
});

test("where the server lays it to its own trouble, fewer accounts are enough", () => {
  const seenAt = (reason: Reason): number => run(fault, withOutage(at(3, 8), at(3, 9), reason)).found[0]?.at ?? 0;
  assert.ok(seenAt("fault") < seenAt("bad-password"));
});

test("a cohort that gets in nowhere is seen although most members sign in", () => {
  const quiet = week.filter(({ account, at: when }) => !(when > at(3, 10) && Number(/\d+/.exec(account)?.[0]) < 30));
  const { found } = run(fault, inOrder(quiet, cohort(30, at(3, 10), 24)));
  const [first] = found;
  assert.equal(first?.kind, "fault");
  // Once for each chart: at first so many at once, then those who get in nowhere.
  assert.ok(found.filter(({ kind }) => kind === "fault").length <= 2);
  assert.ok(first.since >= at(3, 9) && first.at < at(3, 11), new Date(first.at).toISOString());
});

test("ordinary slips are no fault", () => {
  assert.deepEqual(kinds(week), []);
});

test("the morning after many have changed their passwords, mended one by one, is no fault", () => {
  const slips = Array.from({ length: 60 }, (_, index) => [
    failure(at(3, 8) + index * MINUTE, member(index), home(index)),
    success(at(3, 8) + index * MINUTE + 40_000, member(index), home(index)),
  ]).flat();
  assert.deepEqual(kinds(inOrder(week, slips)), []);
  const unmended = slips.filter(({ outcome }) => outcome === "failure");
  assert.ok(
    kinds(
      inOrder(
        week.filter(({ at: when }) => when < at(3)),
        unmended,
      ),
    ).includes("fault"),
  );
});

test("expired passwords are news to their owners and no fault", () => {
  assert.deepEqual(kinds(withOutage(at(3, 8), at(3, 9), "expired")), []);
});

test("strangers' failures, however many, are no fault", () => {
  const attack = Array.from({ length: 2_000 }, (_, index) =>
    failure(at(3, 8) + index * 1_000, member(index % MEMBERS), stranger(index), "fault"),
  );
  assert.deepEqual(kinds(inOrder(week, attack)), []);
});

test("one night's single typing errors do not add up", () => {
  const night = Array.from({ length: 12 }, (_, index) =>
    failure(at(3, 20) + index * 50 * MINUTE, member(index), home(index)),
  );
  assert.deepEqual(kinds(inOrder(week, night)), []);
});

test("a log that begins in an outage shows none, as its head says", () => {
  const all = ordinaryDays(MEMBERS, 1);
  assert.deepEqual(
    kinds(all.map((signIn) => (signIn.at < at(0, 9) ? failure(signIn.at, signIn.account, signIn.address) : signIn))),
    [],
  );
});

test("a server's own trouble counts even where the log names no address", () => {
  const blind = ordinaryDays(MEMBERS, 2).map((signIn) => ({ ...signIn, address: "" }));
  const trouble = (reason: Reason): SignIn[] =>
    Array.from({ length: 20 }, (_, index) => failure(at(2) + index * 1_000, member(index), "", reason));
  assert.equal(kinds([...blind, ...trouble("fault")])[0], "fault");
  assert.deepEqual(kinds([...blind, ...trouble("bad-password")]), []);
});

test("failing accounts are followed up to the maximum and no further", () => {
  const settings = { ...defaults, followedMax: 10 };
  const failing = (count: number): SignIn[] =>
    Array.from({ length: count }, (_, index) => failure(at(5) + index * 1_000, member(index), home(index)));
  assert.equal(run(fault, [...week, ...failing(9)], settings).state.down.size, 9);
  assert.equal(run(fault, [...week, ...failing(10)], settings).state.down.size, 10);
  const full = run(fault, [...week, ...failing(11)], settings);
  assert.equal(full.state.down.size, 10);
  full.add([success(at(5, 1), member(0), home(0)), failure(at(5, 1), member(20), home(20))]);
  assert.equal(full.state.down.size, 10, "there is room again for another");
});

test("accounts that succeed are remembered for one slot only, and up to the maximum", () => {
  const settings = { ...defaults, followedMax: 10 };
  const { state, add } = run(fault, week, settings);
  assert.ok(state.up.size <= 10);
  add(Array.from({ length: 11 }, (_, index) => success(at(6) + index, member(index), home(index))));
  assert.equal(state.up.size, 10);
  add([success(at(6) + HOUR, member(0), home(0))]);
  assert.equal(state.up.size, 1);
});

test("the charts stop at their maximum", () => {
  const { state } = run(fault, inOrder(week, cohort(100, at(5), 30)));
  assert.ok(state.sum <= defaults.declareAt * 2);
  assert.ok(state.stuckCharts.every(({ sum }) => sum <= defaults.declareAt * 1.5));
});

test("the more accounts an outage strikes, the sooner it is seen", () => {
  const seenAt = (parts: number): number => {
    const signIns = withOutage(
      at(3, 8),
      at(3, 9),
      "fault",
      ({ account }) => Number(/\d+/.exec(account)?.[0]) % 4 < parts,
    );
    return run(fault, signIns).found[0]?.at ?? Number.POSITIVE_INFINITY;
  };
  const times = [0, 1, 2, 3, 4].map(seenAt);
  assert.deepEqual(
    times,
    [...times].sort((left, right) => right - left),
  );
  assert.ok(Number.isFinite(times[4]) && !Number.isFinite(times[0]));
});

test("a further account that fails never lowers the evidence of an outage", () => {
  const { state, add } = run(fault, week);
  for (let index = 0; index < MEMBERS; index += 1) {
    const before = state.sum;
    add([failure(at(5) + index, member(index), home(index))]);
    assert.ok(state.sum >= before * 0.999, `${before} became ${state.sum}`);
  }
  assert.ok(state.sum > defaults.declareAt && state.sumAt < at(5) + DAY);
});

test("a cohort that is stuck a week after another is a fault of its own, and each is said to be over", () => {
  const long = ordinaryDays(MEMBERS, 14);
  const isStruck = ({ account, at: when }: SignIn): boolean =>
    Number(/\d+/.exec(account)?.[0]) < 30 && [3, 10].some((day) => when > at(day, 10) && when < at(day, 16));
  const quiet = long.filter((signIn) => !isStruck(signIn));
  const { found } = run(fault, inOrder(quiet, cohort(30, at(3, 10), 60), cohort(30, at(10, 10), 60)));
  assert.deepEqual(
    found.map(({ kind }) => kind).filter((kind, index, all) => kind !== all[index - 1]),
    ["fault", "fault-over", "fault", "fault-over"],
  );
  const [, over] = found.filter(({ kind }) => kind === "fault-over");
  const first = found.find(({ kind }) => kind === "fault-over");
  assert.ok(first && first.at >= at(3, 15) && first.at < at(4, 12), new Date(first?.at ?? 0).toISOString());
  assert.ok(over && over.at >= at(10, 15) && over.at < at(11, 12));
});

test("an account that failed once in the evening and twice the next evening has not failed in a row", () => {
  const { state, add } = run(fault, week);
  add([failure(at(5, 20), member(1), home(1)), failure(at(6, 20), member(1), home(1), "bad-password", { count: 2 })]);
  assert.equal(state.down.get(member1(state))?.failures, 2);
  assert.equal(state.down.get(member1(state))?.stuck, false);
  add([success(at(8), "somebody", "192.0.2.1"), success(at(8) + HOUR, "somebody", "192.0.2.1")]);
  assert.equal(state.down.size, 0, "nobody who has not failed for long is failing");
});
const member1 = (state: State): Account => {
  const [account] = state.down.keys();
  assert.ok(account);
  return account;
};

test("where thousands are stuck on any day, a tenth more are no fault, and twice as many are", () => {
  const settings = { ...defaults, stuckPerDay: 3_000 };
  const stuckAccounts = (perDay: number): SignIn[] => {
    const often = DAY / perDay;
    return inOrder(
      ...Array.from({ length: 3 * perDay }, (_, index) => {
        const from = at(0, 0) + DAY + index * often;
        const seenBefore = success(at(0, 0) + index, `m${index}`, "198.18.3.4");
        return [seenBefore, ...[0, 6, 12].map((later) => failure(from + later * MINUTE, `m${index}`, "198.18.3.4"))];
      }),
    );
  };
  const isTold = (perDay: number): boolean =>
    run(fault, stuckAccounts(perDay), settings).found.some((what) => what.kind === "fault" && what.isStuck);
  assert.ok(!isTold(3_300));
  assert.ok(isTold(6_000));
});
