/**
 * Times that logs write without a zone, and often without a year. The zone is what the operator says (--timezone, UTC
 * where nothing is said); the year is inferred from the file's age and carried over New Year as the lines go by.
 */
import { type Millis, millis } from "#/platform/units.ts";

export const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

const monthIndex = new Map<string, number>(monthNames.map((name, index) => [name.toLowerCase(), index + 1]));

/** 1 to 12 for an English month name of three letters, any case; 0 for anything else. */
export const monthOf = (name: string): number => monthIndex.get(name.toLowerCase()) ?? 0;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export class LocalTime {
  /** IANA zone in which local times are read. */
  readonly zone: string;
  /** Whether a time without a zone has been read, so that the output must say which zone was assumed. */
  zoneAssumed = false;
  /** The earliest and latest year that a time without one was given; 0 where every time had its own. */
  yearFirst = 0;
  yearLast = 0;

  readonly #format: Intl.DateTimeFormat | undefined;
  /** The file's last change, or now: no line is later than this, a day of clock trouble apart. */
  readonly #latest: Millis;
  #year = 0;
  #lastMonth = 0;
  #offsetHour = Number.NaN;
  #offset = 0;

  /** @param zone IANA name, already validated. @param latest the file's modification time, or the present for a stream. */
  constructor(zone: string, latest: Millis) {
    this.zone = zone;
    this.#latest = latest;
    this.#format =
      zone === "UTC"
        ? undefined
        : new Intl.DateTimeFormat("en-US", {
            timeZone: zone,
            hourCycle: "h23",
            year: "numeric",
            month: "numeric",
            day: "numeric",
            hour: "numeric",
            minute: "numeric",
            second: "numeric",
          });
  }

  /** UTC of a wall-clock time in the zone. `month` is 1 to 12. Undefined where no such date exists. */
  at(
    year: number,
    month: number,
    day: number,
    hour: number,
    minute: number,
    second: number,
    ms = 0,
  ): Millis | undefined {
    this.zoneAssumed = true;
    const wall = utc(year, month, day, hour, minute, second, ms);
    if (wall === undefined) return undefined;
    return this.#format === undefined ? wall : millis(wall - this.#offsetAt(wall, this.#format));
  }

  /** The same for a time without a year, as in RFC 3164. Lines must come in their order in the file. */
  atYearless(month: number, day: number, hour: number, minute: number, second: number, ms = 0): Millis | undefined {
    if (this.#year === 0) this.#setYear(this.#firstYear(month, day));
    else if (this.#lastMonth >= 11 && month <= 2) this.#setYear(this.#year + 1);
    else if (this.#lastMonth <= 2 && month >= 11 && this.#lastMonth !== 0) this.#setYear(this.#year - 1);
    this.#lastMonth = month;
    return this.at(this.#year, month, day, hour, minute, second, ms);
  }

  #setYear(year: number): void {
    this.#year = year;
    if (this.yearFirst === 0 || year < this.yearFirst) this.yearFirst = year;
    if (year > this.yearLast) this.yearLast = year;
  }

  /** The latest year in which the date exists and is not after the file itself. */
  #firstYear(month: number, day: number): number {
    const latest = new Date(this.#latest + DAY).getUTCFullYear();
    for (let year = latest; year > latest - 9; year -= 1) {
      const at = utc(year, month, day, 0, 0, 0, 0);
      if (at !== undefined && at <= this.#latest + DAY) return year;
    }
    return latest;
  }

  #offsetAt(wall: number, format: Intl.DateTimeFormat): number {
    const hour = Math.floor(wall / HOUR);
    if (hour !== this.#offsetHour) {
      this.#offsetHour = hour;
      // Twice, because the first guess takes the wall-clock time for UTC and may fall on the other side of a change.
      const first = zoneOffset(format, wall);
      this.#offset = zoneOffset(format, wall - first);
    }
    return this.#offset;
  }
}

function zoneOffset(format: Intl.DateTimeFormat, at: number): number {
  const parts: Record<string, number> = {};
  for (const part of format.formatToParts(at)) parts[part.type] = Number(part.value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

/** UTC milliseconds, or undefined where the fields are no date. A leap second counts as the second before it. */
export function utc(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  ms: number,
): Millis | undefined {
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= 31 && hour >= 0 && hour <= 24)) return undefined;
  if (!(minute >= 0 && minute <= 59 && second >= 0 && second <= 60 && year >= 1970 && year <= 9999)) return undefined;
  const at = Date.UTC(year, month - 1, day, hour, minute, Math.min(second, 59), ms);
  return day > 28 && new Date(at).getUTCDate() !== day && hour < 24 ? undefined : millis(at);
}

const isoPattern =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s?(Z|z|UTC|GMT|[+-]\d\d:?\d\d|[+-]\d\d)?$/;

/**
 * An ISO 8601 or RFC 3339 time ("T" or a blank between date and time, "." or "," before the fraction), with or without
 * zone. Without one it is read in the file's zone.
 */
export function isoTime(text: string, time: LocalTime): Millis | undefined {
  const found = isoPattern.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second = "0", fraction = "", zone] = found;
  const ms = fraction === "" ? 0 : Math.floor(Number(`0.${fraction}`) * 1000);
  const fields = [Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second), ms] as const;
  if (zone === undefined) return time.at(...fields);
  const at = utc(...fields);
  if (at === undefined) return undefined;
  return /^[+-]/.test(zone) ? millis(at - zoneMinutes(zone) * 60_000) : at;
}

function zoneMinutes(zone: string): number {
  const digits = zone.replace(/[+:-]/g, "");
  const total = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4) || "0");
  return zone.startsWith("-") ? -total : total;
}

/** "22/Jan/2026:10:00:00 +0100", as web servers write it. */
export function webTime(text: string, time: LocalTime): Millis | undefined {
  const found = /^(\d{1,2})\/([A-Za-z]{3})\/(\d{4}):(\d\d):(\d\d):(\d\d)(?:[.]\d+)?(?: ([+-]\d{4}))?$/.exec(text);
  if (found === null) return undefined;
  const [, day, month = "", year, hour, minute, second, zone] = found;
  const fields = [Number(year), monthOf(month), Number(day), Number(hour), Number(minute), Number(second), 0] as const;
  if (zone === undefined) return time.at(...fields);
  const at = utc(...fields);
  return at === undefined ? undefined : millis(at - zoneMinutes(zone) * 60_000);
}
