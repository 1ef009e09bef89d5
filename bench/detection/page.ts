/** The benchmark's page: targets first, then scenario by scenario, then beside the peers. The same on every machine. */
import { misses, unmeasured } from "./misses.ts";
import type { Outcome } from "./outcome.ts";
import { attackTable, faultTable, quietTable } from "./page-own.ts";
import { falseAlarmTable, overallTable, rulesTable, scenarioTable } from "./page-peers.ts";
import { type Row, rowsOf } from "./targets.ts";
import { plain, table } from "./text.ts";

export type Results = {
  /** The command that made them, its defaults left out. */
  readonly command: string;
  readonly main: readonly Outcome[];
  readonly years: readonly Outcome[];
  readonly heldOut: readonly Outcome[];
};

export function pageOf(results: Results): string {
  const { main, years, heldOut } = results;
  const rows = rowsOf(results);
  const parts = [
    "# How well attacks and faults are found",
    `Written by \`${results.command}\`; the same on every machine.`,
    notes(results),
    "## Targets",
    targetTable(rows),
    ...missed(rows),
    "## Attacks",
    attackTable(main),
    "## Faults",
    faultTable(main),
    "## Without attack or fault",
    quietTable(main),
    "## Beside the peers' rules",
    peersNotes,
    overallTable(main, years),
    "### Guesses until declared",
    "The median over the runs; in brackets the runs that declared the campaign at all, where that is not every one; - where none did.",
    scenarioTable(main),
    "### False attack alarms",
    falseAlarmNotes,
    falseAlarmTable(years),
    "### The rules",
    rulesTable(),
    "## Held out",
    heldOutPart(heldOut),
  ];
  return `${parts.join("\n\n")}\n`;
}

function notes({ main, years }: Results): string {
  const seeds = new Set(main.map(({ seed }) => seed));
  const signIns = [...main, ...years].reduce((sum, one) => sum + one.signIns, 0);
  const first = main[0];
  const list = [
    `${plain(main.length)} runs of ${new Set(main.map(({ scenario }) => scenario)).size} scenarios (${first?.accounts ?? 0} accounts, ${first?.days ?? 0} days; up to ${seeds.size} seeds each, none of them used while building) and ${years.length} long ones without attack; ${plain(signIns)} sign-ins. No run is left out.`,
    "The scenarios are simulated (sim/): an institution's members, devices, networks, attackers and faults. Real logs differ; what is said here is said of these.",
    "Every threshold is the default. No password and no fingerprint of one is seen unless a row says so.",
    "Brackets hold 95% intervals: Wilson's for shares of runs, order statistics for medians, a bootstrap over whole runs for pooled shares, Garwood's for rates. Medians count what was never declared as infinitely late. With fewer than six runs a median's interval is no more than all of its values.",
    "A target counts as met where the figure itself, not its interval, is within the goal.",
    "Guesses and hours are those of the scenario's first campaign until the running state declared it. Addresses and fallen accounts are pooled over all runs, those included in which nothing was declared. An address is right if the campaign guessed from it or used an account from it; one of the internet's everyday bots counts as wrong.",
    "Refused: members' right passwords from addresses that were named, from the moment of naming until the end, as if somebody had shut them out for good.",
  ];
  return list.map((line) => `- ${line}`).join("\n");
}

const peersNotes = [
  "Each rule sees the same stream in the same run, with every field that it asks for, passwords included. None is adapted, except where its head in bench/detection/peers/ says so, each time to its advantage. Per address these rules were made for loud guessers, and find those; nobody claims more for them.",
  "Refused is what the peer's own ban would have cost (fail2ban 10 minutes, CrowdSec 4 hours, StopGuessing by its score), or, where a rule only tells, shutting out what it named for good. Operators exempt their own offices' addresses; nobody does here.",
].join("\n\n");

const falseAlarmNotes =
  "Per site and year, in years without attack. Every address that was named counts once a day; the internet's everyday bots are no campaign, and naming one counts as an alarm: whoever wants to hear of bots will see that otherwise, so alarms at addresses that members sign in from stand beside. Our marks are what the running state noted before hindsight; no marks alone make an attack.";

function targetTable(rows: readonly Row[]): string {
  return table(
    ["target", "goal", "measured", "met"],
    rows.map(({ title, goal, result }) => [
      title,
      goal,
      result?.measured ?? "not played",
      result === undefined ? "-" : result.isMet ? "yes" : `no, by ${result.missedBy}`,
    ]),
    3,
  );
}

function missed(rows: readonly Row[]): string[] {
  return rows.flatMap(({ id, title, result }) => {
    if (result?.isMet === true) return [];
    const why = result === undefined ? unmeasured[id] : (misses[id] ?? "No reason is written down yet.");
    return why === undefined ? [] : [`**${title}.** ${why}`];
  });
}

function heldOutPart(outcomes: readonly Outcome[]): string {
  if (outcomes.length === 0) return "Not played in this run (`--held-out`).";
  const isVariant = ({ scenario }: Outcome): boolean => scenario.startsWith("held-out");
  const variants = outcomes.filter(isVariant);
  const others = outcomes.filter((one) => !isVariant(one));
  return [
    "Variants with rates, orders, hours and sizes of their own, on seeds of their own, played only at the end.",
    attackTable(variants),
    faultTable(variants),
    quietTable(variants),
    "The scenarios above on the held-out seeds:",
    attackTable(others),
    faultTable(others),
    quietTable(others),
  ].join("\n\n");
}
