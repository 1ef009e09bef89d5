/** Nothing happens, in ways that have been taken for attacks. */
import type { Scenario } from "./scenario.ts";

export const quietScenarios: readonly Scenario[] = [
  { name: "quiet", title: "Ordinary days", conclusion: "quiet", background: [0, 25, 250] },
  {
    name: "quiet-noise-25",
    title: "Ordinary days, 25 guesses a day from the internet",
    conclusion: "quiet",
    background: [25],
  },
  { name: "quiet-noise-250", title: "Ordinary days, 250 guesses a day", conclusion: "quiet", background: [250] },
  { name: "quiet-noise-2500", title: "Ordinary days, 2,500 guesses a day", conclusion: "quiet", background: [2500] },
  {
    name: "quiet-office",
    title: "Nearly everybody behind two office addresses",
    conclusion: "quiet",
    background: [25, 250],
    habits: () => ({ officeShare: 1 }),
  },
  {
    name: "quiet-one-office",
    title: "Everybody behind one address, 5,000 people and more where there are 9,000",
    conclusion: "quiet",
    background: [25, 250],
    habits: () => ({ officeShare: 1, oneOffice: true }),
  },
  {
    name: "quiet-holidays",
    title: "Holidays, and the Monday on which all come back and many have forgotten",
    conclusion: "quiet",
    background: [25, 250],
    habits: (_, days) => {
      const back = Math.max(2, Math.floor((days - 1) / 7) * 7);
      return { holidayFrom: Math.max(2, back - 12), holidayTo: back };
    },
  },
  {
    name: "quiet-fingerprints",
    title: "Ordinary days with fingerprints of passwords, many of them everybody's favourites",
    conclusion: "quiet",
    background: [25, 250, 2500],
    fingerprints: "worlds",
  },
  {
    name: "quiet-webmail-proxy",
    title: "All webmail sign-ins show the webmail server's address",
    conclusion: "quiet",
    background: [25, 250],
    habits: () => ({ webmailProxy: true }),
  },
  {
    name: "quiet-travel",
    title: "Recess: a fifth of all people abroad",
    conclusion: "quiet",
    background: [25, 250],
    habits: (rng) => ({ travelShare: rng.between(0.15, 0.25), officeShare: 0.3 }),
  },
  {
    name: "quiet-expiry-monday",
    title: "Monday after a quarter or more of all passwords expired",
    conclusion: "quiet",
    accepted: ["fault"],
    background: [25, 250],
    habits: (rng, days) => ({
      expiryDay: Math.max(0, Math.floor((days - 1) / 7) * 7),
      expiryShare: rng.between(0.2, 0.5),
      staleShare: 0.35,
    }),
  },
  {
    name: "quiet-stale-phones",
    title: "Many phones keep trying an old password",
    conclusion: "quiet",
    background: [25, 250],
    habits: (rng) => ({ changeEvery: rng.between(40, 90), staleShare: 0.5 }),
  },
  {
    name: "quiet-newcomers",
    title: "A Monday on which many people start",
    conclusion: "quiet",
    background: [25, 250],
    habits: (rng, days) => ({ joinDay: Math.floor((days - 1) / 7) * 7, joinShare: rng.between(0.08, 0.25) }),
  },
  {
    name: "quiet-clumsy",
    title: "Strict lockout after five wrong passwords, and everybody at work twice as much",
    conclusion: "quiet",
    background: [25, 250],
    habits: () => ({ lockAfter: 5, intensity: 2 }),
  },
  {
    name: "quiet-names-hidden",
    title: "Ordinary days where the log does not tell wrong names from wrong passwords",
    conclusion: "quiet",
    background: [25, 250],
    habits: () => ({ namesHidden: true }),
  },
];
