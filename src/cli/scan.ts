/**
 * `portcullis scan`: what happened in these logs? Reads, judges, tells. The way of the data stands here in its order; what
 * each step does stands in its own room.
 */
import { createWriteStream, writeFileSync } from "node:fs";
import { once } from "node:events";
import type { Conclusion, ConclusionKind } from "#/incidents/conclusion.ts";
import { Judge } from "#/incidents/judge.ts";
import type { Clock } from "#/platform/clock.ts";
import { Failure } from "#/platform/failure.ts";
import { createOperators } from "#/platform/operators.ts";
import type { Millis } from "#/platform/units.ts";
import { accountsCsv, addressesCsv } from "#/report/csv.ts";
import { renderHtml } from "#/report/html.ts";
import { jsonText, printable } from "#/report/json.ts";
import { createProgress } from "#/report/progress.ts";
import { renderTerminal } from "#/report/terminal.ts";
import { toOcsf } from "#/signin/ocsf.ts";
import type { SignIn } from "#/signin/signin.ts";
import { type Reading, readSignIns } from "#/sources/reading/reading.ts";
import type { Screen } from "./screen.ts";
import { loadSettings } from "./settings.ts";

export type ScanOptions = {
  readonly format?: string | undefined;
  readonly map?: string | undefined;
  readonly timezone: string;
  readonly since?: Millis | undefined;
  readonly until?: Millis | undefined;
  readonly json?: boolean;
  readonly html?: string | undefined;
  readonly ocsf?: string | undefined;
  readonly csv?: string | undefined;
  readonly quiet?: boolean;
  readonly explain?: boolean;
  readonly sources?: boolean;
  readonly malformed?: boolean;
  readonly settings?: string | undefined;
  readonly workers: number;
};

/** 0 quiet, 3 attack, 4 fault, 5 both; 1 is for errors. */
export const exitCodes = { quiet: 0, attack: 3, fault: 4, "attack-and-fault": 5 } as const satisfies Record<
  ConclusionKind,
  number
>;

/** Scans and tells. Answers the exit status. @throws Failure for what whoever started it can mend. */
export async function scan(
  paths: readonly string[],
  options: ScanOptions,
  screen: Screen,
  clock: Clock,
): Promise<number> {
  const progress = createProgress((text) => screen.error(text), screen.errorIsTerminal, clock, {
    columns: screen.width,
    unicode: screen.unicode,
  });
  const reading = readSignIns(paths, {
    format: options.format,
    map: options.map,
    timezone: options.timezone,
    since: options.since,
    until: options.until,
    clock,
    workers: options.workers,
    onProgress: options.quiet === true ? undefined : (done) => progress.report(done),
  });
  const judge = new Judge(loadSettings(options.settings));
  try {
    await judgeAll(reading, judge, options.ocsf);
  } finally {
    progress.finish();
  }
  const conclusion = judge.conclude(reading.summary());
  tell(conclusion, options, screen, clock);
  return exitCodes[conclusion.kind];
}

async function judgeAll(reading: Reading, judge: Judge, ocsf: string | undefined): Promise<void> {
  const copy = ocsf === undefined ? undefined : openOcsf(ocsf);
  for await (const signIns of reading) {
    judge.add(signIns);
    await copy?.write(signIns);
  }
  await copy?.end();
}

type OcsfCopy = { write(signIns: readonly SignIn[]): Promise<void>; end(): Promise<void> };

/** Writes the sign-ins on as they pass, never more than one batch at a time in memory. */
function openOcsf(path: string): OcsfCopy {
  const stream = createWriteStream(path);
  let broken: Error | undefined;
  stream.on("error", (error) => {
    broken = error;
  });
  const check = (): void => {
    if (broken !== undefined) throw unwritable(path, broken);
  };
  return {
    async write(signIns) {
      check();
      const text = signIns.map((signIn) => `${printable(JSON.stringify(toOcsf(signIn)))}\n`).join("");
      if (!stream.write(text)) await Promise.race([once(stream, "drain"), once(stream, "close")]);
      check();
    },
    async end() {
      stream.end();
      if (!stream.closed) await once(stream, "close");
      check();
    },
  };
}

function tell(conclusion: Conclusion, options: ScanOptions, screen: Screen, clock: Clock): void {
  using operators = createOperators();
  const now = clock.now();
  if (options.html !== undefined) save(options.html, renderHtml(conclusion, { operators, now }));
  if (options.csv !== undefined) {
    save(`${options.csv}-addresses.csv`, addressesCsv(conclusion, operators));
    save(`${options.csv}-accounts.csv`, accountsCsv(conclusion));
  }
  if (options.json === true) {
    screen.print(jsonText(conclusion));
    return;
  }
  if (options.quiet === true) return;
  const { width, color, unicode } = screen;
  const { explain = false, sources: showSources = false, malformed: showMalformed = false } = options;
  screen.print(
    renderTerminal(conclusion, { width, color, unicode, explain, showSources, showMalformed, operators, now }),
  );
}

function save(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw unwritable(path, error);
  }
}

function unwritable(path: string, error: unknown): Failure {
  const reason = error instanceof Error ? error.message : String(error);
  return new Failure("output-unwritable", `${path} cannot be written: ${reason}. Choose another place for it.`, {
    cause: error,
  });
}
