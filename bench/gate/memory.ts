/**
 * How much memory a full gate takes, and how long a verdict: a million accounts, each with a familiar network of its own, and a quarter of a
 * million attacking addresses. Run: node scripts/run.mjs --dev bench/gate/memory.ts [accounts]
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { areaOf, networkKey } from "#/familiarity/networks.ts";
import type { Attempt } from "#/gate/attempt.ts";
import { Gate } from "#/gate/gate.ts";
import { defaults } from "#/gate/settings.ts";
import { systemClock } from "#/platform/clock.ts";
import { days, millis } from "#/platform/units.ts";

const accounts = Number(process.argv[2] ?? 1_000_000);
const DECISIONS = 1_000_000;
const START = millis(Date.UTC(2026, 2, 2));
const END = millis(START + days(1));

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Text as it comes out of a request: flat, and nobody else's. */
const flat = (text: string): string => Buffer.from(text).toString("latin1");
const nameOf = (index: number): string => flat(`first.lastname${index}@example.org`);
/** A /24 for each account below 16 million, never the same twice. */
const addressOf = (index: number): string => flat(`${index >>> 16}.${(index >>> 8) & 255}.${index & 255}.7`);

const used = (): number => {
  collect();
  const { heapUsed, arrayBuffers, external } = process.memoryUsage();
  return heapUsed + Math.max(arrayBuffers, external);
};
const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

const before = used();
const gate = new Gate(defaults, { accountsMax: accounts, familiarFor: days(90) });
for (let index = 0; index < accounts; index += 1) {
  const address = addressOf(index);
  const [network, area] = [networkKey(address), areaOf(address)];
  gate.apply({ kind: "familiar", account: nameOf(index), network, area, client: "", first: START, at: START });
}
gate.setReady();
const familiar = used();
for (let index = 0; index < defaults.threatsMax; index += 1) {
  const why = flat(`this address failed on ${5 + (index % 90)} accounts and got into none`);
  const subject = addressOf(16_000_000 + index);
  gate.apply({ kind: "threat", threat: "attacking-address", subject, since: START, until: END, why });
}
const full = used();

const attempts: Attempt[] = Array.from({ length: 4_096 }, (_, index) => ({
  at: START,
  account: nameOf((index * 7_919) % accounts),
  accountGiven: "",
  // A third each from home, from nowhere in particular, and from addresses that guess.
  address: addressOf(
    index % 3 === 0 ? (index * 7_919) % accounts : index % 3 === 1 ? 15_000_000 + index : 16_000_000 + index,
  ),
  service: "imap",
  server: "mx1",
  client: "",
  passwordFingerprint: "",
}));
const codes = new Map<string, number>();
const started = systemClock.ticks();
for (let index = 0; index < DECISIONS; index += 1) {
  const attempt = attempts[index % attempts.length];
  if (attempt === undefined) continue;
  const { code } = gate.decide(attempt);
  codes.set(code, (codes.get(code) ?? 0) + 1);
}
const took = (systemClock.ticks() - started) / DECISIONS;

process.stdout.write(
  `${accounts.toLocaleString("en-US")} accounts with a network each: ${megabytes(familiar - before)}\n` +
    `${defaults.threatsMax.toLocaleString("en-US")} attacking addresses: ${megabytes(full - familiar)}\n` +
    `resident: ${megabytes(process.memoryUsage().rss)}\n` +
    `a verdict: ${(took * 1_000).toFixed(2)} µs (${[...codes].map(([code, count]) => `${code} ${count}`).join(", ")})\n`,
);
