import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { run } from "../../../test/support/detecting.ts";
import {
  HOUR,
  MINUTE,
  at,
  failure,
  inOrder,
  member,
  ordinaryDays,
  stranger,
  success,
} from "../../../test/support/signins.ts";
import { Judge } from "#/incidents/judge.ts";
import type { SignIn } from "#/signin/signin.ts";
import { defaults, distributed } from "./distributed.ts";

const MEMBERS = 100;
const week = ordinaryDays(MEMBERS, 7);

/** An address for each try, on members one after the other. */
const slow = (count: number, gap: number, from: number = at(4, 1)): SignIn[] =>
  Array.from({ length: count }, (_, index) => failure(from + index * gap, member(index % MEMBERS), stranger(index)));
/** The same on names that nobody has. */
const invented = (count: number, gap: number, from: number = at(4, 1)): SignIn[] =>
  Array.from({ length: count }, (_, index) =>
    failure(from + index * gap, `invented${index}`, stranger(index), "unknown-account"),
  );
const inTrouble = (signIn: SignIn): SignIn => ({ ...signIn, reason: "fault" });
/** Alarms in the judge, where the other detectors leave their marks too. */
function judgeAlarms(signIns: readonly SignIn[]): number {
  const judging = new Judge();
  judging.add(signIns);
  return judging.alarms.length;
}
const alarms = (signIns: readonly SignIn[], settings = defaults): string[] =>
  run(distributed, signIns, settings)
    .found.filter(({ kind }) => kind === "distributed-attack")
    .map((found) => ("why" in found ? found.why : ""));

test("one try per address on existing accounts is seen within twenty, and dated to about its beginning", () => {
  const { found } = run(distributed, inOrder(week, slow(90, 8 * MINUTE)));
  const [first] = found;
  assert.equal(first?.kind, "distributed-attack");
  assert.ok(first.at <= at(4, 1) + 20 * 8 * MINUTE, new Date(first.at).toISOString());
  assert.ok(Math.abs(first.since - at(4, 1)) < 2 * HOUR, new Date(first.since).toISOString());
  assert.match(first.why, /strangers fail on accounts known to exist/);
});

test("it speaks up once, however long that goes on", () => {
  assert.equal(alarms(inOrder(week, slow(400, 8 * MINUTE))).length, 1);
});

test("a flood of invented names is told apart from guesses at existing accounts", () => {
  const [why, ...others] = alarms(inOrder(week, invented(600, MINUTE)));
  assert.match(why ?? "", /^strangers fail on names not known to exist/);
  assert.deepEqual(others, []);
});

test("the internet's background on invented names is nothing, and neither is whatever fills the first day", () => {
  assert.deepEqual(alarms(inOrder(week, invented(7 * 20, 72 * MINUTE, at(0)))), []);
  assert.deepEqual(alarms(inOrder(week, invented(600, MINUTE, at(0, 1)))), []);
});

test("people who mistype on a new network and sign in a minute later are taken back", () => {
  const people = slow(90, 8 * MINUTE);
  assert.equal(alarms(inOrder(week, people)).length, 1);
  const mended = people.map((signIn) => success(signIn.at + MINUTE, signIn.account, signIn.address));
  assert.deepEqual(alarms(inOrder(week, people, mended)), []);
});

test("a drip of guesses is seen behind the many slips of every day, for those are mended at once", () => {
  const days = ordinaryDays(MEMBERS, 16);
  const slips = Array.from({ length: 16 * 40 }, (_, index) => {
    const when = at(0, 0) + index * 36 * MINUTE;
    const [account, address] = [member((index * 7) % MEMBERS), `198.19.${index >> 6}.${index & 63}`];
    return [failure(when, account, address), success(when + 2 * MINUTE, account, address)];
  }).flat();
  assert.deepEqual(alarms(inOrder(days, slips)), []);
  const drip = slow(48, 48 * MINUTE, at(13));
  const { found } = run(distributed, inOrder(days, slips, drip));
  const [first] = found;
  assert.equal(first?.kind, "distributed-attack");
  assert.ok(first.at < at(14), new Date(first.at).toISOString());
});

test("a slip that is mended within a quarter of an hour never counts against the slow scales", () => {
  const running = run(distributed, ordinaryDays(MEMBERS, 2));
  const settled = (): number[] =>
    running.state.known.scales.filter((scale) => scale.settled).map(({ cusum }) => cusum.sum);
  running.add([failure(at(2), member(1), stranger(1)), success(at(2, 0, 14), member(1), stranger(1))]);
  running.add([success(at(2, 1), member(2), "198.18.2.10")]);
  assert.deepEqual(settled(), [0, 0, 0, 0]);
  running.add([failure(at(2, 2), member(3), stranger(3)), success(at(2, 2, 16), member(4), "198.18.4.10")]);
  assert.ok(settled().every((sum) => sum > 0));
});

test("addresses that somebody signs in from, and a server's own trouble, do not count", () => {
  const guests = Array.from({ length: 90 }, (_, index) => success(at(3, 1) + index, `guest${index}`, stranger(index)));
  assert.deepEqual(alarms(inOrder(week, guests, slow(90, 8 * MINUTE))), []);
  assert.deepEqual(alarms(inOrder(week, slow(90, 8 * MINUTE).map(inTrouble))), []);
});

