// The report for a terminal: the conclusion, the accounts that fell, the campaigns in figures, what to do, what was unseen.
import type { Conclusion, FileRead } from "#/incidents/conclusion.ts";
import type { Operators } from "#/platform/operators.ts";
import type { Millis } from "#/platform/units.ts";
import { nextSteps } from "./next-steps.ts";
import {
  agoText,
  conclusionSentence,
  fallenOf,
  isScant,
  oldPasswordsOf,
  readText,
  spanOf,
  unseenOf,
  verdictWord,
} from "./report.ts";
import type { Step } from "./step.ts";
import { campaignLines, faultLines, findingLines } from "./terminal-campaigns.ts";
import { bullet, heading, type Layout, layoutFor, paint, type Paint, paragraph, safe } from "./terminal-layout.ts";
import { fallenMark, plotLines } from "./terminal-plot.ts";
import { addressText, count, figure, listSome, nameText, serviceName, spanText, timeText } from "./words.ts";

export type TerminalOptions = {
  /** Columns; 80 for a pipe. */
  readonly width: number;
  /** Whether colours may be used; NO_COLOR and pipes are the caller's to know. */
  readonly color: boolean;
  /** Whether the locale is UTF-8; without it nothing but ASCII is written. */
  readonly unicode: boolean;
  /** Show every finding. */
  readonly explain: boolean;
  /** Show every file that was read. */
  readonly showSources: boolean;
  /** Show the lines that could not be read. */
  readonly showMalformed: boolean;
  readonly operators: Operators;
  /** The present, to say how old the log is. */
  readonly now: Millis;
};

/** Whoever has more to take back works from a list. */
const fallenShown = 10;
const knownShown = 10;
const devicesShown = 5;

/** The whole report, ending in a line end. */
export function renderTerminal(conclusion: Conclusion, options: TerminalOptions): string {
  const layout = layoutFor(options.width, options.color, options.unicode);
  const lines = [
    ...verdict(layout, conclusion, options.now),
    ...fallenLines(layout, conclusion),
    ...knownLines(layout, conclusion),
    ...timelineLines(layout, conclusion),
    ...campaignLines(layout, conclusion, options.operators),
    ...faultLines(layout, conclusion),
    ...oldPasswordLines(layout, conclusion),
    ...(options.explain ? findingLines(layout, conclusion) : []),
    ...stepLines(layout, nextSteps(conclusion, options.now)),
    ...unseenLines(layout, conclusion),
    ...readLines(layout, conclusion, options),
  ];
  return `${lines.join("\n")}\n`;
}

const verdictPaint = {
  attack: "red",
  "attack-and-fault": "red",
  fault: "yellow",
  quiet: "green",
} as const satisfies Record<Conclusion["kind"], Paint>;

function verdict(layout: Layout, conclusion: Conclusion, now: Millis): string[] {
  const span = spanOf(conclusion);
  const ago = agoText(conclusion, now);
  const isUnjudged = conclusion.kind === "quiet" && isScant(conclusion);
  const lines = [
    paint(layout, isUnjudged ? "bold" : verdictPaint[conclusion.kind], verdictWord(conclusion).toUpperCase()),
    ...paragraph(layout, safe(layout, conclusionSentence(conclusion)), 0, "bold"),
  ];
  if (span === undefined) return lines;
  const age = ago === undefined ? "" : `; it ends ${ago}`;
  return [...lines, ...paragraph(layout, `Log: ${spanText(span.from, span.to)}${age}. All times are UTC.`, 0, "dim")];
}

function fallenLines(layout: Layout, conclusion: Conclusion): string[] {
  const fallen = fallenOf(conclusion);
  if (fallen.length === 0) return [];
  const lines = heading(layout, `FALLEN ACCOUNTS (${figure(fallen.length)})`);
  for (const { account, at, address, service, confidence, why } of fallen.slice(0, fallenShown)) {
    const title = `${safe(layout, nameText(account), 48)}  ${confidence}`;
    const where = `${timeText(at)}, ${safe(layout, serviceName(service), 24)}, from ${safe(layout, addressText(address), 48)}`;
    lines.push(
      ...bullet(layout, `${fallenMark(layout)} `, title, 2, confidence === "suspected" ? "yellow" : "red"),
      ...paragraph(layout, where, 4),
      ...paragraph(layout, safe(layout, why), 4),
    );
  }
  if (fallen.length > fallenShown)
    lines.push(
      ...paragraph(layout, `and ${figure(fallen.length - fallenShown)} more: --csv or --json lists them all`, 2),
    );
  return lines;
}

function knownLines(layout: Layout, conclusion: Conclusion): string[] {
  const { knownPasswords } = conclusion;
  if (knownPasswords.length === 0) return [];
  const lines = heading(layout, `PASSWORDS THAT STRANGERS KNOW (${figure(knownPasswords.length)}): SECOND FACTOR HELD`);
  for (const { account, at, confidence, why } of knownPasswords.slice(0, knownShown))
    lines.push(
      ...bullet(layout, "- ", `${safe(layout, nameText(account), 48)}  ${confidence}`, 2, "yellow"),
      ...paragraph(layout, `${timeText(at)}: ${safe(layout, why)}`, 4),
    );
  if (knownPasswords.length > knownShown)
    lines.push(
      ...paragraph(layout, `and ${figure(knownPasswords.length - knownShown)} more, all of them with --csv`, 2),
    );
  return lines;
}

