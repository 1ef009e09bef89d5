/** The page of the gate's benchmark: what it holds off, what that costs members, why, and where it is weak. The same on every machine. */
import { type Code, codes } from "#/gate/attempt.ts";
import type { ByCode, GateFigures } from "../../sim/gate-figures.ts";
import { gateWeaknesses } from "./gate-weaknesses.ts";
import { type GateOutcome, type GateVariant, variants } from "./gate-plan.ts";
import { type Interval, median, pooled } from "./stats.ts";
import { counts, percents, plain, table } from "./text.ts";

export function gatePage(outcomes: readonly GateOutcome[], command: string): string {
  const attacks = outcomes.filter(({ figures }) => figures.guesses > 0);
  const parts = [
    "# What the gate holds off, and what that costs",
    `Written by \`${command}\`; the same on every machine.`,
    notes(outcomes),
    "## Attacks",
    ...variants.flatMap((variant) => [`### ${capital(titleOf(variant))}`, attackTable(of(attacks, variant))]),
    "## Members",
    "Right passwords that were refused or made to wait, in a million; familiar: from a network from which the account had signed in before. A new place is an account at a network at which it had not signed in before; a journey is one, however often it is tried.",
    ...variants.flatMap((variant) => [`### ${capital(titleOf(variant))}`, memberTable(of(outcomes, variant))]),
    "## Why",
    "Verdicts on the guesses, and those on members' right passwords that were not let through at once; all runs together.",
    codeTable(outcomes),
    "## Where it is weak",
    gateWeaknesses.map((sentence) => `- ${sentence}`).join("\n"),
  ];
  return `${parts.join("\n\n")}\n`;
}

function notes(outcomes: readonly GateOutcome[]): string {
  const [first] = outcomes;
  const seeds = new Set(outcomes.map(({ seed }) => seed));
  const list = [
    `${plain(outcomes.length)} runs of ${new Set(outcomes.map(({ scenario }) => scenario)).size} scenarios (${plain(first?.accounts ?? 0)} accounts, ${first?.days ?? 0} days, ${seeds.size} seeds from ${Math.min(...seeds)}). No run is left out. All settings are the defaults but gate.campaign where it says so.`,
    "The gate is asked before every password check and is kept current by the same watch as in the service. What it refuses is reported as refused for policy, opens nothing and locks nothing. What it delays reaches the password check all the same.",
    "An attacker who is refused cannot tell, and goes on with his plan: he does not come again with what was refused. A member who is refused tries again as often as his devices would anyway.",
    "Looking back is rationed by the number of sign-ins rather than by the machine's time; the service does it at least as often.",
    "Guesses are those of the scenario's first campaign; answered are those that reached the password check. The gate holds from the first time that 95 of a hundred guesses of the last hour, or of the last 50 where those are more, are refused. Medians over the seeds; brackets hold 95% intervals, which are all of the values with fewer than six seeds; never counts as infinitely late. Shares are pooled over the runs.",
    "Accounts opened are those of all seeds together, in brackets without the gate. Thieves' sign-ins are those to accounts that had fallen, from elsewhere.",
  ];
  return list.map((line) => `- ${line}`).join("\n");
}

const titleOf = ({ fingerprints, campaign }: GateVariant): string =>
  `${fingerprints ? "with" : "without"} fingerprints, a campaign's strangers ${campaign === "delay" ? "delayed (the default)" : "refused"}`;

const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

const of = (outcomes: readonly GateOutcome[], { fingerprints, campaign }: GateVariant): GateOutcome[] =>
  outcomes.filter((one) => one.fingerprints === fingerprints && one.campaign === campaign);

function rowsBy(
  outcomes: readonly GateOutcome[],
  row: (all: readonly GateFigures[]) => readonly string[],
): (readonly string[])[] {
  return [...Map.groupBy(outcomes, ({ scenario }) => scenario)].map(([scenario, all]) => [
    scenario,
    ...row(all.map(({ figures }) => figures)),
  ]);
}

const sum = (all: readonly GateFigures[], one: (figures: GateFigures) => number): number =>
  all.reduce((total, figures) => total + one(figures), 0);

function attackTable(outcomes: readonly GateOutcome[]): string {
  return table(
    [
      "scenario",
      "guesses",
      "answered before it held",
      "hours",
      "answered in all",
      "refused %",
      "opened",
      "thieves' refused",
    ],
    rowsBy(outcomes, (all) => [
      counts(median(all.map(({ guesses }) => guesses))),
      counts(median(all.map(({ answeredUntilHeld }) => answeredUntilHeld))),
      hours(median(all.map(({ hoursUntilHeld }) => hoursUntilHeld))),
      counts(median(all.map(({ answered }) => answered))),
      percents(pooled(all.map(({ guesses, answered }) => ({ part: guesses - answered, whole: guesses })))),
      `${sum(all, (one) => one.opened)} (${sum(all, (one) => one.openedWithout)})`,
      ofAll(
        sum(all, (one) => one.usesRefused),
        sum(all, (one) => one.uses),
      ),
    ]),
  );
}

const ofAll = (part: number, whole: number): string => (whole === 0 ? "-" : `${part} of ${whole}`);

function hours({ value, low, high }: Interval): string {
  const text = (one: number): string => (one === Infinity ? "never" : one.toFixed(1));
  if (Number.isNaN(value)) return "-";
  return text(low) === text(high) ? text(value) : `${text(value)} (${text(low)} to ${text(high)})`;
}

function memberTable(outcomes: readonly GateOutcome[]): string {
  return table(
    [
      "scenario",
      "right passwords",
      "refused, familiar",
      "refused, new",
      "delayed, familiar",
      "delayed, new",
      "new places delayed %",
      "refused %",
    ],
    rowsBy(outcomes, (all) => [
      plain(sum(all, ({ members }) => members.right)),
      million(all, ({ members }) => members.refusedFamiliar),
      million(all, ({ members }) => members.refusedNew),
      million(all, ({ members }) => members.delayedFamiliar),
      million(all, ({ members }) => members.delayedNew),
      percents(pooled(all.map(({ placesDelayed, placesNew }) => ({ part: placesDelayed, whole: placesNew })))),
      percents(pooled(all.map(({ placesRefused, placesNew }) => ({ part: placesRefused, whole: placesNew })))),
    ]),
  );
}

function million(all: readonly GateFigures[], part: (figures: GateFigures) => number): string {
  const { value, low, high } = pooled(all.map((figures) => ({ part: part(figures), whole: figures.members.right })));
  return counts({ value: Math.round(value * 1e6), low: Math.round(low * 1e6), high: Math.round(high * 1e6) });
}

function codeTable(outcomes: readonly GateOutcome[]): string {
  const total = (variant: GateVariant, code: Code, by: (figures: GateFigures) => ByCode): number =>
    of(outcomes, variant).reduce((all, { figures }) => all + (by(figures)[code] ?? 0), 0);
  const cells = (code: Code): number[] =>
    variants.flatMap((variant) => [
      total(variant, code, (figures) => figures.guessesByCode),
      total(variant, code, (figures) => figures.membersByCode),
    ]);
  const rows = codes.map((code) => ({ code, cells: cells(code) })).filter((row) => row.cells.some((one) => one > 0));
  return table(
    ["verdict", ...variants.flatMap((variant) => [`guesses, ${titleOf(variant)}`, "members"])],
    rows.map((row) => [row.code, ...row.cells.map((one) => plain(one))]),
  );
}
