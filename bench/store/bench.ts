/**
 * node24 bench/store/bench.ts [--sign-ins N] [--runs N] [--out FILE]
 * Measures the store beside a bare loop of INSERT of the same fields, in turns, and writes docs/bench-store.md. It asserts nothing: machines
 * differ; the ratios are what to look at.
 */
import { rmSync, writeFileSync } from "node:fs";
import { arch, cpus, totalmem, type } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { median } from "#/platform/median.ts";
import { type Figures, bare, own, single } from "./measure.ts";
import { makeRows } from "./rows.ts";

const root = join(import.meta.dirname, "..", "..");

const said = (value: number): string => value.toLocaleString("en", { maximumSignificantDigits: 3 });

type Line = readonly [what: string, figure: string, own: number, bare?: number];

function lines(own: (name: string) => number, bare: (name: string) => number): readonly Line[] {
  return [
    ["append in batches of 1,000", "sign-ins/s", own("append wall"), bare("append wall")],
    ["append in batches of 1,000", "sign-ins/CPU-s", own("append cpu"), bare("append cpu")],
    ["append one by one, `flush: process`", "sign-ins/s", own("process")],
    ["append one by one, `flush: power`", "sign-ins/s", own("power")],
    ["told again, and known", "sign-ins/s", own("again")],
    ["size of the file", "bytes per sign-in", own("size"), bare("size")],
    ["replay", "sign-ins/s", own("replay")],
    ["all sign-ins of an account in 30 days", "ms", own("account")],
    ["the newest 20 of an account", "ms", own("newest")],
    ["an address that never came", "ms", own("nobody")],
    ["forget a day", "sign-ins/s", own("forget")],
  ];
}

function pageOf(table: readonly Line[], count: number, runs: number): string {
  const [cpu] = cpus();
  return [
    "# How fast the store is",
    "",
    "Written by `node bench/store/bench.ts`; run it again to measure your own machine.",
    "",
    `- Medians of ${runs} runs, taken in turns, on ${count.toLocaleString("en")} sign-ins of 30 days (bench/store/rows.ts, seeded).`,
    "- Beside it, as the bound, a loop of INSERT of the same fields into a table of SQLite without any index, in transactions of the same size:",
    "  it finds nothing, knows no sign-in again and deletes nothing from the file.",
    "- On a machine that others use, too, CPU seconds say more than wall-clock time.",
    `- Machine: ${cpus().length} × ${cpu?.model.trim() ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GB, ${type()} ${arch()}, Node ${process.versions.node}.`,
    "",
    "| what | figure | store | bare INSERT |",
    "|---|---|---:|---:|",
    ...table.map(
      ([what, figure, store, bound]) =>
        `| ${what} | ${figure} | ${said(store)} | ${bound === undefined ? "-" : said(bound)} |`,
    ),
    "",
  ].join("\n");
}

function main(): void {
  const { values } = parseArgs({
    options: {
      "sign-ins": { type: "string", default: "1000000" },
      runs: { type: "string", default: "5" },
      out: { type: "string", default: join(root, "docs", "bench-store.md") },
    },
  });
  const [count, runs] = [Number(values["sign-ins"]), Number(values.runs)];
  const folder = join(root, "bench", "data", "store");
  const rows = makeRows(count, 1);
  const taken: { readonly store: Figures; readonly bound: Figures }[] = [];
  for (let run = 1; run <= runs; run += 1) {
    process.stderr.write(`run ${run} of ${runs}\n`);
    const bound = bare(rows, folder);
    const [perProcess, power] = [single(rows, folder, "process"), single(rows, folder, "power")];
    taken.push({ bound, store: { ...own(rows, folder), process: perProcess, power } });
  }
  rmSync(folder, { recursive: true, force: true });
  const of = (which: "store" | "bound") => (name: string) => median(taken.map((one) => one[which][name] ?? Number.NaN));
  const page = pageOf(lines(of("store"), of("bound")), count, runs);
  writeFileSync(values.out, page);
  process.stdout.write(page);
}

if (import.meta.main) main();
