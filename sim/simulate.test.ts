import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Digest } from "./digest.ts";
import { scenarios } from "./scenarios/scenarios.ts";
import { simulate } from "./simulate.ts";
import type { Simulated } from "./simulated.ts";

const DAY = 86_400_000;

const small = { accounts: 600, days: 14 } as const;

function digest(stream: Iterable<Simulated>): string {
  const all = new Digest();
  for (const one of stream) all.add(one);
  return all.text();
}

describe("a simulation", () => {
  test("gives the same stream for the same seed, and another for another", () => {
    const play = (seed: number): string => digest(simulate("spray-slow-500", { seed, accounts: 300, days: 10 }));
    assert.equal(play(7), play(7));
    assert.notEqual(play(7), play(8));
  });

  test("gives the same stream on every machine, today as tomorrow", () => {
    // Where a change of the simulator is meant to change these streams, write down the new digests.
    for (const [name, expected] of [
      ["quiet", "110291b326894092"],
      ["june-2017", "a8d752a4d5445ccd"],
      ["spray-and-outage", "898ccad77d57c9e7"],
    ] as const)
      assert.equal(digest(simulate(name, { seed: 1, accounts: 300, days: 10 })), expected, name);
  });

  test("has as much of the internet's noise as it is told to, and is the same otherwise", () => {
    const size = { seed: 1, accounts: 300, days: 10 };
    const noisy = [...simulate("quiet-noise-25", { ...size, background: 500 })];
    const usual = [...simulate("quiet-noise-25", size)];
    const own = (all: readonly Simulated[]): Simulated["signIn"][] =>
      all.filter(({ label }) => label === "benign").map(({ signIn }) => signIn);
    assert.ok(Math.abs(noisy.filter(({ label }) => label === "background").length / 5_000 - 1) < 0.3);
    assert.equal(own(noisy).length, own(usual).length);
  });

  test("is of any size: names are distinct, and shared mailboxes grow with it", () => {
    const { world } = simulate("quiet", { seed: 1, accounts: 60_000, days: 2 });
    assert.equal(world.accounts.length, 60_000);
    assert.equal(new Set(world.accounts.map(({ name }) => name)).size, 60_000);
    const shared = world.accounts.filter(({ kind }) => kind === "shared");
    assert.equal(shared.length, 160);
    assert.ok(shared.every(({ delegates }) => delegates.length >= 2));
  });

  test("of any scenario can be as small and as short as is let through", () => {
    for (const scenario of scenarios) {
      const simulation = simulate(scenario, { seed: 3, accounts: 50, days: 2 });
      digest(simulation);
      for (const { id, first } of simulation.truth().campaigns) assert.ok(first > 0, `${scenario.name} ${id}`);
    }
  });

  test("tells how far it is, and never goes back", () => {
    const shares: number[] = [];
    const onProgress = ({ share }: { share: number }): void => void shares.push(share);
    digest(simulate("quiet", { seed: 1, accounts: 1_500, days: 4, onProgress }));
    assert.ok(shares.length > 3 && shares.every((share, index) => share >= (shares[index - 1] ?? 0) && share <= 1));
  });

  test("leaves the members' behaviour as it was when an attacker is added", () => {
    const members = (name: string): Simulated["signIn"][] =>
      [...simulate(name, { seed: 3, ...small })].filter((one) => one.label === "benign").map((one) => one.signIn);
    const quiet = members("quiet");
    assert.ok(quiet.length > 5_000);
    // Where nobody is locked out by strangers, nothing of what members do differs.
    assert.deepEqual(members("stuffing-slow").slice(0, 2_000), quiet.slice(0, 2_000));
  });

  test("can be gone through once", () => {
    const simulation = simulate("quiet", { seed: 1, accounts: 50, days: 2 });
    digest(simulation);
    assert.throws(() => digest(simulation), /once/);
  });

  test("takes all addresses from space that nobody holds where it is asked to", () => {
    for (const { signIn } of simulate("spray-slow-500", { seed: 2, accounts: 200, days: 7, reserved: true })) {
      assert.match(signIn.address, /^(?:24\d|25[0-4])\.|^3fff:/);
    }
  });
});

describe("every scenario", () => {
  for (const scenario of scenarios) {
    test(`${scenario.name} is in time order, within its days, and as its truth says`, () => {
      const simulation = simulate(scenario, { seed: 11, ...small });
      const seen = observe(simulation, simulation.world.from, simulation.world.to);
      const truth = simulation.truth();
      assert.equal(truth.signIns, seen.signIns);
      assert.equal(truth.failures, seen.failures);
      for (const campaign of truth.campaigns) {
        const own = seen.campaigns.get(campaign.id);
        assert.ok(own !== undefined, "a campaign that never tried anything");
        assert.ok(campaign.attempts >= 20, `${campaign.attempts} attempts`);
        assert.equal(own.addresses.size, new Set([...campaign.addresses, ...campaign.usedFrom]).size);
        assert.equal(own.first, campaign.first);
        for (const { account, at, address } of campaign.fallen)
          assert.equal(own.opened.get(account), `${at} ${address}`);
        for (const account of own.opened.keys()) assert.ok(campaign.fallen.some((one) => one.account === account));
        assert.deepEqual(campaign.progress.at(0), [1, campaign.first]);
      }
      for (const fault of truth.faults) assert.ok(fault.accountsAffected >= 3 && fault.to > fault.from, fault.kind);
      assert.equal(truth.campaigns.length > 0, scenario.conclusion.includes("attack"));
      assert.equal(truth.faults.length > 0, scenario.conclusion.includes("fault"));
      assert.equal(truth.labels.fault > 0, truth.faults.length > 0);
    });
  }
});

