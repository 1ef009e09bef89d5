/**
 * The times with which Dovecot begins the lines of its own log files (log_path): "%b %d %H:%M:%S " by default, ISO
 * times where log_timestamp says so, and the TAI64N labels of multilog and s6-log.
 */
import { isoTime, monthOf } from "#/sources/local-time.ts";
import type { LocalTime } from "#/sources/local-time.ts";
import { type Millis, millis } from "#/platform/units.ts";

const SPACE = 32;
const COLON = 58;

/**
 * TAI64 counts from 2^62, and daemontools (whose convention the log tools follow) is ten seconds ahead of UTC at 1970.
 */
const TAI_OFFSET_SECONDS = 10n;

/**
 * Where the time that begins at `from` ends, blanks after it included; -1 where there is none. Reads no more than it
 * must.
 */
export function stampEnd(text: string, from: number): number {
  const first = text.charCodeAt(from);
  if (first === 64) return skipSpaces(text, text.indexOf(" ", from), from + 17);
  if (first >= 48 && first <= 57) return isoEnd(text, from);
  // "Dec  1 06:55:46 " or "Dec 01 06:55:46.123456 ".
  if (text.charCodeAt(from + 3) !== SPACE) return -1;
  const clock = text.charCodeAt(from + 5) === SPACE ? from + 6 : from + 7;
  if (text.charCodeAt(clock + 2) !== COLON || text.charCodeAt(clock + 5) !== COLON) return -1;
  return skipSpaces(text, text.indexOf(" ", clock + 8), clock + 8);
}

function isoEnd(text: string, from: number): number {
  if (text.charCodeAt(from + 4) !== 45 || text.charCodeAt(from + 7) !== 45) return -1;
  if (text.charCodeAt(from + 13) !== COLON) return -1;
  const end = text.indexOf(" ", from + 16);
  if (text.charCodeAt(end + 1) === 43 || text.charCodeAt(end + 1) === 45) {
    // "2026-11-23 10:00:00 +0100 ": the zone stands apart.
    return skipSpaces(text, text.indexOf(" ", end + 1), from + 16);
  }
  return skipSpaces(text, end, from + 16);
}

function skipSpaces(text: string, at: number, notBefore: number): number {
  if (at < notBefore || at > notBefore + 24) return -1;
  let end = at;
  while (text.charCodeAt(end) === SPACE && end < at + 4) end += 1;
  return end;
}

/** The time in `text` from `from` to `end`, as `stampEnd` found it. */
export function stampTime(text: string, from: number, end: number, time: LocalTime): Millis | undefined {
  const stamp = text.slice(from, end).trimEnd();
  const first = stamp.charCodeAt(0);
  if (first === 64) return taiTime(stamp.slice(1));
  if (first >= 48 && first <= 57) return isoTime(stamp, time);
  const clock = stamp.charCodeAt(5) === SPACE ? 6 : 7;
  return time.atYearless(
    monthOf(stamp.slice(0, 3)),
    Number(stamp.slice(4, clock - 1)),
    Number(stamp.slice(clock, clock + 2)),
    Number(stamp.slice(clock + 3, clock + 5)),
    Number(stamp.slice(clock + 6, clock + 8)),
  );
}

/** "400000004c91b044077a9e94": sixteen digits of seconds, and eight of nanoseconds that may be missing. */
function taiTime(label: string): Millis | undefined {
  if (!/^4[0-9a-f]{15}(?:[0-9a-f]{8})?$/.test(label)) return undefined;
  const seconds = BigInt(`0x${label.slice(0, 16)}`) - 2n ** 62n - TAI_OFFSET_SECONDS;
  const nanoseconds = label.length > 16 ? Number.parseInt(label.slice(16), 16) : 0;
  const at = Number(seconds) * 1000 + Math.floor(nanoseconds / 1e6);
  // Beyond what a date can hold it is no time.
  return at >= 0 && at <= 8.64e15 ? millis(at) : undefined;
}
