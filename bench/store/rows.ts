/** Sign-ins to keep, seeded: an institution of 9,000 accounts over a month, with a tenth of guesses at names of all kinds. */
import type { Arrival } from "#/inputs/input.ts";
import { type Random, seededRandom } from "#/platform/random.ts";
import { millis } from "#/platform/units.ts";

const ACCOUNTS = 9_000;
const DAYS = 30;
const clients = ["", "Thunderbird 140.5", "Apple Mail 16.0", "Outlook-iOS-Android/1.0"] as const;

export const start = millis(Date.UTC(2026, 2, 2));
const span = DAYS * 86_400_000;

export const accountName = (number: number): string => `user${number}@parliament.example`;

export function makeRows(count: number, seed: number): readonly Arrival[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, (_, index) => makeRow(index, Math.floor((index * span) / count), random));
}

function makeRow(index: number, after: number, random: Random): Arrival {
  const pick = (below: number): number => Math.floor(random() * below);
  const isGuess = random() < 0.1;
  const account = isGuess && random() < 0.5 ? `guess${pick(1_000_000)}` : accountName(pick(ACCOUNTS));
  return {
    id: `64769:1311:${index * 180}`,
    signIn: {
      at: millis(start + after),
      outcome: isGuess ? "failure" : "success",
      reason: isGuess ? "bad-password" : "",
      account,
      accountGiven: account,
      address: isGuess ? `203.0.${pick(256)}.${pick(256)}` : `198.51.${pick(100)}.${pick(200)}`,
      service: random() < 0.8 ? "imap" : "submission",
      server: random() < 0.5 ? "mx1" : "mx2",
      client: clients[pick(clients.length)] ?? "",
      count: 1,
      passwordFingerprint: "",
      source: "dovecot",
    },
  };
}
