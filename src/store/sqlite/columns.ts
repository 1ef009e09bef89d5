/** What comes out of a column, as what it was when it went in. A value that cannot have gone in is damage. */
import { Failure } from "#/platform/failure.ts";
import { type Outcome, type Reason, type Service, reasons, services } from "#/signin/signin.ts";

const outcomes = ["success", "failure"] as const;
const allReasons = ["", ...reasons] as const;

export const text = (value: unknown): string => (typeof value === "string" ? value : damaged(value));
export const number = (value: unknown): number => (typeof value === "number" ? value : damaged(value));
export const outcomeOf = (value: unknown): Outcome => oneOf(outcomes, value);
export const reasonOf = (value: unknown): Reason | "" => oneOf(allReasons, value);
export const serviceOf = (value: unknown): Service => oneOf(services, value);

export function oneOf<Name extends string>(names: readonly Name[], value: unknown): Name {
  return names.find((name) => name === value) ?? damaged(value);
}

function damaged(value: unknown): never {
  throw new Failure(
    "store-damaged",
    `The store holds ${JSON.stringify(value)} where that cannot be. Stop Portcullis and put a copy of the data folder from your backup there.`,
  );
}
