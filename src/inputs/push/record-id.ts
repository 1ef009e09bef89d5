/** The id that a record has of its own, so that it counts once however often it is sent. */
import type { Json, JsonObject } from "#/sources/source.ts";

const ID_LENGTH_MAX = 256;

/** @param field where it stands, with dots; "" for only where a standard says it: OCSF's metadata.uid. "" for none. */
export function recordIdOf(record: JsonObject, field: string): string {
  const id = field === "" ? "" : textAt(record, field);
  if (id !== "" || record["class_uid"] === undefined) return id;
  return textAt(record, "metadata.uid");
}

/** The same of a line; none where it is no JSON. */
export function lineIdOf(line: string, field: string): string {
  if (!line.startsWith("{") || (field === "" && !line.includes('"class_uid"'))) return "";
  try {
    // A text that begins with a brace is an object, or no JSON.
    return recordIdOf(JSON.parse(line) as JsonObject, field);
  } catch {
    return "";
  }
}

function textAt(record: JsonObject, path: string): string {
  let found: Json | undefined = record[path];
  if (found === undefined) {
    found = record;
    for (const step of path.split(".")) found = isObject(found) ? found[step] : undefined;
  }
  const text = typeof found === "string" || typeof found === "number" ? String(found) : "";
  return text.length > ID_LENGTH_MAX ? "" : text;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
