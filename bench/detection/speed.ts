/**
 * node scripts/run.mjs --dev bench/detection/speed.ts [--runs N] [--sizes 9000,100000,1000000] [--out FILE]
 * How many sign-ins a second the judge takes with every detector on, on one core, and how large its state is: sign-ins are made
 * a chunk at a time, and only detection is timed. Writes docs/detection-speed.md. It asserts nothing: machines differ.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { arch, cpus, totalmem, type } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Judge } from "#/incidents/judge.ts";
import { days } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";
import { slowSpray } from "../../sim/attackers/spray.ts";
import type { Scenario } from "../../sim/scenarios/scenario.ts";
import { simulate } from "../../sim/simulate.ts";
import { plain, table } from "./text.ts";

const root = join(import.meta.dirname, "..", "..");
/** Long enough for a million sign-ins or so at 9,000 accounts. */
const daysOf = (accounts: number): number => (accounts > 50_000 ? 14 : 56);
/** Sign-ins that are made at a time, then timed. */
const CHUNK = 200_000;

/** Everything at once, as busy for its size whatever the size: a guess of the internet's for every 36th account a day. */
const busy = (accounts: number): Scenario => ({
  name: "speed",
  title: "Members, noise and a slow spray",
  conclusion: "attack",
  background: [accounts / 36],
  attacks: () => [slowSpray({ perDay: [accounts / 15, accounts / 10], perAddress: [1, 2] })],
});

type Measured = {
  readonly accounts: number;
  readonly signIns: number;
  readonly perSecond: number;
  /** MB of heap that the judge holds after two weeks, and at the end, after collection. */
  readonly fortnightMb: number;
  readonly stateMb: number;
  readonly origins: number;
  readonly concludeMs: number;
};

/** In a process of its own, which was started with its garbage collection exposed. */
function measure(accounts: number): Measured {
  // The first chunk twice: what is compiled while it runs is not timed.
  const warm = new Judge();
  for (const chunk of chunksOf(accounts)) {
    warm.add(chunk);
    break;
  }
  const before = heapUsed();
  const judge = new Judge();
  let seconds = 0;
  let signIns = 0;
  let fortnight = Number.NaN;
  let from = Number.NaN;
  for (const chunk of chunksOf(accounts)) {
    const start = process.cpuUsage();
    judge.add(chunk);
    const { user, system } = process.cpuUsage(start);
    seconds += (user + system) / 1e6;
    signIns += chunk.length;
    if (Number.isNaN(from)) from = chunk[0]?.at ?? 0;
    // The chunk that ends after two weeks or just before.
    const isFortnight = (chunk.at(-1)?.at ?? 0) - from > days(13);
    // What has been handed over is not the judge's.
    chunk.length = 0;
    if (Number.isNaN(fortnight) && isFortnight) fortnight = (heapUsed() - before) / 2 ** 20;
  }
  const stateMb = (heapUsed() - before) / 2 ** 20;
  const start = process.cpuUsage();
  const conclusion = judge.conclude({ files: [], signIns, zoneAssumed: undefined });
  const { user, system } = process.cpuUsage(start);
  return {
    accounts,
    signIns,
    perSecond: signIns / seconds,
    fortnightMb: fortnight,
    stateMb,
    origins: conclusion.read.addresses,
    concludeMs: (user + system) / 1_000,
  };
}