type Own = { readonly addresses: Set<string>; readonly opened: Map<string, string>; readonly first: number };

function observe(
  stream: Iterable<Simulated>,
  from: number,
  to: number,
): { signIns: number; failures: number; campaigns: Map<string, Own> } {
  const campaigns = new Map<string, Own>();
  let last = from;
  let signIns = 0;
  let failures = 0;
  for (const { signIn, label, campaignId } of stream) {
    assert.ok(signIn.at >= last && signIn.at < to);
    assert.equal(signIn.outcome === "success", signIn.reason === "");
    assert.equal(label === "campaign", campaignId !== "");
    last = signIn.at;
    signIns += 1;
    if (signIn.outcome === "failure") failures += 1;
    if (label !== "campaign") continue;
    const own = campaigns.get(campaignId) ?? { addresses: new Set(), opened: new Map(), first: signIn.at };
    campaigns.set(campaignId, own);
    own.addresses.add(signIn.address);
    const isFirst = signIn.outcome === "success" && !own.opened.has(signIn.account);
    if (isFirst) own.opened.set(signIn.account, `${signIn.at} ${signIn.address}`);
  }
  return { signIns, failures, campaigns };
}

describe("rates are what they are said to be", () => {
  test("members sign in 0.7 to 2.5 times a day, and mistype on 2% to 5.5% of sign-ins", () => {
    for (const seed of [1, 2, 3]) {
      let signIns = 0;
      let wrong = 0;
      for (const { signIn, label } of simulate("quiet", { seed, accounts: 2000, days: 14 })) {
        if (label !== "benign" || signIn.account.startsWith("svc-")) continue;
        signIns += 1;
        // What people type, without the devices that repeat an old password.
        const typed = signIn.service === "webmail" || signIn.service === "sso" || signIn.service === "vpn";
        if (signIn.outcome === "failure" && typed) wrong += 1;
      }
      const perDay = signIns / (2000 * 14);
      assert.ok(perDay > 0.7 && perDay < 2.5, `${perDay} a day`);
      const share = wrong / signIns;
      assert.ok(share > 0.02 && share < 0.055, `${share} mistyped`);
    }
  });

  test("two offices hide hundreds of people each, a carrier's address several, a home one or two", () => {
    const people = new Map<string, Set<string>>();
    for (const { signIn, label } of simulate("quiet", { seed: 5, accounts: 2000, days: 7 })) {
      if (label !== "benign") continue;
      const behind = people.get(signIn.address) ?? new Set();
      people.set(signIn.address, behind.add(signIn.account));
    }
    const sizes = [...people.values()].map((behind) => behind.size).sort((one, other) => other - one);
    assert.ok((sizes[1] ?? 0) > 300, `second office: ${sizes[1]}`);
    assert.ok((sizes[200] ?? 0) >= 2, `a carrier's: ${sizes[200]}`);
    assert.ok((sizes.at(-1) ?? 0) === 1);
  });

  test("one office can hide more than 5,000 people behind one address", () => {
    const behind = new Map<string, Set<string>>();
    for (const { signIn, label } of simulate("quiet-one-office", { seed: 1 })) {
      if (label === "benign") behind.set(signIn.address, (behind.get(signIn.address) ?? new Set()).add(signIn.account));
    }
    const [first = 0, second = 0] = [...behind.values()].map(({ size }) => size).sort((one, other) => other - one);
    assert.ok(first > 5_000 && second < 1_000, `${first} and ${second}`);
  });

  test("in the holidays hardly anybody signs in, and on the Monday after many have forgotten", () => {
    const simulation = simulate("quiet-holidays", { seed: 1, accounts: 2000, days: 28 });
    const { holidayFrom, holidayTo } = simulation.world.habits;
    const signIns = Array.from({ length: 28 }, () => 0);
    const failures = Array.from({ length: 28 }, () => 0);
    for (const { signIn, label } of simulation) {
      const day = Math.floor((signIn.at - simulation.world.from) / DAY);
      if (label !== "benign" || signIn.account.startsWith("svc-")) continue;
      signIns[day] = (signIns[day] ?? 0) + 1;
      if (signIn.outcome === "failure") failures[day] = (failures[day] ?? 0) + 1;
    }
    const tuesdayOff = signIns[holidayTo - 6] ?? 0;
    assert.ok(holidayTo - 6 > holidayFrom && tuesdayOff < 0.3 * (signIns[1] ?? 0), `${tuesdayOff} of ${signIns[1]}`);
    assert.ok((failures[holidayTo] ?? 0) > 1.5 * (failures[7] ?? 0), `${failures[holidayTo]}, not ${failures[7]}`);
  });

  test("an attacker inside has so many of the addresses that members use", () => {
    const share = (name: string): number => {
      const members = new Set<string>();
      const simulation = simulate(name, { seed: 2, accounts: 3000, days: 14 });
      for (const { signIn, label } of simulation) if (label === "benign") members.add(signIn.address);
      const addresses = simulation.truth().campaigns[0]?.addresses ?? [];
      return addresses.filter((address) => members.has(address)).length / addresses.length;
    };
    const [none, one, ten] = [share("spray-slow-500"), share("spray-slow-inside-1"), share("spray-slow-inside-10")];
    assert.ok(none < 0.002 && one > 0.001 && one < 0.03 && ten > 0.04 && ten < 0.16, `${none}, ${one}, ${ten}`);
  });

  test("background noise comes at its rate, from small bots, mostly at names that nobody has", () => {
    for (const [name, rate] of [
      ["quiet-noise-25", 25],
      ["quiet-noise-250", 250],
      ["quiet-noise-2500", 2500],
    ] as const) {
      const perAddress = new Map<string, number>();
      let guesses = 0;
      let valid = 0;
      for (const { signIn, label } of simulate(name, { seed: 4, ...small })) {
        if (label !== "background") continue;
        guesses += 1;
        if (signIn.reason !== "unknown-account") valid += 1;
        perAddress.set(signIn.address, (perAddress.get(signIn.address) ?? 0) + 1);
      }
      assert.ok(Math.abs(guesses / (rate * 14) - 1) < 0.3, `${guesses} guesses`);
      assert.ok(valid / guesses < 0.4);
      assert.ok(Math.max(...perAddress.values()) <= 60);
    }
  });

  test("a slow spray keeps to its addresses' and accounts' limits, and to its rate", () => {
    for (const seed of [1, 2, 3, 4]) {
      const simulation = simulate("spray-slow-200", { seed, accounts: 3000, days: 14 });
      const perAddress = new Map<string, number>();
      const perAccountDay = new Map<string, number>();
      for (const { signIn, campaignId } of simulation) {
        if (campaignId === "" || signIn.outcome === "success") continue;
        perAddress.set(signIn.address, (perAddress.get(signIn.address) ?? 0) + 1);
        const day = `${signIn.account} ${Math.floor(signIn.at / DAY)}`;
        perAccountDay.set(day, (perAccountDay.get(day) ?? 0) + 1);
      }
      assert.ok(Math.max(...perAddress.values()) <= 2);
      assert.equal(Math.max(...perAccountDay.values()), 1);
      const [campaign] = simulation.truth().campaigns;
      assert.ok(campaign !== undefined);
      const perDay = campaign.attempts / ((campaign.last - campaign.first) / DAY);
      assert.ok(perDay > 70 && perDay < 290, `${perDay} a day`);
    }
  });

  test("the attack of June 2017 tries everybody over a weekend and reaches 26 users and 39 mailboxes of 9,000", () => {
    const simulation = simulate("june-2017", { seed: 1 });
    for (const one of simulation) assert.ok(one.signIn.at > 0);
    const [campaign] = simulation.truth().campaigns;
    assert.ok(campaign !== undefined);
    assert.ok(campaign.accountsTargeted.length > 8_900);
    // Three of the 26 are members, reached through their staff; 13 mailboxes are neither's.
    assert.equal(campaign.fallen.length, 23);
    const kindOf = new Map(simulation.world.accounts.map(({ name, kind }) => [name, kind]));
    const reached = campaign.mailboxesReached.map(({ mailbox }) => kindOf.get(mailbox));
    assert.equal(reached.length, 39 - 23);
    assert.equal(reached.filter((kind) => kind === "member").length, 3);
    assert.ok(campaign.mailboxesReached.every(({ through }) => campaign.fallen.some((one) => one.account === through)));
    assert.ok(campaign.last - campaign.first < 3 * DAY);
  });

  test("stuffing opens 0.3% to 3% of the accounts whose pairs it has, each tried once", () => {
    const tried = new Map<string, number>();
    const simulation = simulate("stuffing", { seed: 2 });
    for (const { signIn, campaignId, passwordId } of simulation) {
      if (campaignId !== "" && passwordId !== 0) tried.set(signIn.account, (tried.get(signIn.account) ?? 0) + 1);
    }
    const [campaign] = simulation.truth().campaigns;
    assert.ok(campaign !== undefined);
    const share = campaign.fallen.length / campaign.accountsTargeted.length;
    assert.ok(share > 0.003 && share < 0.03, `${share}`);
    assert.ok(campaign.namesInvalid.length > campaign.accountsTargeted.length * 0.5);
  });
});
