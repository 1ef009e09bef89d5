import assert from "node:assert/strict";
import { test } from "node:test";
import { DAY, MINUTE, at, failure, home, inOrder, member, ordinaryDays, success } from "../../test/support/signins.ts";
import type { SignIn } from "#/signin/signin.ts";
import { blindSpots } from "./blind-spots.ts";
import { Judge } from "./judge.ts";
import { type JudgeSettings, defaults } from "./settings.ts";

const week = inOrder(ordinaryDays(50, 7));

function spots(signIns: readonly SignIn[], settings: JudgeSettings = defaults): string[] {
  const judging = new Judge(settings);
  judging.add(signIns);
  return blindSpots(judging);
}
const withoutAddress = (signIn: SignIn): SignIn => ({ ...signIn, address: "" });

test("an ordinary week has none, and neither has nothing at all", () => {
  assert.deepEqual(spots(week), []);
  assert.deepEqual(spots([]), []);
});

test("a log without successes, and one without failures, say so", () => {
  const failures = week.filter(({ outcome }) => outcome === "failure");
  assert.ok(spots(failures).some((spot) => spot.startsWith("No successful sign-in is in these logs")));
  const successes = week.filter(({ outcome }) => outcome === "success");
  assert.deepEqual(spots(successes), ["No failed sign-in is in these logs: is the server set to log failures?"]);
});

test("missing addresses are told from more than one in fifty on", () => {
  const hundred = Array.from({ length: 100 }, (_, index) => [
    success(at(0) + index * 2 * MINUTE, member(index), home(index)),
    ...(index === 50 ? [failure(at(0) + index * 2 * MINUTE + 1, member(index), home(index))] : []),
  ]).flat();
  const blind = (count: number): SignIn[] => [...hundred.slice(0, count).map(withoutAddress), ...hundred.slice(count)];
  assert.deepEqual(spots(blind(2)), []);
  assert.match(spots(blind(3))[0] ?? "", /^3% of the sign-ins have no client address/);
});

test("a gap is told with its times, the three longest at most", () => {
  const busy = (from: number, to: number): SignIn[] =>
    Array.from({ length: (to - from) / 5_000 }, (_, index) =>
      success(from + index * 5_000, member(index % 50), home(index % 50)),
    );
  const one = [...busy(at(0), at(0, 2)), failure(at(0, 2), member(1), home(1)), ...busy(at(0, 4, 30), at(0, 8))];
  assert.deepEqual(spots(one), [
    "There is a gap from 2026-03-02 02:01 to 2026-03-02 04:30 UTC in which no sign-in was read.",
  ]);
  const five = [0, 2, 4, 6, 8, 10].flatMap((hour) => busy(at(0, hour), at(0, hour, 50)));
  assert.equal(spots([...five, failure(at(0, 10, 50), member(1), home(1))]).length, 3);
});

test("less than an hour is too short to learn what is usual", () => {
  const within = (length: number): SignIn[] => [
    success(at(0), member(1), home(1)),
    failure(at(0) + 1_000, member(2), home(2)),
    success(at(0) + length, member(1), home(1)),
  ];
  assert.deepEqual(spots(within(60 * MINUTE)), []);
  assert.match(spots(within(60 * MINUTE - 1))[0] ?? "", /less than an hour/);
});

test("what was dropped for want of room is told, from the first record past the maximum on", () => {
  const settings = (accountsMax: number): JudgeSettings => ({
    ...defaults,
    familiarity: { ...defaults.familiarity, accountsMax },
  });
  assert.deepEqual(spots(week, settings(50)), []);
  const more = failure(at(7), "invented", "203.0.113.9");
  const [spot] = spots([...week, more], settings(50));
  assert.match(spot ?? "", /dropped \(settings originsMax, pairsMax, accountsMax\)/);
});

test("accounts of one address past the maximum are told as attempts that are not named", () => {
  const guesses = Array.from({ length: 30 }, (_, index) =>
    failure(at(7) + index * MINUTE, `name${index}`, "203.0.113.9"),
  );
  const settings = (accountsPerOriginMax: number): JudgeSettings => ({
    ...defaults,
    familiarity: { ...defaults.familiarity, accountsPerOriginMax },
  });
  assert.deepEqual(spots([...week, ...guesses], settings(30)), []);
  const told = spots([...week, ...guesses, ...guesses], settings(28));
  assert.match(told[0] ?? "", /4 further attempts counted, their accounts not named/);
  const judging = new Judge(settings(28));
  judging.add([...week, ...guesses, ...guesses]);
  const [campaign] = judging.conclude({ files: [], signIns: 0, zoneAssumed: undefined }).campaigns;
  assert.deepEqual(
    campaign?.origins.map(({ accounts }) => accounts),
    [28],
  );
});

test("findings past the maximum are counted, one of them as one", () => {
  const sprays = (count: number): SignIn[] =>
    Array.from({ length: count }, (_, address) =>
      Array.from({ length: 5 }, (__, index) =>
        failure(at(7) + address * DAY + index * MINUTE, member(index), `203.0.113.${address}`),
      ),
    ).flat();
  const settings = { ...defaults, incidents: { ...defaults.incidents, findingsMax: 2 } };
  const full = (count: number): string | undefined =>
    spots([...week, ...sprays(count)], settings).find((spot) => spot.startsWith("The list of findings"));
  assert.equal(full(2), undefined);
  assert.equal(full(3), "The list of findings is full: 1 further finding counted but not kept (setting findingsMax).");
  assert.match(full(4) ?? "", /2 further findings/);
});

test("a private address that hides more than a fifth of the sign-ins is told, with what to configure", () => {
  const through = (share: number): SignIn[] =>
    week.map((signIn, index) => (index % 100 < share ? { ...signIn, address: "10.1.1.9" } : signIn));
  assert.ok(!spots(through(18)).some((spot) => spot.includes("10.1.1.9")));
  const spot = spots(through(30)).find((one) => one.includes("10.1.1.9")) ?? "";
  assert.match(spot, /^30% of the sign-ins come from 10\.1\.1\.9, an address of your own: .*login_trusted_networks/);
  assert.deepEqual(spots(week.map((signIn) => ({ ...signIn, address: "192.0.2.9" }))), []);
});