test("a device with an old password that changes its address at every try is no attack", () => {
  // It begins at home, where its retries are known for what they are.
  const atHome = Array.from({ length: 4 }, (_, index) => failure(at(4, 0) + index * 60_000, member(3), "198.18.3.10"));
  const away = Array.from({ length: 90 }, (_, index) =>
    failure(at(4, 1) + index * 8 * MINUTE, member(3), stranger(index)),
  );
  assert.deepEqual(alarms(inOrder(week, atHome, away)), []);
  assert.equal(alarms(inOrder(week, away)).length, 1);
});

test("a guess every few hours is below the usual noise and not seen, as its head says", () => {
  assert.deepEqual(alarms(inOrder(week, slow(24, 4 * HOUR, at(3)))), []);
});

test("an address counts less with each account, up to the maximum, and one past it not at all", () => {
  const { familiarity } = run(
    distributed,
    inOrder(
      week,
      Array.from({ length: defaults.accountsPerOriginMax + 1 }, (_, index) =>
        failure(at(4, 1) + index * MINUTE, member(index), "203.0.113.9"),
      ),
    ),
  );
  const weights = [...(familiarity.origins.get("203.0.113.9")?.pairs.values() ?? [])].map(({ weight }) => weight);
  // Pairs keep thousandths.
  assert.deepEqual(weights, [1, 0.5, 0.333, 0.25, 0.2, 0.167, 0]);
});

test("no chart rises beyond half as much again as it takes to declare, whatever comes", () => {
  const { state } = run(distributed, inOrder(ordinaryDays(MEMBERS, 4), slow(2_000, 1_000), invented(2_000, 1_000)));
  const sums = [...state.known.scales, ...state.unknown.scales].map(({ cusum }) => cusum.sum);
  // Those that are fast are tested twice on names that exist: at once, and settled.
  assert.equal(sums.length, 6 + 4);
  assert.ok(sums.every((sum) => sum <= defaults.declareAt * 1.5));
  assert.ok(sums.some((sum) => sum > defaults.declareAt * 1.4));
});

test("the faster the guesses come, the sooner they are seen", () => {
  const seenAfter = (gap: number): number => {
    const [first] = run(distributed, inOrder(week, slow(100, gap))).found;
    return (first?.at ?? Number.POSITIVE_INFINITY) - at(4, 1);
  };
  const times = [20, 10, 5, 2, 1].map((minutes) => seenAfter(minutes * MINUTE));
  assert.deepEqual(
    times,
    [...times].sort((left, right) => right - left),
  );
  assert.ok(times.every((time) => Number.isFinite(time)));
});

test("a failure never leaves a chart lower than the time that has passed alone would", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: HOUR }), { minLength: 1, maxLength: 60 }), (gaps) => {
      const running = run(distributed, ordinaryDays(10, 2));
      let when: number = at(2);
      for (const [index, gap] of gaps.entries()) {
        when += gap;
        const before = running.state.known.scales.map(({ cusum, shift }) => ({
          sum: cusum.sum,
          time: cusum.at,
          shift,
        }));
        running.add([failure(when, member(index % 10), stranger(index))]);
        for (const [scale, { sum, time, shift }] of before.entries()) {
          const alone = time === 0 ? 0 : Math.max(0, sum - (shift * (when - time)) / defaults.dispersion);
          assert.ok((running.state.known.scales[scale]?.cusum.sum ?? -1) >= alone - 1e-9);
        }
      }
    }),
  );
});

test("an alarm ends when the guesses have, at a time of its own, and a second attack days later is declared anew", () => {
  const three = ordinaryDays(MEMBERS, 21);
  const { found, state } = run(distributed, inOrder(three, slow(90, 8 * MINUTE), slow(90, 8 * MINUTE, at(11, 1))));
  // The second time from the same addresses, on the same accounts.
  assert.deepEqual(
    found.map(({ kind }) => kind),
    ["distributed-attack", "distributed-attack-over", "distributed-attack", "distributed-attack-over"],
  );
  const [first, second] = state.alarms;
  assert.ok(first && second && state.alarms.length === 2);
  assert.ok(first.over > at(4, 13) && first.over < at(7), new Date(first.over).toISOString());
  assert.ok(second.at > at(11, 1) && second.at < at(11, 5), new Date(second.at).toISOString());
});

test("what is taken back is what was counted, though the account has come to be known since", () => {
  const running = run(distributed, ordinaryDays(MEMBERS, 2));
  const sums = (): number[] =>
    [...running.state.known.scales, ...running.state.unknown.scales].map(({ cusum }) => cusum.sum);
  running.add(slow(3, MINUTE, at(2)));
  const before = sums();
  // A newcomer, of whom nothing is known until the sign-in.
  running.add([failure(at(2, 0, 3), "newcomer", stranger(500))]);
  assert.ok(sums().some((sum, index) => sum > (before[index] ?? 0)));
  running.add([success(at(2, 0, 3), "newcomer", stranger(500))]);
  for (const [index, sum] of sums().entries())
    assert.ok(Math.abs(sum - (before[index] ?? 0)) < 0.05, `${index}: ${sum}`);
});

test("an address that signs in to an account of its own and then fails on others counts, a shared one does not", () => {
  const declared = (own: number): number => {
    const signIns = Array.from({ length: 60 }, (_, index) => {
      const when = at(4, 1) + index * 10 * MINUTE;
      const opened = Array.from({ length: own }, (__, one) => success(when, `guest${index}-${one}`, stranger(index)));
      const tries = [1, 2, 3].map((turn) =>
        failure(when + turn * 1_000, member((index * 3 + turn) % MEMBERS), stranger(index)),
      );
      return [...opened, ...tries];
    }).flat();
    return judgeAlarms(inOrder(week, signIns));
  };
  assert.equal(declared(1), 1);
  assert.equal(declared(3), 0);
});
