/**
 * Google Workspace's activities as others pass them on: Elastic's module (the activity as text in `event.original`, or
 * taken apart), BigQuery's export, and flat rows whose columns are the API's names ("actor.email", as GAM writes them).
 */
import { objectOf, parsedObject, scalarOf, textOf } from "#/sources/json-text.ts";
import type { Json, JsonObject } from "#/sources/source.ts";
import { type GoogleActivity, fromReports } from "./record.ts";

export function exportedActivity(value: JsonObject): GoogleActivity | undefined {
  if (value["google_workspace"] !== undefined || value["gsuite"] !== undefined) return fromElastic(value);
  if (value["id.applicationName"] !== undefined) return fromColumns(value);
  return value["record_type"] === "login" && value["event_name"] !== undefined ? fromBigQuery(value) : undefined;
}

function fromElastic(value: JsonObject): GoogleActivity | undefined {
  const event = objectOf(value["event"]);
  const original = textOf(event["original"]);
  const whole = original.startsWith("{") ? parsedObject(original) : undefined;
  if (whole !== undefined && whole["id"] !== undefined) return fromReports(whole);
  const source = objectOf(value["source"]);
  const fields = objectOf(objectOf(value["google_workspace"] ?? value["gsuite"])["login"]);
  return {
    time: value["@timestamp"],
    application: textOf(event["provider"]),
    account: textOf(objectOf(source["user"])["email"]) || textOf(objectOf(value["user"])["email"]),
    address: textOf(source["ip"]),
    events: [{ name: textOf(event["action"]), parameters: parametersOf(fields, elasticNames) }],
  };
}

/** A flat row has the parameters beside the activity's own fields. */
const fromColumns = (value: JsonObject): GoogleActivity => ({
  time: value["id.time"],
  application: textOf(value["id.applicationName"]),
  account: textOf(value["actor.email"]),
  address: textOf(value["ipAddress"]),
  events: [{ name: textOf(value["name"]), parameters: parametersOf(value, ownNames) }],
});

const fromBigQuery = (value: JsonObject): GoogleActivity => ({
  time: microseconds(value["time_usec"]),
  application: "login",
  account: textOf(value["email"]),
  address: textOf(value["ip_address"]),
  events: [{ name: textOf(value["event_name"]), parameters: parametersOf(objectOf(value["login"]), ownNames) }],
});

/** BigQuery writes whole numbers as text. */
function microseconds(value: Json | undefined): Json | undefined {
  const text = scalarOf(value);
  return /^\d{1,17}$/.test(text) ? Math.floor(Number(text) / 1_000) : undefined;
}

const ownNames = [
  ["login_failure_type", "login_failure_type"],
  ["login_challenge_method", "login_challenge_method"],
  ["login_challenge_status", "login_challenge_status"],
  ["affected_email_address", "affected_email_address"],
] as const;

const elasticNames = [
  ["failure_type", "login_failure_type"],
  ["challenge_method", "login_challenge_method"],
  ["challenge_status", "login_challenge_status"],
  ["affected_email_address", "affected_email_address"],
] as const;

const VALUES_MAX = 64;
const CELL_LENGTH_MAX = 1_000;

const wordsOf = (cell: string, parameter: string): readonly string[] =>
  parameter === "login_challenge_method" ? cell.split(/[,; |]+/) : [cell];

/** A list stands as one, or as words in one cell. */
function parametersOf(
  fields: JsonObject,
  names: readonly (readonly [field: string, parameter: string])[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const [field, parameter] of names) {
    const value = fields[field];
    const list: readonly Json[] = Array.isArray(value)
      ? value.slice(0, VALUES_MAX)
      : wordsOf(scalarOf(value).slice(0, CELL_LENGTH_MAX), parameter);
    const texts = list.map(scalarOf).filter((text) => text !== "");
    if (texts.length > 0) found.set(parameter, texts);
  }
  return found;
}
