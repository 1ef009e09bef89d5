/** All scenarios by name. */
import { Failure } from "#/platform/failure.ts";
import { list } from "#/report/words.ts";
import { editDistance } from "#/signin/misspelling.ts";
import { attackScenarios, combinedScenarios } from "./attacks.ts";
import { faultScenarios } from "./faults.ts";
import { quietScenarios } from "./quiet.ts";
import type { Scenario } from "./scenario.ts";

export const kindsOfScenario: readonly { readonly title: string; readonly scenarios: readonly Scenario[] }[] = [
  { title: "Ordinary days", scenarios: quietScenarios },
  { title: "Faults of the institution's own", scenarios: faultScenarios },
  { title: "Attacks", scenarios: attackScenarios },
  { title: "Attacks amid trouble of the institution's own", scenarios: combinedScenarios },
];

export const scenarios: readonly Scenario[] = kindsOfScenario.flatMap((kind) => kind.scenarios);

/** @throws Failure with the nearest names where there is none of this. */
export function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found !== undefined) return found;
  throw new Failure(
    "scenario-unknown",
    `${name}: no such scenario. Did you mean ${list(nearestTo(name)).replace(/ and /, " or ")}? portcullis simulate --list has them all.`,
  );
}

const nearestCount = 3;

/** Names that have this one in them or differ from it in the fewest letters. */
function nearestTo(name: string): string[] {
  const wanted = name.toLowerCase().slice(0, 80);
  const farness = (other: string): number => (other.includes(wanted) ? 0 : editDistance(wanted, other));
  return scenarios
    .map((scenario) => ({ name: scenario.name, far: farness(scenario.name) }))
    .sort((one, other) => one.far - other.far)
    .slice(0, nearestCount)
    .map((one) => one.name);
}
