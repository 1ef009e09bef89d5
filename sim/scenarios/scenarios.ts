/** All scenarios by name. */
import { attackScenarios, combinedScenarios } from "./attacks.ts";
import { faultScenarios } from "./faults.ts";
import { quietScenarios } from "./quiet.ts";
import type { Scenario } from "./scenario.ts";

export const scenarios: readonly Scenario[] = [
  ...quietScenarios,
  ...faultScenarios,
  ...attackScenarios,
  ...combinedScenarios,
];

export function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found === undefined)
    throw new RangeError(`no scenario "${name}"; there are: ${scenarios.map((one) => one.name).join(", ")}`);
  return found;
}
