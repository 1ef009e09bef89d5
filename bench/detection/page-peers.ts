/** Beside the peers: over all attacks, scenario by scenario, and in years without attack. */
import type { Outcome } from "./outcome.ts";
import { byScenario } from "./page-own.ts";
import { peers } from "./peers/all.ts";
import {
  addressesOf,
  declaredOf,
  guessesOf,
  hasAttack,
  perSiteYear,
  precision,
  recall,
  refusedPerMillion,
  siteYears,
  tool,
} from "./pooling.ts";
import { pooled } from "./stats.ts";
import { percents, plain, table, withInterval } from "./text.ts";

const tools: readonly { readonly name: string; readonly title: string }[] = [
  { name: "", title: "**Portcullis**" },
  ...peers.map(({ name }) => ({ name, title: name })),
];

export function overallTable(main: readonly Outcome[], years: readonly Outcome[]): string {
  const attacks = main.filter(hasAttack);
  const faults = main.filter(({ truth }) => truth === "fault");
  return table(
    [
      "rule",
      "attacks declared %",
      "addresses found %",
      "addresses right %",
      "of them members' %",
      "alarms per pure fault",
      "members refused per million",
    ],
    tools.map(({ name, title }) => [
      title,
      percents(declaredOf(attacks, name)),
      percents(recall(attacks, addressesOf(name))),
      percents(precision(attacks, addressesOf(name))),
      percents(membersShare(attacks, name)),
      alarmsPerFault(faults, name),
      withInterval(refusedPerMillion([...main, ...years], name), (one) => plain(one, one < 10 ? 1 : 0)),
    ]),
  );
}

function membersShare(outcomes: readonly Outcome[], name: string): ReturnType<typeof pooled> {
  return pooled(
    outcomes.map((one) => ({
      part: tool(one, name)?.membersAddresses ?? 0,
      whole: tool(one, name)?.addresses.said ?? 0,
    })),
  );
}

/** While a pure fault lasts, and the hour after. */
function alarmsPerFault(faults: readonly Outcome[], name: string): string {
  const alarms = pooled(faults.map((one) => ({ part: tool(one, name)?.alarmsInFault ?? 0, whole: 1 })));
  return withInterval(alarms, (one) => plain(one, one > 0 && one < 10 ? 1 : 0));
}

export function scenarioTable(main: readonly Outcome[]): string {
  const groups = byScenario(main.filter(hasAttack));
  return table(
    ["scenario", ...tools.map(({ title }) => title)],
    groups.map(([scenario, runs]) => [scenario, ...tools.map(({ name }) => guessesCell(runs, name))]),
  );
}

function guessesCell(runs: readonly Outcome[], name: string): string {
  const declared = runs.filter((one) => tool(one, name)?.guesses !== undefined);
  if (declared.length === 0) return "-";
  const { value } = guessesOf(runs, name);
  return declared.length === runs.length ? plain(value) : `${plain(value)} [${declared.length}/${runs.length}]`;
}

export function falseAlarmTable(years: readonly Outcome[]): string {
  const sizes = [...Map.groupBy(years, ({ accounts, scenario }) => `${scenario}, ${plain(accounts)} accounts`)];
  if (sizes.length === 0) return "No year was played in this run.";
  const rows = [
    ...tools.map(({ name, title }) => [title, ...sizes.map(([, runs]) => alarmsCell(runs, name))]),
    ["Portcullis, marks", ...sizes.map(([, runs]) => marksCell(runs))],
  ];
  const header = sizes.map(([title, runs]) => `${title}, ${siteYears(runs).toFixed(2)} years`);
  return table(["alarms a year, of them at members; days with one", ...header], rows);
}

function alarmsCell(runs: readonly Outcome[], name: string): string {
  const all = perSiteYear(runs, ({ alarmsFalse }) => alarmsFalse, name);
  const members = perSiteYear(runs, ({ alarmsAtMembers }) => alarmsAtMembers, name);
  const alarmDays = perSiteYear(runs, (one) => one.alarmDays, name);
  const show = (one: number): string => plain(one, one < 10 ? 1 : 0);
  return `${withInterval(all, show)}, ${show(members.value)}; ${show(alarmDays.value)}`;
}

function marksCell(runs: readonly Outcome[]): string {
  const marks = runs.reduce((sum, { own }) => sum + own.marks, 0);
  return plain(marks / siteYears(runs));
}

export const rulesTable = (): string =>
  table(
    ["rule", "its numbers", "needs"],
    peers.map(({ name, rule, needs }) => [name, rule, needs]),
    3,
  );
