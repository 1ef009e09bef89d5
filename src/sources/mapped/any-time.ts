/**
 * Times as anybody's export may have them. A number counts from 1970 in whatever unit makes it a time of our days, or from
 * 1601 as Windows counts, or is a date written without separators.
 */
import { exportTime } from "#/sources/export-time.ts";
import { type LocalTime, isoTime, monthOf, utc, webTime } from "#/sources/local-time.ts";
import { type Millis, millis } from "#/platform/units.ts";

/** Of times such as 05/11/2026, where the operator says which stands first. */
export type DateOrder = "dmy" | "mdy";

/** Longer text is no time. */
const TIME_LENGTH_MAX = 60;

/** @param order where nothing is said it is told from the time itself: see export-time.ts. */
export function anyTime(given: string, order: DateOrder | undefined, time: LocalTime): Millis | undefined {
  const text = given.trim();
  if (text === "" || text.length > TIME_LENGTH_MAX) return undefined;
  if (/^\d{9,19}(?:\.\d+)?$/.test(text)) return numberTime(text, time);
  return (
    (order === undefined ? undefined : ordered(text, order, time)) ??
    isoTime(text, time) ??
    webTime(text, time) ??
    compactTime(text, time) ??
    exportTime(text, time, "local") ??
    namedMonthTime(text, time)
  );
}

/** 1601-01-01 to 1970-01-01 in milliseconds. */
const WINDOWS_EPOCH = 11_644_473_600_000;

function numberTime(text: string, time: LocalTime): Millis | undefined {
  const digits = text.split(".")[0]?.length ?? 0;
  const value = Number(text);
  // 10 digits are seconds until the year 2286, 13 are milliseconds, 16 microseconds, 19 nanoseconds.
  if (digits <= 10) return millis(Math.floor(value * 1_000));
  if (digits === 14) return compactTime(text, time);
  if (digits <= 13) return millis(Math.floor(value));
  if (digits <= 16) return millis(Math.floor(value / 1_000));
  // 18 digits are nanoseconds only of the years before 2001, and Windows' tenths of microseconds ever since 1917.
  if (digits === 18) return millis(Math.max(0, Math.floor(value / 10_000) - WINDOWS_EPOCH));
  return digits === 19 ? millis(Math.floor(value / 1_000_000)) : undefined;
}

/** "20261122080000", "20261122T080000Z". */
function compactTime(text: string, time: LocalTime): Millis | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)T?(\d\d)(\d\d)(\d\d)(?:\.\d+)?(Z)?$/.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second, zulu] = found;
  const fields = [Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second)] as const;
  return zulu === undefined ? time.at(...fields) : utc(...fields, 0);
}

const orderedPattern =
  /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:,? |T)(\d{1,2}):(\d\d)(?::(\d\d))?(?:\.\d+)?\s?([AaPp][Mm])?$/;

function ordered(text: string, order: DateOrder, time: LocalTime): Millis | undefined {
  const found = orderedPattern.exec(text);
  if (found === null) return undefined;
  const [, first, second, year, hour, minute, seconds = "0", half] = found;
  const [day, month] = order === "dmy" ? [first, second] : [second, first];
  return time.at(Number(year), Number(month), Number(day), clock(Number(hour), half), Number(minute), Number(seconds));
}

function clock(hour: number, half: string | undefined): number {
  if (half === undefined) return hour;
  return (hour % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
}

/** "Sun, 22 Nov 2026 08:00:00 +0000", "22-Nov-2026 08:00:00". */
const dayFirstPattern =
  /^(?:[A-Za-z]{3,9},? )?(\d{1,2})[ -]([A-Za-z]{3})[a-z]{0,6}[ -](\d{4}),? (\d{1,2}):(\d\d)(?::(\d\d))?(?:\.\d+)? ?([AaPp][Mm])?(?: ?(GMT|UTC|Z|[+-]\d{4}))?$/;

/** "Nov 22, 2026 8:00:00 AM", "November 22, 2026 @ 08:00:00.000" as Kibana has it. */
const monthFirstPattern =
  /^([A-Za-z]{3})[a-z]{0,6} (\d{1,2}),? (\d{4}),?(?: @)? (\d{1,2}):(\d\d)(?::(\d\d))?(?:\.\d+)? ?([AaPp][Mm])?(?: ?(GMT|UTC|Z|[+-]\d{4}))?$/;

function namedMonthTime(text: string, time: LocalTime): Millis | undefined {
  const found = dayFirstPattern.exec(text) ?? monthFirstPattern.exec(text);
  if (found === null) return undefined;
  const [, first = "", second = "", year, hour, minute, seconds = "0", half, zone] = found;
  const [day, month] = /\d/.test(first) ? [first, second] : [second, first];
  const fields = [
    Number(year),
    monthOf(month),
    Number(day),
    clock(Number(hour), half),
    Number(minute),
    Number(seconds),
  ] as const;
  if (zone === undefined) return time.at(...fields);
  const at = utc(...fields, 0);
  if (at === undefined || !/^[+-]/.test(zone)) return at;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3));
  return millis(at - (zone.startsWith("-") ? -minutes : minutes) * 60_000);
}
