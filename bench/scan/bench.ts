/**
 * node24 bench/scan/bench.ts [--lines N] [--runs N] [--peer-lines N] [--no-peers] [--only PATTERN] [--out FILE]
 * Measures `scan` beside `grep`, `wc`, fail2ban-regex and CrowdSec's replay on the same generated logs, in turns, and
 * writes docs/bench-scan.md. It asserts nothing: machines differ; the ratios are what to look at.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { arch, cpus, totalmem, type } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Contender, type LogKind, contenders } from "./contenders.ts";
import { generate } from "./generate.ts";
import { type Usage, hasTimeTool, measure, medianOf } from "./measure.ts";

const root = join(import.meta.dirname, "..", "..");
const kinds: readonly LogKind[] = ["openssh", "dovecot-2.3"];

type Options = { readonly lines: number; readonly peerLines: number; readonly runs: number; readonly seed: number };

type Row = {
  readonly contender: Contender;
  readonly lines: number;
  readonly usage: Usage;
  /** Runs that came to no end. */
  readonly endless: number;
};

function measureKind(kind: LogKind, all: readonly Contender[], options: Options, folder: string): Row[] {
  const long = logFile(kind, options.lines, options.seed, folder);
  const short = all.some(({ slow }) => slow) ? logFile(kind, options.peerLines, options.seed, folder) : long;
  const usages = new Map<Contender, Usage[]>(all.map((contender) => [contender, []]));
  for (let run = 1; run <= options.runs; run += 1) {
    // In turns, so that a busy minute of the machine hits everybody.
    for (const [contender, taken] of usages) {
      process.stderr.write(`${kind} run ${run} of ${options.runs}: ${contender.name}\n`);
      const usage = measure(contender.command(contender.slow ? short : long, kind), join(folder, "time.tmp"));
      if (usage === undefined) process.stderr.write(`${contender.name} came to no end; this run does not count\n`);
      else taken.push(usage);
    }
  }
  return all.map((contender) => ({
    contender,
    lines: contender.slow ? options.peerLines : options.lines,
    usage: medianOf(usages.get(contender) ?? []),
    endless: options.runs - (usages.get(contender)?.length ?? 0),
  }));
}

function logFile(kind: LogKind, lines: number, seed: number, folder: string): string {
  const file = join(folder, `${kind}-${lines}-${seed}.log`);
  generate(kind, lines, seed, file);
  // Read once, so that nobody pays for the disk.
  readFileSync(file);
  return file;
}

const rate = (value: number): string =>
  Number.isFinite(value) ? value.toLocaleString("en", { maximumSignificantDigits: 3 }) : "-";
const fixed = (value: number, digits: number): string => (Number.isNaN(value) ? "-" : value.toFixed(digits));

/** How many times as fast as `scan`, to two digits. */
function ratio(value: number): string {
  if (!Number.isFinite(value)) return "-";
  return value >= 10 ? value.toFixed(0) : value.toPrecision(2);
}

function tableOf(kind: LogKind, rows: readonly Row[]): string {
  const own = rows.find(({ contender }) => contender.name.includes("scan"));
  const speed = ({ lines, usage }: Row): number => lines / usage.wall;
  const cells = rows.map((row) => [
    row.contender.name,
    rate(row.lines),
    fixed(row.usage.wall, 2),
    fixed(row.usage.cpu, 2),
    rate(speed(row)),
    rate(row.lines / row.usage.cpu),
    own === undefined ? "-" : ratio(speed(row) / speed(own)),
    fixed(row.usage.peak, 0),
  ]);
  const header = ["tool", "lines", "wall s", "CPU s", "lines/s", "lines/CPU-s", "speed to scan", "peak MB"];
  const rule = header.map((_, index) => (index === 0 ? "---" : "---:"));
  const lines = [header, rule, ...cells].map((line) => `| ${line.join(" | ")} |`);
  const endless = rows
    .filter((row) => row.endless > 0)
    .map((row) => `\n${row.contender.name} came to no end in ${row.endless} of its runs, which are left out.\n`);
  return `## ${kind}\n\n${lines.join("\n")}\n${endless.join("")}`;
}

function pageOf(tables: readonly string[], options: Options, absent: readonly string[]): string {
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model.trim() ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GB, ${type()} ${arch()}, Node ${process.versions.node}`;
  const notes = [
    `Medians of ${options.runs} runs, taken in turns on the same files, from a warm cache; CPU and peak memory as GNU time gives them.`,
    "On a machine that others use, too, CPU seconds say more than wall-clock time.",
    `Machine: ${machine}.`,
    "The logs are made by bench/scan/generate.ts (seeded): an institution's sessions and successes, a guess of the internet's a day for every second account, a slow and a loud spray, brute force, and lines of other programs between.",
    `Peers, where installed, read a log of ${rate(options.peerLines)} lines of the same making, since they would take minutes; their start-up is part of their time, as ours is.`,
    "What each does with the lines differs: grep and wc only count, fail2ban-regex matches without counting per address, CrowdSec parses and runs its scenarios, scan reads, judges and concludes.",
    ...(absent.length > 0 ? [`Not installed, and so not measured: ${absent.join(", ")}.`] : []),
    ...(hasTimeTool() ? [] : ["GNU time was not installed: no CPU time, no memory."]),
  ];
  return [
    "# How fast `scan` is",
    "",
    "Written by `node bench/scan/bench.ts`; run it again to measure your own machine.",
    "",
    ...notes.map((note) => `- ${note}`),
    "",
    tables.join("\n"),
  ].join("\n");
}

function main(): void {
  const { values } = parseArgs({
    options: {
      lines: { type: "string", default: "1000000" },
      runs: { type: "string", default: "5" },
      "peer-lines": { type: "string", default: "100000" },
      "no-peers": { type: "boolean", default: false },
      only: { type: "string", default: "" },
      seed: { type: "string", default: "1" },
      out: { type: "string", default: join(root, "docs", "bench-scan.md") },
    },
  });
  const options: Options = {
    lines: Number(values.lines),
    peerLines: Number(values["peer-lines"]),
    runs: Number(values.runs),
    seed: Number(values.seed),
  };
  const folder = join(root, "bench", "data");
  mkdirSync(folder, { recursive: true });
  const { present, absent } = contenders(folder, !values["no-peers"]);
  const only = new RegExp(values.only);
  const chosen = present.filter(({ name }) => only.test(name));
  const tables = kinds.map((kind) => tableOf(kind, measureKind(kind, chosen, options, folder)));
  writeFileSync(values.out, pageOf(tables, options, absent));
  process.stdout.write(tables.join("\n"));
}

if (import.meta.main) main();
