/** Scenarios that only the benchmark plays: what a target asks for by the clock, and what is held out until the end. */
import { classicSpray, slowSpray } from "../../sim/attackers/spray.ts";
import { credentialStuffing } from "../../sim/attackers/stuffing.ts";
import { badSync, directoryOutage, massLockout, oneServer } from "../../sim/faults.ts";
import type { Scenario } from "../../sim/scenarios/scenario.ts";
import { scenarioNamed, scenarios } from "../../sim/scenarios/scenarios.ts";
import { DAY, type FaultPlan, HOUR, MINUTE, type World } from "../../sim/world.ts";

const background = [0, 25, 250];

/** The same trouble on the same day at another hour. */
function atHour(world: World, plan: FaultPlan, hour: number): FaultPlan {
  const from = plan.from + (hour - world.hourOf(plan.from)) * HOUR;
  return { ...plan, from, to: from + (plan.to - plan.from) };
}

const atNine = (name: string, title: string, fault: typeof directoryOutage): Scenario => ({
  name: `fault-${name}-at-nine`,
  title: `${title}, from nine in the morning`,
  conclusion: "fault",
  background,
  faults: (world, rng) => [atHour(world, fault(world, rng), 9)],
});

const nineScenarios: readonly Scenario[] = [
  atNine("outage", "The directory does not answer", directoryOutage),
  atNine("bad-sync", "A cohort's passwords are wrong", badSync),
  atNine("lockout", "Accounts locked in their hundreds", massLockout),
  atNine("one-server", "One server cannot reach the directory", oneServer),
];

/** What a target says of the noise, where the scenario leaves that to the seed. */
const noiseScenarios: readonly Scenario[] = [
  {
    name: "spray-slow-20-noise-25",
    title: "Low and slow, 18 to 24 a day, in 25 guesses a day of noise",
    conclusion: "attack",
    background: [25],
    attacks: () => [slowSpray({ perDay: [18, 24], perAddress: [1, 1] })],
  },
];

/** The slow sprays of every rate once more, where the source carries a keyed fingerprint of the password. */
const fingerprintScenarios: readonly Scenario[] = ["5000", "1000", "200", "50", "20"].map((rate) => ({
  ...scenarioNamed(`spray-slow-${rate}`),
  name: `spray-slow-${rate}-fingerprints`,
  fingerprints: "own",
}));

/** A held-out scenario has a size of its own. */
export type HeldOut = { readonly scenario: Scenario; readonly accounts: number };

const weekendNight =
  (hour: number): ((attacker: { readonly world: World }) => number) =>
  ({ world }) =>
    world.midnight(Math.max(1, Math.floor((world.days - 2) / 7) * 7 - 2)) + hour * HOUR;

/** Rates, orders, hours and sizes that no other scenario has. Nobody looks at these while building. */
export const heldOut: readonly HeldOut[] = [
  {
    accounts: 4_000,
    scenario: {
      name: "held-out-spray-night",
      title: "90 to 130 guesses a day in the order of the alphabet, from a Saturday at three, an address each",
      conclusion: "attack",
      background: [60],
      attacks: () => [
        slowSpray({
          perDay: [90, 130],
          perAddress: [1, 1],
          alphabetical: true,
          invalidShare: 0.3,
          from: weekendNight(3),
        }),
      ],
    },
  },
  {
    accounts: 15_000,
    scenario: {
      name: "held-out-spray-inside",
      title: "Low and slow, a sixth of the addresses in use by members at that time",
      conclusion: "attack",
      background: [600],
      attacks: () => [
        slowSpray({
          perDay: [700, 1_200],
          perAddress: [1, 4],
          alphabetical: false,
          insideShare: 0.17,
          atHomeShare: 0.2,
        }),
      ],
    },
  },
  {
    accounts: 2_500,
    scenario: {
      name: "held-out-stuffing",
      title: "Leaked pairs, 500 to 900 a day, two to four from an address, half the phones out of date",
      conclusion: "attack",
      background: [100],
      habits: () => ({ staleShare: 0.5, lockAfter: 7 }),
      attacks: () => [credentialStuffing({ perDay: [500, 900], perAddress: [2, 4] })],
    },
  },
  {
    accounts: 900,
    scenario: {
      name: "held-out-spray-small",
      title: "A small institution, two addresses, one round",
      conclusion: "attack",
      background: [10],
      attacks: () => [classicSpray({ addresses: [2, 2], rounds: [1, 1] })],
    },
  },
  {
    accounts: 6_000,
    scenario: {
      name: "held-out-outage-evening",
      title: "The directory does not answer from half past seven in the evening, in noise",
      conclusion: "fault",
      background: [900],
      faults: (world, rng) => [atHour(world, directoryOutage(world, rng), 19.5)],
    },
  },
  {
    accounts: 12_000,
    scenario: {
      name: "held-out-spray-and-outage",
      title: "A slow spray that begins while the directory is down",
      conclusion: "attack-and-fault",
      background: [60],
      faults: (world, rng) => {
        const plan = directoryOutage(world, rng);
        return [{ ...plan, to: Math.max(plan.to, plan.from + HOUR) }];
      },
      attacks: (world, rng) => [
        slowSpray({
          perDay: [1_500, 4_000],
          perAddress: [1, 1],
          from: () => (world.faults[0]?.from ?? world.from + DAY) + rng.between(5, 40) * MINUTE,
        }),
      ],
    },
  },
  {
    accounts: 7_000,
    scenario: {
      name: "held-out-quiet-mix",
      title: "Nobody attacks: journeys, newcomers, old passwords on phones and hidden names, all at once",
      conclusion: "quiet",
      background: [120],
      habits: (rng, days) => ({
        travelShare: rng.between(0.08, 0.12),
        staleShare: 0.4,
        changeEvery: 60,
        namesHidden: true,
        joinDay: Math.floor((days - 1) / 7) * 7,
        joinShare: 0.05,
      }),
    },
  },
];

/** Everything that is not held out. */
export const benchScenarios: readonly Scenario[] = [
  ...scenarios,
  ...nineScenarios,
  ...noiseScenarios,
  ...fingerprintScenarios,
];

export function benchScenario(name: string): Scenario {
  const found = [...benchScenarios, ...heldOut.map(({ scenario }) => scenario)].find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`no scenario "${name}" in the benchmark`);
  return found;
}
