/** What an enforcing gate came to, for people. */
import { type Layout, facts, heading } from "#/report/terminal-layout.ts";
import { count, durationText, figure, percent } from "#/report/words.ts";
import { hours } from "#/platform/units.ts";
import type { ByCode, GateFigures } from "./gate-figures.ts";

export function gateLines(layout: Layout, figures: GateFigures): string[] {
  return [
    ...heading(layout, "WITH THE GATE ENFORCING"),
    ...facts(layout, [...attackRows(figures), ...memberRows(figures)], 2),
  ];
}

type Row = readonly [string, string];

function attackRows(figures: GateFigures): Row[] {
  const { guesses, answered, delayed, opened, openedWithout, uses, usesRefused, guessesByCode } = figures;
  const rows: Row[] = [];
  if (guesses > 0) {
    const waited = delayed === 0 ? "" : `, ${figure(delayed)} of them after a delay`;
    rows.push(
      [
        "Guesses",
        `${figure(guesses - answered)} of ${figure(guesses)} refused, ${percent(guesses - answered, guesses)}`,
      ],
      ["", `${figure(answered)} reached the password check${waited}`],
      ["Held", heldText(figures)],
      ["Verdicts", codesText(guessesByCode)],
      ["Fell", `${count(opened, "account")}; ${figure(openedWithout)} without the gate`],
    );
  }
  if (uses > 0)
    rows.push(["Thieves", `${figure(usesRefused)} of ${count(uses, "sign-in")} to fallen accounts refused`]);
  return rows;
}

function heldText({ answeredUntilHeld, hoursUntilHeld }: GateFigures): string {
  return answeredUntilHeld === undefined || hoursUntilHeld === undefined
    ? "never: more than one guess in twenty went on to the password check, of any 50 in a row"
    : `after ${count(answeredUntilHeld, "guess")} that the password check answered, ${durationText(hours(hoursUntilHeld))} from the first`;
}

function memberRows({ members, placesNew, placesDelayed, placesRefused, membersByCode }: GateFigures): Row[] {
  const { right, refusedFamiliar, refusedNew, delayedFamiliar, delayedNew } = members;
  const rows: Row[] = [
    [
      "Members",
      `${figure(refusedFamiliar + refusedNew)} of ${count(right, "right password")} refused, ` +
        `${figure(refusedFamiliar)} of these from where the account had signed in before`,
    ],
  ];
  if (delayedFamiliar + delayedNew > 0)
    rows.push([
      "",
      `${figure(delayedFamiliar + delayedNew)} delayed, ${figure(delayedFamiliar)} of these from where the account had signed in before`,
    ]);
  if (placesDelayed + placesRefused > 0)
    rows.push([
      "New places",
      `of ${figure(placesNew)}, ${figure(placesDelayed)} delayed and ${figure(placesRefused)} refused`,
    ]);
  if (Object.keys(membersByCode).length > 0) rows.push(["Because of", codesText(membersByCode)]);
  return rows;
}

const codesText = (codes: ByCode): string =>
  Object.entries(codes)
    .map(([code, times]) => `${code} ${figure(times)}`)
    .join(", ");
