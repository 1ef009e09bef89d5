/**
 * node24 sim/write.ts SCENARIO [--seed N] [--accounts N] [--days N] [--format F] [--out FILE] [--iso] [--reserved] [--untidy]
 * Writes what the institution's servers would have written, and FILE.labels.json with the truth about it.
 */
import { closeSync, openSync, utimesSync, writeFileSync, writeSync } from "node:fs";
import { parseArgs } from "node:util";
import { formatNamed, formats } from "./formats/formats.ts";
import { labelsOf } from "./formats/labels.ts";
import { LogWriter } from "./formats/log-writer.ts";
import { Untidy } from "./formats/untidy.ts";
import { Rng } from "./rng.ts";
import { scenarios } from "./scenarios/scenarios.ts";
import { simulate } from "./simulate.ts";

const chunkSize = 1 << 20;

type Written = { readonly lines: number; readonly signIns: number };

export function writeLog(
  scenario: string,
  formatId: string,
  file: string,
  options: { seed: number; accounts: number; days: number; isoTimes: boolean; reserved: boolean; untidy?: boolean },
): Written {
  const format = formatNamed(formatId);
  const simulation = simulate(scenario, options);
  const descriptor = openSync(file, "w");
  let chunk = "";
  const flush = (): void => {
    const bytes = Buffer.from(chunk);
    for (let from = 0; from < bytes.length;) from += writeSync(descriptor, bytes, from);
    chunk = "";
  };
  const settings = { isoTimes: options.isoTimes, rng: new Rng(options.seed).fork(`format ${formatId}`) };
  const put = (line: string): void => {
    chunk += `${line}\n`;
    if (chunk.length > chunkSize) flush();
  };
  const untidy = new Untidy(settings.rng.fork("untidy"), put);
  const writer = new LogWriter(format, settings, options.untidy === true ? (line) => untidy.put(line) : put);
  for (const simulated of simulation) writer.add(simulated);
  writer.end();
  untidy.end();
  flush();
  closeSync(descriptor);
  // A log's last change is its last line; years are inferred from it where lines have none.
  const end = simulation.world.to / 1000;
  utimesSync(file, end, end);
  const truth = simulation.truth();
  writeFileSync(`${file}.labels.json`, `${JSON.stringify(labelsOf(truth, format), null, 1)}\n`);
  return { lines: writer.lines, signIns: truth.signIns };
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: "string", default: "1" },
      accounts: { type: "string", default: "9000" },
      days: { type: "string", default: "14" },
      format: { type: "string", default: "dovecot-2.3" },
      out: { type: "string" },
      iso: { type: "boolean", default: false },
      reserved: { type: "boolean", default: false },
      untidy: { type: "boolean", default: false },
    },
  });
  const [scenario] = positionals;
  if (scenario === undefined) {
    const width = Math.max(...scenarios.map(({ name }) => name.length));
    const listed = scenarios.map(({ name, title }) => `  ${name.padEnd(width)}  ${title}`).join("\n");
    process.stderr.write(`scenarios:\n${listed}\nformats: ${formats.map(({ id }) => id).join(", ")}\n`);
    process.exitCode = 1;
    return;
  }
  const file = values.out ?? `${scenario}-${values.seed}.${values.format}.log`;
  const { lines, signIns } = writeLog(scenario, values.format, file, {
    seed: Number(values.seed),
    accounts: Number(values.accounts),
    days: Number(values.days),
    isoTimes: values.iso,
    reserved: values.reserved,
    untidy: values.untidy,
  });
  process.stderr.write(`${file}: ${lines} lines about ${signIns} sign-ins; the truth is in ${file}.labels.json\n`);
}

if (import.meta.main) main();
