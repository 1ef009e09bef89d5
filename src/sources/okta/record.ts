/**
 * Finds a record of Okta's System Log in what exporters make of it: the API's JSON, EventBridge's envelope, Elastic's module
 * ("okta", names in snake case), and tables whose columns are the API's names with dots or underscores between them.
 */
import { objectOf, scalarOf, textOf } from "#/sources/json-text.ts";
import type { Json, JsonObject } from "#/sources/source.ts";

export type OktaRecord = {
  readonly value: JsonObject;
  /** What stands around it, where the time may be. */
  readonly outer: JsonObject;
  /** Whether fields stand nested or as columns of one row. */
  readonly isRow: boolean;
};

/** A field by its path in the API. */
export type Path = { readonly steps: readonly string[]; readonly columns: readonly string[] };

export function path(name: string): Path {
  const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const columns = [name, snake, snake.replaceAll(".", "_"), name.replaceAll(".", "_")];
  return { steps: name.split("."), columns: [...new Set(columns)] };
}

const eventType = path("eventType");
const result = path("outcome.result");
const marks = [path("published"), path("actor.alternateId"), path("actor.type"), path("legacyEventType")];

export function oktaRecord(outer: JsonObject): OktaRecord | undefined {
  for (const value of [outer, objectOf(outer["detail"]), objectOf(outer["okta"])]) {
    const isRow = value["outcome"] === undefined;
    const record = { value, outer, isRow };
    // Names such as "user.session.start": two programs' "eventType" rarely look alike.
    if (!field(record, eventType).includes(".") || field(record, result) === "") continue;
    if (marks.some((mark) => field(record, mark) !== "")) return record;
  }
  return undefined;
}

/** The text of a field, "" where it has none or Okta says "unknown". */
export function field({ value, isRow }: OktaRecord, { steps, columns }: Path): string {
  if (isRow) {
    for (const column of columns) if (value[column] !== undefined) return known(value[column]);
    return "";
  }
  let inner: Json | undefined = value;
  for (const step of steps) inner = stepInto(objectOf(inner), step);
  return known(inner);
}

function stepInto(value: JsonObject, name: string): Json | undefined {
  return value[name] ?? value[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
}

function known(value: Json | undefined): string {
  const text = scalarOf(value);
  return text === "unknown" || text === "null" ? "" : text;
}

export type Target = { readonly type: string; readonly name: string; readonly display: string };

/** What the event was done to: users, applications, authenticators. */
export function targetsOf({ value, isRow }: OktaRecord): readonly Target[] {
  const list = value["target"];
  if (isRow && list === undefined) return columnTargets(value);
  if (!Array.isArray(list)) return [];
  return list.slice(0, TARGETS_MAX).map((item: Json) => {
    const target = objectOf(item);
    return {
      type: textOf(target["type"]),
      name: known(target["alternateId"] ?? target["alternate_id"]),
      display: textOf(target["displayName"] ?? target["display_name"]),
    };
  });
}

const TARGETS_MAX = 32;

/** The console's export numbers them: "target0.type", "target0.alternate_id". */
function columnTargets(value: JsonObject): readonly Target[] {
  const targets: Target[] = [];
  for (let index = 0; index < TARGETS_MAX; index += 1) {
    const type = textOf(value[`target${index}.type`]);
    if (type === "") break;
    const name = known(value[`target${index}.alternate_id`]);
    targets.push({ type, name, display: textOf(value[`target${index}.display_name`]) });
  }
  return targets;
}
