/**
 * Settings: portcullis.yaml, checked once at the edge. Every module that has settings says of each what kind of value it is;
 * the schema follows from that and from the defaults, the reference page (docs/settings.md) from the comments beside them.
 * It knows nothing of what any setting is for.
 */
import { readFileSync } from "node:fs";
import { LineCounter, isNode, parseDocument } from "yaml";
import * as z from "zod";
import { Failure } from "./failure.ts";
import type { Duration } from "./units.ts";

/** Kinds of values. duration: "90s", "30m", "24h", "7d". count: a whole number from 1. share: 0 to 1. names: a list of texts. groups: lists by name. */
export type Unit =
  | "duration"
  | "count"
  | "share"
  | "log-odds"
  | "per-day"
  | "number"
  | "per-day-list"
  | "names"
  | "groups"
  | "answer"
  | "text"
  | "yes-or-no";

/** What kind each setting of a module is. */
export type Units<Settings> = { readonly [Name in keyof Settings]: Unit };

/** A module's settings as one part of the file. */
export type Section<Settings extends object> = { readonly defaults: Settings; readonly units: Units<Settings> };

const durationPattern = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/;
const durationUnits: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const schemas = {
  duration: z.string().transform((text, context): Duration => {
    const length = parseDuration(text);
    if (length !== undefined) return length;
    context.addIssue({ code: "custom", message: 'expected a length of time such as "30m", "24h" or "7d"' });
    return z.NEVER;
  }),
  count: z.int().min(1),
  share: z.number().min(0).max(1),
  "log-odds": z.number(),
  "per-day": z.number().min(0),
  number: z.number(),
  names: z.array(z.string().min(1).max(256)).max(1_000),
  groups: z.record(z.string().min(1).max(64), z.array(z.string().min(1).max(256)).max(1_000)),
  answer: z.enum(["allow", "delay", "refuse"]),
  text: z.string().max(1_024),
  "yes-or-no": z.boolean(),
  "per-day-list": z.array(z.number().positive()).min(1).max(8),
} as const satisfies Record<Unit, z.ZodType>;

/** A schema for a section: every setting may be left out, none may be invented. */
export function sectionSchema<Settings extends object>(section: Section<Settings>): z.ZodType<Settings> {
  const shape: Record<string, z.ZodType> = {};
  for (const [name, unit] of Object.entries<Unit>(section.units)) shape[name] = schemas[unit].optional();
  const given = z.strictObject(shape);
  // What was left out comes from the defaults; the shape above has checked every name and value that was given.
  return given.transform((values) => ({ ...section.defaults, ...values }));
}

/** Sections by their names in the file. */
type Sections = { readonly [name: string]: Section<object> };

type Values<Of extends Sections> = { readonly [Name in keyof Of]: Of[Name]["defaults"] };

/** A schema for the whole file: every section may be left out, none may be invented. */
export function fileSchema<Of extends Sections>(sections: Of): z.ZodType<Values<Of>> {
  const shape: Record<string, z.ZodType> = {};
  for (const [name, section] of Object.entries(sections)) shape[name] = sectionSchema(section).optional();
  const defaults = Object.fromEntries(Object.entries(sections).map(([name, section]) => [name, section.defaults]));
  // Every name and value that was given has been checked by the shape above.
  return z.strictObject(shape).transform((given) => ({ ...defaults, ...given }) as Values<Of>);
}

/** "30m" is 1,800,000 ms; undefined for what is no length of time. */
export function parseDuration(text: string): Duration | undefined {
  const found = durationPattern.exec(text);
  return found === null ? undefined : ((Number(found[1]) * (durationUnits[found[2] ?? ""] ?? 1)) as Duration);
}

/** "30m" for 1,800,000 ms: the longest unit that leaves no fraction. */
export function durationText(value: number): string {
  for (const unit of ["d", "h", "m", "s"] as const) {
    const size = durationUnits[unit] ?? 1;
    if (value >= size && value % size === 0) return `${value / size}${unit}`;
  }
  return `${value}ms`;
}

/**
 * Reads a settings file. @throws Failure settings-invalid naming file, line and setting, and what was expected there;
 * file-not-found where it is not there.
 */
export function readSettings<Settings>(path: string, schema: z.ZodType<Settings>): Settings {
  const lines = new LineCounter();
  const document = parseDocument(readText(path), { lineCounter: lines, prettyErrors: false });
  const broken = document.errors[0];
  if (broken !== undefined) {
    throw new Failure(
      "settings-invalid",
      `${path}:${lines.linePos(broken.pos[0]).line}: not valid YAML: ${broken.message}`,
    );
  }
  const checked = schema.safeParse(document.toJS() ?? {});
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  const node = document.getIn(issue?.path ?? [], true);
  const offset = isNode(node) ? node.range?.[0] : undefined;
  const line = offset === undefined ? "" : `:${lines.linePos(offset).line}`;
  const name = issue?.path.join(".") ?? "";
  throw new Failure(
    "settings-invalid",
    `${path}${line}: ${name === "" ? "" : `${name}: `}${issue?.message ?? "not valid"}. docs/settings.md lists every setting with its unit and default.`,
  );
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Failure(
      "file-not-found",
      `${path}: the settings file cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      {
        cause: error,
      },
    );
  }
}
