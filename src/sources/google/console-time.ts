// "Nov 22, 2026, 8:00:00 AM GMT+1", as the admin console shows times and some of its exports have them.
import { type LocalTime, monthOf, utc } from "#/sources/local-time.ts";
import type { Json } from "#/sources/source.ts";
import { type Millis, millis } from "#/platform/units.ts";

const TIME_LENGTH_MAX = 48;

const pattern =
  /^([A-Z][a-z]{2}) (\d{1,2}), (\d{4}),? (\d{1,2}):(\d\d):(\d\d) ?([AP]M)?(?: (?:UTC|GMT)(?:([+-]\d{1,2})(?::(\d\d))?)?)?$/;

/** Without a zone the time is read in the file's; a zone by name only (PST) makes it unreadable. */
export function consoleTime(value: Json | undefined, time: LocalTime): Millis | undefined {
  if (typeof value !== "string" || value.length > TIME_LENGTH_MAX) return undefined;
  const text = value.trim().replaceAll("\u202f", " ");
  const found = pattern.exec(text);
  if (found === null) return undefined;
  const [, month = "", day, year, hourText, minute, second, half, zoneHours, zoneMinutes = "0"] = found;
  const hour = half === undefined ? Number(hourText) : (Number(hourText) % 12) + (half === "PM" ? 12 : 0);
  const fields = [Number(year), monthOf(month), Number(day), hour, Number(minute), Number(second)] as const;
  if (!/UTC|GMT/.test(text)) return time.at(...fields);
  const at = utc(...fields, 0);
  if (at === undefined || zoneHours === undefined) return at;
  const minutes = Math.abs(Number(zoneHours)) * 60 + Number(zoneMinutes);
  return millis(at - (zoneHours.startsWith("-") ? -minutes : minutes) * 60_000);
}
