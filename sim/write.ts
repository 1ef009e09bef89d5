/** Writes what the institution's servers would have written, and FILE.labels.json with the truth about it. */
import { closeSync, openSync, utimesSync, writeFileSync, writeSync } from "node:fs";
import { formatNamed } from "./formats/formats.ts";
import { labelsOf } from "./formats/labels.ts";
import type { LogFormat } from "./formats/log-format.ts";
import { LogWriter } from "./formats/log-writer.ts";
import { Untidy } from "./formats/untidy.ts";
import { Rng } from "./rng.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { type Simulation, type SimulationOptions, simulate } from "./simulate.ts";
import type { Simulated } from "./simulated.ts";

const chunkSize = 1 << 20;

export type Manner = { readonly isoTimes?: boolean | undefined; readonly untidy?: boolean | undefined };

/** Clocks of an untidy institution's servers are off by so much at most. */
const skewMax = 20_000;

/** @param watch is shown every simulated sign-in as it passes. Answers the number of lines. */
export function writeSimulation(
  simulation: Simulation,
  format: LogFormat,
  file: string,
  { isoTimes = false, untidy: isUntidy = false }: Manner,
  watch?: (simulated: Simulated) => void,
): number {
  const descriptor = openSync(file, "w");
  let chunk = "";
  const flush = (): void => {
    const bytes = Buffer.from(chunk);
    for (let from = 0; from < bytes.length;) from += writeSync(descriptor, bytes, from);
    chunk = "";
  };
  const rng = new Rng(simulation.seed).fork(`format ${format.id}`);
  const put = (line: string): void => {
    chunk += `${line}\n`;
    if (chunk.length > chunkSize) flush();
  };
  const untidy = new Untidy(rng.fork("untidy"), put);
  const writer = new LogWriter(
    format,
    { isoTimes, rng, skewMax: isUntidy ? skewMax : 0 },
    isUntidy ? (line) => untidy.put(line) : put,
  );
  try {
    for (const simulated of simulation) {
      watch?.(simulated);
      writer.add(simulated);
    }
    writer.end();
    untidy.end();
    flush();
  } finally {
    closeSync(descriptor);
  }
  // A log's last change is its last line; years are inferred from it where lines have none.
  const end = simulation.world.to / 1000;
  utimesSync(file, end, end);
  return writer.lines;
}

type Written = { readonly lines: number; readonly signIns: number };

export function writeLog(
  scenario: Scenario | string,
  formatId: string,
  file: string,
  options: SimulationOptions & Manner,
): Written {
  const format = formatNamed(formatId);
  const simulation = simulate(scenario, { ...options, fingerprints: format.fingerprints === true });
  const lines = writeSimulation(simulation, format, file, options);
  const truth = simulation.truth();
  writeFileSync(`${file}.labels.json`, `${JSON.stringify(labelsOf(truth, format), null, 1)}\n`);
  return { lines, signIns: truth.signIns };
}