function oldPasswordLines(layout: Layout, conclusion: Conclusion): string[] {
  const devices = oldPasswordsOf(conclusion);
  if (devices.length === 0) return [];
  const lines = heading(layout, `OLD PASSWORDS ON DEVICES (${figure(devices.length)}): NO ATTACK`);
  for (const { subject, why } of devices.slice(0, devicesShown))
    lines.push(...bullet(layout, "- ", `${safe(layout, nameText(subject), 48)}: ${safe(layout, why)}`, 2));
  if (devices.length > devicesShown)
    lines.push(
      ...paragraph(
        layout,
        `and ${figure(devices.length - devicesShown)} more, all of them with --explain or --json`,
        2,
      ),
    );
  return lines;
}

function timelineLines(layout: Layout, conclusion: Conclusion): string[] {
  const lines = plotLines(layout, conclusion, 2);
  if (lines.length === 0) return [];
  const { campaigns, faults } = conclusion;
  const legend =
    campaigns.length > 0 ? ["|--| from first to last attempt", "D detected"] : ["|--| from first to last failure"];
  if (fallenOf(conclusion).length > 0) legend.push(`${fallenMark(layout)} an account fell`);
  const marks = layout.unicode ? legend.join(", ").replace("|--|", "├─┤") : legend.join(", ");
  return [
    ...heading(layout, "SIGN-INS OVER TIME"),
    ...lines,
    ...(campaigns.length + faults.length > 0 ? paragraph(layout, marks, 2, "dim") : []),
  ];
}

const whenTitles = { now: "Now", today: "Today" } as const satisfies Record<Step["when"], string>;

function stepLines(layout: Layout, steps: readonly Step[]): string[] {
  const lines = heading(layout, "WHAT TO DO NEXT");
  let when: Step["when"] | undefined;
  for (const [index, step] of steps.entries()) {
    if (step.when !== when && steps.some((other) => other.when === "now"))
      lines.push(`  ${paint(layout, "dim", whenTitles[step.when])}`);
    when = step.when;
    const number = `${index + 1}. `.padStart(4);
    lines.push(...bullet(layout, number, safe(layout, step.action), 1, step.kind === "do-not" ? "yellow" : "bold"));
    for (const point of step.points) lines.push(...bullet(layout, "- ", safe(layout, point), 5));
  }
  return lines;
}

const unseenShown = 20;

function unseenLines(layout: Layout, conclusion: Conclusion): string[] {
  const unseen = unseenOf(conclusion);
  if (unseen.length === 0) return [];
  return [
    ...heading(layout, "WHAT COULD NOT BE SEEN"),
    ...unseen.slice(0, unseenShown).flatMap((sentence) => bullet(layout, "- ", safe(layout, sentence), 2)),
    ...(unseen.length > unseenShown ? [`  and ${figure(unseen.length - unseenShown)} more`] : []),
  ];
}

function readLines(layout: Layout, conclusion: Conclusion, options: TerminalOptions): string[] {
  const { read } = conclusion;
  const sum = (of: (file: FileRead) => number): number => read.files.reduce((total, file) => total + of(file), 0);
  const malformed = sum((file) => file.malformed);
  const lines = [
    ...heading(layout, "WHAT WAS READ"),
    ...paragraph(
      layout,
      `${count(read.files.length, "file")}, ${count(
        sum((file) => file.lines),
        "line",
      )}: ${readText(conclusion)}.`,
      2,
    ),
  ];
  if (read.zoneAssumed !== undefined)
    lines.push(
      ...paragraph(
        layout,
        `Times without a zone were read as ${safe(layout, read.zoneAssumed, 40)}; --timezone says otherwise.`,
        2,
      ),
    );
  if (malformed > 0)
    lines.push(
      ...paragraph(
        layout,
        `${count(malformed, "line")} looked like a sign-in and could not be read${options.showMalformed ? "." : "; --malformed shows them."}`,
        2,
      ),
    );
  if (!options.showSources) lines.push(...noteLines(layout, read.files));
  for (const file of read.files) lines.push(...fileLines(layout, file, options));
  return lines;
}

/** What must be told of a file is told always; of many files that are alike in it, once. */
function noteLines(layout: Layout, files: readonly FileRead[]): string[] {
  const paths = new Map<string, string[]>();
  for (const { path, notes } of files)
    for (const note of notes) paths.set(note, [...(paths.get(note) ?? []), safe(layout, path, 120)]);
  return [...paths].flatMap(([note, all]) => bullet(layout, "- ", `${listSome(all, 2)}: ${safe(layout, note)}`, 2));
}

/** The rest, where it was asked for. */
function fileLines(layout: Layout, file: FileRead, options: TerminalOptions): string[] {
  const path = safe(layout, file.path, 120);
  const lines: string[] = [];
  if (options.showSources)
    lines.push(
      ...bullet(layout, "- ", path, 2),
      ...paragraph(
        layout,
        `${safe(layout, file.format, 60)}: ${count(file.lines, "line")}, ${count(file.signIns, "sign-in")}, ${figure(file.ignored)} ignored, ${figure(file.malformed)} unreadable`,
        4,
      ),
      ...(file.from === undefined || file.to === undefined ? [] : paragraph(layout, spanText(file.from, file.to), 4)),
    );
  if (options.showSources) for (const note of file.notes) lines.push(...bullet(layout, "- ", safe(layout, note), 4));
  if (options.showMalformed)
    for (const { line, why, text } of file.malformedLines)
      lines.push(
        ...bullet(layout, "- ", `${path}:${line}: ${safe(layout, why, 120)}`, 2),
        ...paragraph(layout, safe(layout, text, 300), 4, "dim"),
      );
  return lines;
}
