/** Writes what the institution's servers would have written, and FILE.labels.json with the truth about it. */
import { closeSync, openSync, utimesSync, writeFileSync, writeSync } from "node:fs";
import { formatNamed } from "./formats/formats.ts";
import { labelsOf } from "./formats/labels.ts";
import { LogWriter } from "./formats/log-writer.ts";
import { Untidy } from "./formats/untidy.ts";
import { Rng } from "./rng.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { type SimulationOptions, simulate } from "./simulate.ts";

const chunkSize = 1 << 20;

type Written = { readonly lines: number; readonly signIns: number };

export type LogOptions = SimulationOptions & { readonly isoTimes: boolean; readonly untidy?: boolean };

export function writeLog(scenario: Scenario | string, formatId: string, file: string, options: LogOptions): Written {
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
