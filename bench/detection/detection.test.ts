/**
 * A short run of the benchmark, against regressions. The margins are wide: what matters in detail stands in docs/detection.md.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { simulate } from "../../sim/simulate.ts";
import { measure } from "./measure.ts";
import type { Outcome } from "./outcome.ts";
import { pageOf } from "./page.ts";
import { peers } from "./peers/all.ts";
import { planOf } from "./plan.ts";
import { addressesOf, fallenOf, precision, recall } from "./pooling.ts";
import { benchScenario, heldOut } from "./variants.ts";

const seeds = [501, 502];

const played = new Map<string, Outcome[]>();

/** Each scenario on two seeds; played once. */
function runs(scenario: string): Outcome[] {
  const known = played.get(scenario);
  if (known !== undefined) return known;
  const outcomes = seeds.map((seed) =>
    measure(benchScenario(scenario), { scenario, seed, accounts: 1_500, days: 14 }, peers),
  );
  played.set(scenario, outcomes);
  return outcomes;
}

const declaredWithin: readonly (readonly [scenario: string, guesses: number])[] = [
  ["guessing-noisy", 40],
  ["spray-classic", 20],
  ["spray-slow-5000", 200],
  ["spray-slow-500", 150],
  ["june-2017", 150],
  ["stuffing", 150],
];

for (const [scenario, guesses] of declaredWithin) {
  test(`${scenario} is declared within ${guesses} guesses, most of its addresses named and few others`, () => {
    for (const { own, seed } of runs(scenario)) {
      assert.ok(own.guesses !== undefined && own.guesses <= guesses, `seed ${seed}: ${own.guesses} guesses`);
      assert.ok(own.right, `seed ${seed}: ${own.conclusion}`);
    }
    assert.ok(recall(runs(scenario), addressesOf()).value > 0.8);
    assert.ok(precision(runs(scenario), addressesOf()).value > 0.8);
  });
}

test("those who are said to have fallen have, for the most part", () => {
  const all = declaredWithin.flatMap(([scenario]) => runs(scenario));
  assert.ok(precision(all, fallenOf).value > 0.9);
  assert.ok(recall(all, fallenOf).value > 0.6);
});

for (const scenario of ["fault-outage", "fault-lockout-at-nine", "fault-one-server"]) {
  test(`${scenario} is never taken for an attack, and mostly found`, () => {
    for (const { own, seed } of runs(scenario)) assert.ok(!own.conclusion.includes("attack"), `seed ${seed}`);
    assert.ok(runs(scenario).some(({ fault }) => (fault?.anyMinutes ?? Infinity) <= 120));
  });
}

for (const [scenario, seed, conclusion] of [
  ["quiet-holidays", 501, "quiet"],
  ["guessing-few", 503, "attack"],
  ["guessing-few", 505, "attack"],
] as const) {
  test(`${scenario} (${seed}) is called ${conclusion} at 9,000 accounts, too`, () => {
    const { own } = measure(benchScenario(scenario), { scenario, seed, accounts: 9_000, days: 14 }, []);
    assert.equal(own.conclusion, conclusion);
  });
}

test("a spray during an outage is seen beside it", () => {
  for (const { own, seed } of runs("spray-and-outage"))
    assert.equal(own.conclusion, "attack-and-fault", `seed ${seed}`);
});

for (const scenario of [
  "quiet",
  "quiet-noise-250",
  "quiet-expiry-monday",
  "quiet-stale-phones",
  "quiet-webmail-proxy",
]) {
  test(`${scenario} is no attack, and no member would be refused`, () => {
    for (const { own, seed } of runs(scenario)) {
      assert.equal(own.alarmsFalse, 0, `seed ${seed}`);
      assert.equal(own.refused, 0, `seed ${seed}`);
    }
  });
}

test("the peers find what they were made for", () => {
  for (const name of ["fail2ban", "CrowdSec", "Zeek", "StopGuessing"])
    for (const { peers: theirs, seed } of runs("spray-classic"))
      assert.ok((theirs[name]?.guesses ?? Infinity) < 200, `${name}, seed ${seed}`);
});

test("the page is the same for the same outcomes, and has a row for every target and scenario", () => {
  const main = [...played.values()].flat();
  const results = { command: "test", main, years: [], heldOut: [] };
  const page = pageOf(results);
  assert.equal(pageOf(results), page);
  for (const scenario of new Set(main.map((one) => one.scenario)))
    assert.ok(page.includes(`| ${scenario} |`), scenario);
  assert.match(page, /Low and slow, 200 a day, no fingerprint \| <= 20 guesses \| not played/);
  assert.doesNotMatch(page, /NaN|undefined|Infinity/);
});

test("what is held out is played only where that is asked for, on seeds of its own", () => {
  const options = { seeds: 2, only: /./, accounts: 900, days: 7, faults: 0, years: 0 };
  const without = planOf({ ...options, heldOut: false });
  const withIt = planOf({ ...options, heldOut: true });
  assert.deepEqual(without.heldOut, []);
  assert.deepEqual(withIt.main, without.main);
  const usual = new Set(without.main.map(({ seed }) => seed));
  assert.ok(withIt.heldOut.every(({ seed }) => !usual.has(seed)));
  const variants = new Set(heldOut.map(({ scenario }) => scenario.name));
  assert.ok(variants.size >= 4 && without.main.every(({ scenario }) => !variants.has(scenario)));
});

for (const { scenario } of heldOut) {
  test(`${scenario.name} has in it what it says; what is made of that, nobody looks at here`, () => {
    const simulation = simulate(scenario, { seed: 501, accounts: 900, days: 14 });
    let failures = 0;
    for (const { signIn } of simulation) if (signIn.outcome === "failure") failures += 1;
    const truth = simulation.truth();
    assert.ok(failures > 0);
    assert.equal(truth.campaigns.length > 0, scenario.conclusion.includes("attack"));
    for (const campaign of truth.campaigns) assert.ok(campaign.attempts >= 20, `${campaign.attempts}`);
    assert.equal(truth.faults.length > 0, scenario.conclusion.includes("fault"));
    for (const fault of truth.faults) assert.ok(fault.accountsAffected >= 3, `${fault.accountsAffected}`);
  });
}

test("as many pure faults are played as are asked for", () => {
  const { main } = planOf({ seeds: 2, only: /^fault-/, accounts: 900, days: 7, faults: 100, years: 0, heldOut: false });
  assert.ok(main.length >= 100 && main.length < 100 + 20, `${main.length}`);
});

test("years are played in proportion to those at 9,000 accounts", () => {
  const years = (count: number): number[] =>
    planOf({ seeds: 1, only: /^quiet$/, accounts: 900, days: 7, faults: 0, years: count, heldOut: false }).years.map(
      ({ accounts }) => accounts,
    );
  assert.deepEqual(years(0), []);
  assert.deepEqual(years(1), [900, 900, 900, 9_000]);
  assert.equal(years(10).filter((accounts) => accounts === 1_000_000).length, 1);
});
