// Reading JSON of unknown shape without casts: the neutral value where something else stands there.
import type { Json, JsonObject } from "./source.ts";

/** The string, or "" where there is none. */
export const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");

/** The text of a string or a number, or "" where there is neither. */
export const scalarOf = (value: Json | undefined): string =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : "";

/** The object, or an empty one where there is none. */
export const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === "object" && value !== null && !isList(value) ? value : nothing;

const nothing: JsonObject = Object.freeze({});

function isList(value: readonly Json[] | JsonObject): value is readonly Json[] {
  return Array.isArray(value);
}

/** The object that `text` is the JSON of; undefined where it is none. For programs whose syslog messages are JSON. */
export function parsedObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    // JSON.parse yields nothing but JSON.
    return objectOf(value as Json);
  } catch {
    return undefined;
  }
}
