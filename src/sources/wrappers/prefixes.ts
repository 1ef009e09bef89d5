/**
 * Times that a supervisor puts before each line of a program's output: TAI64N labels ("@4000000065f0..." of multilog and
 * s6-log), svlogd's ("2026-11-23_10:00:00.12345 "), and the container runtimes' ("2026-11-23T10:00:00.1Z stdout F ").
 */
import { type Millis, millis } from "#/platform/units.ts";
import { type LocalTime, isoTime } from "#/sources/local-time.ts";
import type { Entry } from "#/sources/source.ts";
import type { Unwrapped } from "./docker.ts";
import { Partials } from "./partials.ts";

const AT = 64;
const SPACE = 32;
const UNDERSCORE = 95;
const CAPITAL_T = 84;

export class SupervisorPrefix {
  readonly #time: LocalTime;
  readonly #partials = new Partials();

  constructor(time: LocalTime) {
    this.#time = time;
  }

  unwrap(line: string, entry: Entry): Unwrapped {
    const separator = line.charCodeAt(10);
    if (line.charCodeAt(0) === AT) return taiLine(line, entry);
    if (separator === CAPITAL_T) return this.#containerLine(line, entry);
    return separator === UNDERSCORE ? this.#svlogdLine(line, entry) : "other";
  }

  /** "2026-11-23T10:00:00.123456789Z stdout F text": F for a full line, P for a part of one. */
  #containerLine(line: string, entry: Entry): Unwrapped {
    const stampEnd = line.indexOf(" ");
    if (stampEnd < 19 || stampEnd > 40) return "other";
    const streamAt =
      line.startsWith("stdout ", stampEnd + 1) || line.startsWith("stderr ", stampEnd + 1) ? stampEnd + 1 : 0;
    if (streamAt === 0 || line.charCodeAt(streamAt + 8) !== SPACE) return "other";
    const tag = line.charAt(streamAt + 7);
    if (tag !== "F" && tag !== "P") return "other";
    const at = isoTime(line.slice(0, stampEnd), this.#time);
    if (at === undefined) return "other";
    const text = this.#partials.add(line.slice(streamAt, streamAt + 6), line.slice(streamAt + 9), tag === "F");
    return text === undefined ? "part" : fill(entry, at, text);
  }

  /** "2026-11-23_10:00:00.12345 text", always UTC (svlogd -tt). */
  #svlogdLine(line: string, entry: Entry): Unwrapped {
    const end = line.indexOf(" ");
    if (end < 19 || end > 30) return "other";
    const at = isoTime(`${line.slice(0, 10)}T${line.slice(11, end)}Z`, this.#time);
    return at === undefined ? "other" : fill(entry, at, line.slice(end + 1));
  }
}

/**
 * "@" and 24 hex digits: seconds since 1970 TAI plus 2^62, then nanoseconds. The programs that write these labels take
 * TAI to be ten seconds ahead of UTC, as it was in 1970 (libtai's tai_now), so that is what is taken off.
 */
function taiLine(line: string, entry: Entry): Unwrapped {
  if (line.charCodeAt(25) !== SPACE || !/^@4[0-9a-f]{23}$/i.test(line.slice(0, 25))) return "other";
  const seconds = Number.parseInt(line.slice(2, 17), 16) - 10;
  const nanoseconds = Number.parseInt(line.slice(17, 25), 16);
  if (!Number.isSafeInteger(seconds) || seconds < 0 || seconds > 253_402_300_799) return "other";
  return fill(entry, millis(seconds * 1000 + Math.floor(nanoseconds / 1e6)), line.slice(26));
}

function fill(entry: Entry, at: Millis, text: string): "whole" {
  entry.at = at;
  entry.host = "";
  entry.program = "";
  entry.pid = "";
  entry.text = text;
  return "whole";
}
