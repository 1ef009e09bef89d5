/** The institution's own trouble, with no attacker but the internet's everyday noise. */
import {
  badSync,
  brokenClient,
  directoryOutage,
  flappingOutage,
  massLockout,
  nightOutage,
  oneServer,
  partialOutage,
} from "../faults.ts";
import type { Scenario } from "./scenario.ts";

const background = [0, 25, 250];

export const faultScenarios: readonly Scenario[] = [
  {
    name: "fault-outage",
    title: "The directory does not answer",
    conclusion: "fault",
    background,
    faults: (world, rng) => [directoryOutage(world, rng)],
  },
  {
    name: "fault-bad-sync",
    title: "A cohort's passwords are wrong after a synchronisation",
    conclusion: "fault",
    background,
    faults: (world, rng) => [badSync(world, rng)],
  },
  {
    name: "fault-client",
    title: "A client's new release sends wrong passwords",
    conclusion: "fault",
    background,
    faults: (world, rng) => [brokenClient(world, rng)],
  },
  {
    name: "fault-one-server",
    title: "One server's certificate has expired",
    conclusion: "fault",
    background,
    faults: (world, rng) => [oneServer(world, rng)],
  },
  {
    name: "fault-lockout",
    title: "Accounts locked in their hundreds, after a false alarm of leaked passwords",
    conclusion: "fault",
    background,
    faults: (world, rng) => [massLockout(world, rng)],
  },
  {
    name: "fault-outage-noise",
    title: "The directory does not answer, in heavy noise from the internet",
    conclusion: "fault",
    background: [2500],
    faults: (world, rng) => [directoryOutage(world, rng)],
  },
  {
    name: "fault-outage-office",
    title: "The directory does not answer, nearly everybody in the office",
    conclusion: "fault",
    background,
    habits: () => ({ officeShare: 1 }),
    faults: (world, rng) => [directoryOutage(world, rng)],
  },
  {
    name: "fault-outage-flapping",
    title: "The directory answers for some minutes and not for others",
    conclusion: "fault",
    background,
    faults: (world, rng) => [flappingOutage(world, rng)],
  },
  {
    name: "fault-outage-partial",
    title: "The directory is overloaded, a good part of all questions time out",
    conclusion: "fault",
    background,
    faults: (world, rng) => [partialOutage(world, rng)],
  },
  {
    name: "fault-outage-night",
    title: "The directory does not answer at night, when only devices notice",
    conclusion: "fault",
    background,
    faults: (world, rng) => [nightOutage(world, rng)],
  },
];
