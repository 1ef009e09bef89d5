/** Attackers, from the loud to the patient, and attackers while the institution has trouble of its own. */
import { fewAccountsGuessing, noisyGuessing, sshBruteForce, targetedGuessing } from "../attackers/guessing.ts";
import { classicSpray, slowSingle, slowSpray } from "../attackers/spray.ts";
import { parliamentSpray } from "../attackers/june-2017.ts";
import { credentialStuffing } from "../attackers/stuffing.ts";
import { badSync, brokenClient, directoryOutage, massLockout, oneServer } from "../faults.ts";
import { DAY, HOUR } from "../world.ts";
import type { Scenario } from "./scenario.ts";

const background = [0, 25, 250];

const attack = (
  name: string,
  title: string,
  attacks: Scenario["attacks"] & object,
  more: Partial<Scenario> = {},
): Scenario => ({
  name,
  title,
  conclusion: "attack",
  background,
  attacks,
  ...more,
});

export const attackScenarios: readonly Scenario[] = [
  attack("guessing-noisy", "One address, one account, hundreds of guesses", () => [noisyGuessing()]),
  attack("guessing-few", "One address, a handful of accounts", () => [fewAccountsGuessing()]),
  attack("guessing-ssh", "One address, invalid names over SSH", () => [sshBruteForce()]),
  attack("guessing-targeted", "One account from many addresses over days", () => [targetedGuessing()]),
  attack("spray-classic", "One address goes through the list", () => [
    classicSpray({ addresses: [1, 1], rounds: [1, 4] }),
  ]),
  attack("spray-network", "A handful of addresses of one network", () => [
    classicSpray({ addresses: [3, 20], rounds: [1, 4] }),
  ]),
  attack("spray-slow-5000", "Low and slow, 2,000 to 5,000 guesses a day", () => [
    slowSpray({ perDay: [2000, 5000], perAddress: [1, 3] }),
  ]),
  attack("spray-slow-1000", "Low and slow, 900 to 1,100 a day", () => [
    slowSpray({ perDay: [900, 1100], perAddress: [1, 3] }),
  ]),
  attack("spray-slow-500", "Low and slow, 300 to 800 a day", () => [
    slowSpray({ perDay: [300, 800], perAddress: [1, 3] }),
  ]),
  attack("spray-slow-200", "Low and slow, 150 to 250 a day", () => [
    slowSpray({ perDay: [150, 250], perAddress: [1, 2] }),
  ]),
  attack("spray-slow-50", "Low and slow, 40 to 60 a day", () => [slowSpray({ perDay: [40, 60], perAddress: [1, 2] })]),
  attack("spray-slow-20", "Low and slow, 18 to 24 a day", () => [slowSpray({ perDay: [18, 24], perAddress: [1, 1] })]),
  attack("spray-slow-10", "Low and slow, 10 to 20 a day", () => [slowSpray({ perDay: [10, 20], perAddress: [1, 1] })]),
  attack("spray-slow-alphabetical", "Low and slow in the order of the alphabet, with invalid names", () => [
    slowSpray({ perDay: [100, 1000], perAddress: [1, 2], alphabetical: true, invalidShare: 0.12 }),
  ]),
  attack("spray-slow-alphabetical-valid", "Low and slow in the order of the alphabet, real names only", () => [
    slowSpray({ perDay: [100, 1000], perAddress: [1, 2], alphabetical: true, invalidShare: 0 }),
  ]),
  attack("spray-slow-random-invalid", "Low and slow in random order, with invalid names", () => [
    slowSpray({ perDay: [100, 1000], perAddress: [1, 2], alphabetical: false, invalidShare: 0.12 }),
  ]),
  attack("spray-slow-random", "Low and slow in random order, real names only", () => [
    slowSpray({ perDay: [100, 1000], perAddress: [1, 2], alphabetical: false, invalidShare: 0 }),
  ]),
  attack("spray-slow-unpopular", "Low and slow, no password used more than twice", () => [
    slowSpray({ perDay: [150, 600], perAddress: [1, 2], avoidsPopular: true, alphabetical: false }),
  ]),
  attack("spray-slow-carriers", "Low and slow, a third of the addresses are members' own carriers'", () => [
    slowSpray({ perDay: [150, 600], perAddress: [1, 2], atHomeShare: 0.33 }),
  ]),
  attack("spray-slow-inside-1", "Low and slow, 1% of the addresses are ones that members use, too", () => [
    slowSpray({ perDay: [150, 600], perAddress: [1, 2], insideShare: 0.01 }),
  ]),
  attack("spray-slow-inside-10", "Low and slow, 10% of the addresses are ones that members use, too", () => [
    slowSpray({ perDay: [150, 600], perAddress: [1, 2], insideShare: 0.1 }),
  ]),
  attack(
    "spray-slow-one-office",
    "Low and slow, while all members sit behind one address",
    () => [slowSpray({ perDay: [150, 600], perAddress: [1, 2] })],
    { habits: () => ({ officeShare: 1, oneOffice: true }) },
  ),
  attack(
    "spray-slow-holidays",
    "Low and slow, in the holidays",
    () => [slowSpray({ perDay: [150, 600], perAddress: [1, 2] })],
    { habits: (_, days) => ({ holidayFrom: Math.ceil(days * 0.3), holidayTo: days + 1 }) },
  ),
  attack("spray-from-office", "A machine in the office goes through the list", () => [
    classicSpray({ addresses: [1, 1], rounds: [1, 2], fromOffice: true }),
  ]),
  attack(
    "spray-slow-noise",
    "Low and slow in 2,500 guesses a day of noise",
    () => [slowSpray({ perDay: [200, 600], perAddress: [1, 2] })],
    {
      background: [2500],
    },
  ),
  attack(
    "spray-slow-names-hidden",
    "Low and slow where the log does not tell wrong names",
    () => [slowSpray({ perDay: [150, 600], perAddress: [1, 3] })],
    { habits: () => ({ namesHidden: true }) },
  ),
  attack("spray-one-sixth", "Every guess from another address of one IPv6 /64", () => [
    slowSpray({ perDay: [150, 2000], perAddress: [1, 1], oneSixth: true }),
  ]),
  attack("spray-slow-single", "One address, one guess every six minutes", () => [slowSingle()]),
  attack("stuffing", "Leaked pairs, each tried once", () => [
    credentialStuffing({ perDay: [1000, 10_000], perAddress: [1, 8] }),
  ]),
  attack("stuffing-slow", "Leaked pairs, a few hundred a day, an address each", () => [
    credentialStuffing({ perDay: [150, 500], perAddress: [1, 1] }),
  ]),
  attack("stuffing-network", "Leaked pairs from a handful of addresses of one network, within hours", () => [
    credentialStuffing({ perDay: [5000, 60_000], perAddress: [1, 20], fromNetwork: 8 }),
  ]),
  attack("june-2017", "The attack of June 2017: every account, one weekend", () => [parliamentSpray()], {
    weakShare: 0,
  }),
  attack(
    "spray-then-use",
    "A slow spray that opens a few, which are used days later from elsewhere",
    () => [slowSpray({ perDay: [600, 2500], perAddress: [1, 3] })],
    { weakShare: 0.03 },
  ),
  attack(
    "stolen-passwords-sold",
    "A slow spray, whose passwords others use hours or days later with clients like everybody's, while many travel",
    () => [slowSpray({ perDay: [600, 2500], perAddress: [1, 3], sold: [HOUR, 5 * DAY] })],
    { weakShare: 0.03, habits: () => ({ travelShare: 0.06 }) },
  ),
  attack(
    "stolen-passwords-no-client",
    "The same where the log has no clients",
    () => [slowSpray({ perDay: [600, 2500], perAddress: [1, 3], sold: [HOUR, 5 * DAY] })],
    { weakShare: 0.03, habits: () => ({ travelShare: 0.06, clientsHidden: true }) },
  ),
  attack(
    "spray-fingerprints",
    "Low and slow, 15 to 25 a day, where the log carries fingerprints of passwords",
    () => [slowSpray({ perDay: [15, 25], perAddress: [1, 1] })],
    { fingerprints: "own" },
  ),
  attack(
    "spray-fingerprints-popular",
    "Low and slow with the passwords that all bots try, in 250 guesses a day of noise, with fingerprints",
    () => [slowSpray({ perDay: [150, 250], perAddress: [1, 2] })],
    { fingerprints: "worlds", background: [250] },
  ),
  attack("spray-and-guessing", "A slow spray with a noisy guesser as cover", () => [
    slowSpray({ perDay: [200, 1000], perAddress: [1, 2] }),
    noisyGuessing(),
  ]),
];