function heapUsed(): number {
  if (globalThis.gc === undefined) throw new Error("start with --expose-gc");
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

function* chunksOf(accounts: number): Generator<SignIn[]> {
  let chunk: SignIn[] = [];
  for (const { signIn } of simulate(busy(accounts), { seed: 1001, accounts, days: daysOf(accounts) })) {
    chunk.push(asRead(signIn));
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  yield chunk;
}

/** As a source hands it over, whose every string is a piece of its own line: none is the simulation's. */
function asRead(signIn: SignIn): SignIn {
  const account = fresh(signIn.account);
  return { ...signIn, account, accountGiven: account, address: fresh(signIn.address), client: fresh(signIn.client) };
}

const fresh = (text: string): string => Buffer.from(text, "latin1").toString("latin1");

function inOwnProcess(accounts: number): Measured {
  const done = spawnSync(
    process.execPath,
    ["--expose-gc", "--max-old-space-size=12288", import.meta.filename, "--measure", String(accounts)],
    { stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" },
  );
  if (done.status !== 0) throw new Error(`measuring ${accounts} accounts ended with ${done.status}`);
  return JSON.parse(done.stdout) as Measured;
}

/** Of several runs, the fastest: what disturbs a run only slows it down. The state is the same in all. */
function best(accounts: number, runs: number): Measured {
  const all = Array.from({ length: runs }, () => inOwnProcess(accounts));
  return all.reduce((one, other) => (other.perSecond > one.perSecond ? other : one));
}

function pageOf(all: readonly Measured[], runs: number): string {
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model.trim() ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GB, ${type()} ${arch()}, Node ${process.versions.node}`;
  const rows = all.map((one) => [
    plain(one.accounts),
    plain(one.signIns),
    plain(Math.round(one.perSecond / 1_000) * 1_000),
    plain(one.fortnightMb),
    plain(one.stateMb),
    plain(one.origins),
    plain(one.concludeMs),
  ]);
  return [
    "# How fast detection is, and how large its state",
    "Written by `node scripts/run.mjs --dev bench/detection/speed.ts`; run it again to measure your own machine.",
    [
      `- Sign-ins a second of CPU time (collecting garbage included) that the judge takes with every detector on, the best of ${runs} runs; reading logs is not part of it (bench-scan.md has that).`,
      `- 56 days at 9,000 accounts, 14 beyond; a guess of the internet's a day for every 36th account, a slow spray.`,
      "- The state is the heap that the judge holds, after collection. It grows with every address that members and guessers come from, up to the maxima.",
      `- Machine: ${machine}.`,
    ].join("\n"),
    table(
      [
        "accounts",
        "sign-ins",
        "sign-ins/s",
        "state MB after 14 days",
        "at the end",
        "addresses seen",
        "to conclude ms",
      ],
      rows,
      0,
    ),
    extrapolation(all),
    "",
  ].join("\n\n");
}

/** The state has maxima, and so has it here: without them it would grow with the accounts. */
function extrapolation(all: readonly Measured[]): string {
  const last = all.at(-1);
  if (last === undefined) return "";
  const perAccount = (last.stateMb * 2 ** 20) / last.accounts;
  return (
    `Extrapolated, not measured: at the ${plain(perAccount)} bytes an account of ${plain(last.accounts)} accounts, 10 million would need ` +
    `${plain((perAccount * 1e7) / 2 ** 30, 1)} GB (target: 4 GB). The default maxima (1,000,000 accounts, 250,000 addresses, 600,000 pairs: ` +
    "docs/settings.md) hold the state below that at any size; a site of 10 million raises them."
  );
}

function main(): void {
  const { values } = parseArgs({
    options: {
      runs: { type: "string", default: "3" },
      sizes: { type: "string", default: "9000,100000,1000000" },
      out: { type: "string", default: join(root, "docs", "detection-speed.md") },
      measure: { type: "string" },
    },
  });
  if (values.measure !== undefined) {
    process.stdout.write(JSON.stringify(measure(Number(values.measure))));
    return;
  }
  const all = values.sizes.split(",").map((size) => {
    const measured = best(Number(size), Number(values.runs));
    process.stderr.write(`${size} accounts: ${plain(measured.perSecond)} sign-ins/s, ${plain(measured.stateMb)} MB\n`);
    return measured;
  });
  writeFileSync(values.out, pageOf(all, Number(values.runs)));
}

if (import.meta.main) main();
