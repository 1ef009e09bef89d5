/**
 * Times as exports write them that are not log lines: PowerShell's "/Date(1700000000000)/", spreadsheets' "11/23/2026
 * 10:00:00 AM", epochs as numbers or text, and ISO 8601. Which of day and month stands first is the exporting machine's
 * custom and is nowhere written down; it is told from what else gives the custom away.
 */
import { type LocalTime, isoTime, monthOf, utc } from "./local-time.ts";
import { objectOf } from "./json-text.ts";
import type { Json } from "./source.ts";
import { type Millis, millis } from "#/platform/units.ts";

/** Longer text is no time. */
const TIME_LENGTH_MAX = 40;

/** @param zone in which a time is read that names none: the file's, or UTC where the format defines it so. */
export function exportTime(value: Json | undefined, time: LocalTime, zone: "local" | "utc"): Millis | undefined {
  if (typeof value === "number") return epoch(value);
  if (typeof value !== "string") return dateObject(value, time, zone);
  if (value === "" || value.length > TIME_LENGTH_MAX) return undefined;
  // ICU puts a narrow no-break space before AM and PM.
  const text = value.trim().replaceAll("\u202f", " ");
  const first = text.charCodeAt(0);
  if (first === 47) return powerShellDate(text);
  if (first < 48 || first > 57) return kibanaTime(text, time, zone);
  const hasZone = zone === "local" || /(?:Z|UTC|GMT|[+-]\d\d:?\d\d)$/i.test(text);
  return (
    isoTime(hasZone ? text : `${text}Z`, time) ??
    customary(text, time, zone) ??
    (/^\d{9,13}(?:\.\d{1,9})?$/.test(text) ? epoch(Number(text)) : undefined)
  );
}

/** Seconds or milliseconds: no sign-in log reaches back to 1973, where the two meet. */
function epoch(value: number): Millis | undefined {
  if (!Number.isFinite(value) || value <= 0 || value > 253_402_300_799_999) return undefined;
  return millis(Math.floor(value < 1e11 ? value * 1000 : value));
}

/** Windows PowerShell's JSON of a DateTime that carries its own text beside it. */
function dateObject(value: Json | undefined, time: LocalTime, zone: "local" | "utc"): Millis | undefined {
  const inner = objectOf(value)["value"];
  return typeof inner === "string" ? exportTime(inner, time, zone) : undefined;
}

function powerShellDate(text: string): Millis | undefined {
  const found = /^\/Date\((\d{1,15})(?:[+-]\d{4})?\)\/$/.exec(text);
  return found === null ? undefined : epoch(Number(found[1]));
}

/** "Nov 22, 2026 @ 08:00:00.123", in the zone of whoever exported it. */
function kibanaTime(text: string, time: LocalTime, zone: "local" | "utc"): Millis | undefined {
  const found = /^([A-Z][a-z]{2}) (\d{1,2}), (\d{4}) @ (\d\d):(\d\d):(\d\d)(?:\.(\d{3}))?/.exec(text);
  if (found === null) return undefined;
  const [, month = "", day, year, hour, minute, second, ms = "0"] = found;
  const clock = [Number(hour), Number(minute), Number(second), Number(ms)] as const;
  const date = [Number(year), monthOf(month), Number(day)] as const;
  return zone === "utc" ? utc(...date, ...clock) : time.at(...date, ...clock);
}

const customaryPattern =
  /^(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4}),? (\d{1,2}):(\d\d)(?::(\d\d)(?:[.,](\d{1,7}))?)?(?: ?([AaPp])\.?([Mm])\.?)?$/;

function customary(text: string, time: LocalTime, zone: "local" | "utc"): Millis | undefined {
  const found = customaryPattern.exec(text);
  if (found === null) return undefined;
  const [
    ,
    first = "",
    separator,
    second = "",
    third = "",
    hourText,
    minute,
    secondText = "0",
    fraction = "",
    half = "",
  ] = found;
  const hour = half === "" ? Number(hourText) : (Number(hourText) % 12) + (half.toLowerCase() === "p" ? 12 : 0);
  const [year, month, day] = dateOrder(
    [Number(first), Number(second), Number(third)],
    first.length,
    separator === "/" && half === half.toUpperCase() && half !== "",
  );
  const ms = fraction === "" ? 0 : Math.floor(Number(`0.${fraction}`) * 1000);
  const fields = [year, month, day, hour, Number(minute), Number(secondText), ms] as const;
  return zone === "utc" ? utc(...fields) : time.at(...fields);
}

/**
 * The United States write month first, with slashes and capital AM and PM; everybody else with slashes writes day first,
 * with 24 hours or small am and pm. A number above 12 overrules the custom.
 */
function dateOrder(
  numbers: readonly [number, number, number],
  firstLength: number,
  isAmerican: boolean,
): readonly [number, number, number] {
  const [first, second, third] = numbers;
  if (firstLength === 4) return numbers;
  const year = third < 100 ? 2000 + third : third;
  const isMonthFirst = first <= 12 && (isAmerican || second > 12);
  return isMonthFirst ? [year, first, second] : [year, second, first];
}