const duringFault = (name: string, title: string, fault: typeof directoryOutage): Scenario => ({
  name,
  title,
  conclusion: "attack-and-fault",
  background,
  faults: (world, rng) => [fault(world, rng)],
  // The campaign runs before, during and after the fault.
  attacks: (world, rng) => [
    slowSpray({
      perDay: [600, 3000],
      perAddress: [1, 2],
      from: () => Math.max(world.from + DAY, (world.faults[0]?.from ?? world.from) - rng.between(1, 20) * HOUR),
    }),
  ],
});

export const combinedScenarios: readonly Scenario[] = [
  duringFault("spray-and-outage", "A slow spray while the directory is down", directoryOutage),
  duringFault("spray-and-bad-sync", "A slow spray while a cohort's passwords are wrong", badSync),
  duringFault("spray-and-lockout", "A slow spray while accounts are locked in their hundreds", massLockout),
  duringFault("spray-and-client", "A slow spray while a client's new release sends wrong passwords", brokenClient),
  {
    name: "stuffing-and-outage",
    title: "Leaked pairs, tried while the directory is down and after",
    conclusion: "attack-and-fault",
    background,
    faults: (world, rng) => [directoryOutage(world, rng)],
    attacks: () => [credentialStuffing({ perDay: [1000, 10_000], perAddress: [1, 8] })],
  },
  duringFault("spray-and-one-server", "A slow spray while one server cannot reach the directory", oneServer),
  {
    name: "spray-and-expiry",
    title: "A slow spray around the Monday after passwords expired",
    conclusion: "attack",
    accepted: ["attack-and-fault"],
    background,
    habits: (rng, days) => ({
      expiryDay: Math.max(0, Math.floor((days - 1) / 7) * 7),
      expiryShare: rng.between(0.2, 0.5),
      staleShare: 0.3,
    }),
    attacks: () => [slowSpray({ perDay: [400, 3000], perAddress: [1, 2] })],
  },
];
