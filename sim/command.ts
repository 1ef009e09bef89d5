/** `portcullis simulate`: lists the scenarios, plays one through detection and tells what was found, or writes its log. */
import type { SimulateOptions } from "#/cli/simulate.ts";
import type { Screen } from "#/cli/screen.ts";
import type { Clock } from "#/platform/clock.ts";
import { Failure } from "#/platform/failure.ts";
import { type Layout, layoutFor, paint, paragraph } from "#/report/terminal-layout.ts";
import { count, figure, isoText, minuteText } from "#/report/words.ts";
import { millis } from "#/platform/units.ts";
import { type Comparison, compare } from "./comparison.ts";
import { comparisonLines } from "./comparison-text.ts";
import { Digest } from "./digest.ts";
import type { LogFormat } from "./formats/log-format.ts";
import { formatNamed } from "./formats/formats.ts";
import type { GateFigures } from "./gate-figures.ts";
import { gateLines } from "./gate-text.ts";
import { play, playThroughLog } from "./pipeline.ts";
import { progressOf } from "./progress.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { kindsOfScenario, scenarioNamed } from "./scenarios/scenarios.ts";
import { Simulation } from "./simulate.ts";
import { playThroughGate } from "./through-gate.ts";
import type { Simulated } from "./simulated.ts";
import { writeLog } from "./write.ts";

const usualFormat = "dovecot-2.3";

/** Answers the exit status: 0 where the conclusion is right, 2 where it is not. @throws Failure for what can be mended. */
export async function simulateCommand(
  name: string | undefined,
  options: SimulateOptions,
  screen: Screen,
  clock: Clock,
): Promise<number> {
  const layout = layoutFor(screen.width, screen.color, screen.unicode);
  if (name === undefined || options.list === true) {
    screen.print(`${listLines(layout).join("\n")}\n`);
    return 0;
  }
  const scenario = scenarioNamed(name);
  if (options.out !== undefined) {
    write(scenario, options.out, options, screen, clock);
    return 0;
  }
  const told = await tell(scenario, options, screen, clock);
  if (options.json === true) screen.print(`${JSON.stringify(jsonOf(told), undefined, 2)}\n`);
  else screen.print(`${textLines(layout, told).join("\n")}\n`);
  return told.comparison.right ? 0 : 2;
}

const textLines = (layout: Layout, told: Told): string[] => [
  ...headLines(layout, told),
  ...comparisonLines(layout, told.comparison),
  ...(told.gate === undefined ? [] : gateLines(layout, told.gate)),
];

function listLines(layout: Layout): string[] {
  const width = Math.max(...kindsOfScenario.flatMap(({ scenarios }) => scenarios.map(({ name }) => name.length))) + 2;
  return [
    ...kindsOfScenario.flatMap(({ title, scenarios }) => [
      paint(layout, "bold", title),
      ...scenarios.map((scenario) => `  ${scenario.name.padEnd(width)}${scenario.title}`),
      "",
    ]),
    "portcullis simulate SCENARIO plays one; portcullis simulate --help says what else can be said.",
  ];
}

type Told = {
  readonly scenario: Scenario;
  readonly simulation: Simulation;
  readonly accounts: number;
  readonly signIns: number;
  readonly failures: number;
  readonly digest: string;
  /** The log that it went through; undefined where it went straight to detection. */
  readonly format: LogFormat | undefined;
  readonly comparison: Comparison;
  /** With the gate enforcing, where that was asked for. */
  readonly gate: GateFigures | undefined;
};

async function tell(scenario: Scenario, options: SimulateOptions, screen: Screen, clock: Clock): Promise<Told> {
  const throughLog = options.format !== undefined || options.untidy === true || options.isoTimes === true;
  const format = throughLog ? formatNamed(options.format ?? usualFormat) : undefined;
  const { onProgress, finish } = progressOf(screen, clock);
  try {
    // A log tells fingerprints where it is of a kind that has them.
    const fingerprints = format === undefined ? options.fingerprints === true : format.fingerprints === true;
    const simulation = new Simulation(scenario, { ...options, fingerprints, onProgress });
    const digest = new Digest();
    const bots = new Set<string>();
    const watch = (simulated: Simulated): void => {
      digest.add(simulated);
      if (simulated.label === "background") bots.add(simulated.signIn.address);
    };
    const judged =
      format === undefined
        ? play(simulation, "full", watch)
        : await playThroughLog(simulation, format, options, clock, watch);
    const { signIns, failures } = judged.truth;
    const comparison = compare(judged, bots);
    const gate = options.gate === true ? await playThroughGate(scenario, { ...options, onProgress }) : undefined;
    return {
      scenario,
      simulation,
      accounts: options.accounts,
      signIns,
      failures,
      digest: digest.text(),
      comparison,
      format,
      gate,
    };
  } finally {
    finish();
  }
}

function headLines(layout: Layout, told: Told): string[] {
  const { scenario, simulation, accounts, signIns, failures, digest, format } = told;
  const { world, seed } = simulation;
  const through = format === undefined ? "" : ` Read back from the log of ${format.title}.`;
  const from = millis(world.from);
  return [
    paint(layout, "bold", `${scenario.name}: ${scenario.title}`),
    ...paragraph(
      layout,
      `Seed ${seed}, ${count(accounts, "account")}, ${count(world.days, "day")} from ${minuteText(from)}; ` +
        `${count(signIns, "sign-in")}, ${figure(failures)} of them failed. Digest ${digest}: the same seed gives the same.${through}`,
    ),
  ];
}

/** Times as RFC 3339. */
function jsonOf({
  scenario,
  simulation,
  accounts,
  signIns,
  failures,
  digest,
  comparison,
  format,
  gate,
}: Told): unknown {
  const { world, seed } = simulation;
  const time = (at: number): string => isoText(millis(at));
  const isTime = new Set(["at", "from", "to", "first", "last", "detectedAt"]);
  const plain: unknown = JSON.parse(
    JSON.stringify(comparison, (key, value: unknown) =>
      isTime.has(key) && typeof value === "number" ? time(value) : value,
    ),
  );
  return {
    version: 1,
    scenario: scenario.name,
    title: scenario.title,
    seed,
    accounts,
    from: time(world.from),
    to: time(world.to),
    signIns,
    failures,
    digest,
    ...(format === undefined ? {} : { format: format.id }),
    comparison: plain,
    ...(gate === undefined ? {} : { gate }),
  };
}

function write(scenario: Scenario, file: string, options: SimulateOptions, screen: Screen, clock: Clock): void {
  const format = formatNamed(options.format ?? usualFormat);
  const { onProgress, finish } = progressOf(screen, clock);
  try {
    const written = writeLog(scenario, format.id, file, { ...options, onProgress });
    finish();
    screen.print(
      `${file}: ${count(written.lines, "line")} about ${count(written.signIns, "sign-in")}, as ${format.title} writes them.\n` +
        `The truth is in ${file}.labels.json.\n`,
    );
  } catch (error) {
    if (!(error instanceof Error) || !("syscall" in error)) throw error;
    throw new Failure(
      "output-unwritable",
      `${file} cannot be written: ${error.message}. Choose another place for it.`,
      {
        cause: error,
      },
    );
  } finally {
    finish();
  }
}
