/**
 * The syslog header, in the shapes in which it stands in files: RFC 3164 ("Dec 10 06:55:46 host sshd[24200]: ..."), the
 * same with an ISO time (rsyslog's own template, systemd), with a <PRI> before it, and RFC 5424. It takes the header
 * off and knows nothing of what the message says.
 *
 * The header is written by the server and ends at the first colon after the program; nothing of the message is ever
 * taken for a header, however much it looks like one.
 */
import { type LocalTime, isoTime, monthOf } from "#/sources/local-time.ts";
import type { Entry } from "#/sources/source.ts";
import { type Millis, millis } from "#/platform/units.ts";

const COLON = 58;
const SPACE = 32;
const BRACKET = 91;

/** Longer names are no program names; a line that has none within this is not syslog. */
const PROGRAM_LENGTH_MAX = 64;

/** Reads headers one after the other; the lines of one file in their order, since RFC 3164 leaves the year out. */
export class SyslogHeader {
  readonly #time: LocalTime;
  #minuteText = "";
  #minuteAt = 0;

  constructor(time: LocalTime) {
    this.#time = time;
  }

  /** Takes the header off `line` into `entry`. False, with `entry` unspecified, where the line has no such header. */
  unwrap(line: string, entry: Entry): boolean {
    let from = 0;
    if (line.charCodeAt(0) === 60) {
      const close = line.indexOf(">");
      if (close < 2 || close > 4 || !isDigits(line, 1, close)) return false;
      from = close + 1;
      if (line.charCodeAt(from) === 49 && line.charCodeAt(from + 1) === SPACE) return this.#rfc5424(line, from + 2, entry);
    }
    const first = line.charCodeAt(from);
    if (first >= 48 && first <= 57) return this.#isoHeader(line, from, entry);
    return this.#rfc3164(line, from, entry);
  }

  #rfc3164(line: string, from: number, entry: Entry): boolean {
    // "Dec 10 06:55:46 ": three letters, blank, day of one or two places, blank, time of eight.
    if (line.charCodeAt(from + 3) !== SPACE) return false;
    const timeFrom = line.charCodeAt(from + 6) === SPACE ? from + 7 : line.charCodeAt(from + 5) === SPACE ? from + 6 : -1;
    if (timeFrom < 0) return false;
    if (line.charCodeAt(timeFrom + 2) !== COLON) return this.#rfc3164WithYear(line, from, timeFrom, entry);
    if (line.charCodeAt(timeFrom + 5) !== COLON) return false;
    const at = this.#at(line, from, timeFrom);
    if (at === undefined) return false;
    let end = timeFrom + 8;
    // A fraction of a second ("06:55:46.123456"), as some templates write it, is dropped.
    if (line.charCodeAt(end) === 46) end = line.indexOf(" ", end);
    if (line.charCodeAt(end) === COLON) end += 1;
    if (end < 0 || line.charCodeAt(end) !== SPACE) return false;
    entry.at = at;
    return hostAndProgram(line, end + 1, entry);
  }

  #at(line: string, from: number, timeFrom: number): Millis | undefined {
    const second = twoDigits(line, timeFrom + 6);
    if (!(second >= 0 && second <= 60)) return undefined;
    const minuteText = line.slice(from, timeFrom + 5);
    if (minuteText !== this.#minuteText) {
      const month = monthOf(minuteText.slice(0, 3));
      const day = Number(line.slice(from + 4, timeFrom - 1));
      const hour = twoDigits(line, timeFrom);
      const minute = twoDigits(line, timeFrom + 3);
      if (month === 0) return undefined;
      const at = this.#time.atYearless(month, day, hour, minute, 0);
      if (at === undefined) return undefined;
      this.#minuteText = minuteText;
      this.#minuteAt = at;
    }
    return millis(this.#minuteAt + Math.min(second, 59) * 1000);
  }

  /** "Sep  8 2022 07:46:30 host ...", as some BSDs and appliances write it. */
  #rfc3164WithYear(line: string, from: number, yearFrom: number, entry: Entry): boolean {
    if (!isDigits(line, yearFrom, yearFrom + 4) || line.charCodeAt(yearFrom + 4) !== SPACE) return false;
    const found = /^(\d\d):(\d\d):(\d\d) /.exec(line.slice(yearFrom + 5, yearFrom + 14));
    const month = monthOf(line.slice(from, from + 3));
    if (found === null || month === 0) return false;
    const day = Number(line.slice(from + 4, yearFrom - 1));
    const year = Number(line.slice(yearFrom, yearFrom + 4));
    const at = this.#time.at(year, month, day, Number(found[1]), Number(found[2]), Number(found[3]));
    if (at === undefined) return false;
    entry.at = at;
    return hostAndProgram(line, yearFrom + 14, entry);
  }

  /** "2026-11-23T10:00:00.123456+01:00 host sshd[24200]: ..." */
  #isoHeader(line: string, from: number, entry: Entry): boolean {
    if (line.charCodeAt(from + 4) !== 45 || line.charCodeAt(from + 10) !== 84) return false;
    const end = line.indexOf(" ", from + 19);
    if (end < 0 || end > from + 40) return false;
    const at = isoTime(line.slice(from, end), this.#time);
    if (at === undefined) return false;
    entry.at = at;
    return hostAndProgram(line, end + 1, entry);
  }

  /** "<34>1 2026-11-23T10:00:00Z host app procid msgid [id a="b"] message", from after the version. */
  #rfc5424(line: string, from: number, entry: Entry): boolean {
    const fields: string[] = [];
    let at = from;
    while (fields.length < 5) {
      const end = line.indexOf(" ", at);
      if (end < 0) return false;
      fields.push(line.slice(at, end));
      at = end + 1;
    }
    const [stamp = "", host = "-", program = "-", pid = "-"] = fields;
    const when = isoTime(stamp, this.#time);
    if (when === undefined) return false;
    const dataEnd = structuredDataEnd(line, at);
    if (dataEnd < 0) return false;
    entry.at = when;
    entry.host = host === "-" ? "" : host;
    entry.program = program === "-" ? "" : program;
    entry.pid = pid === "-" ? "" : pid;
    const text = line.slice(dataEnd).trimStart();
    entry.text = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    return true;
  }
}

/** Reads "host program[pid]: message" (or "program[pid]: message" where the host was left out). */
function hostAndProgram(line: string, from: number, entry: Entry): boolean {
  const hostEnd = line.indexOf(" ", from);
  if (hostEnd < 0) return false;
  const noHost = line.charCodeAt(hostEnd - 1) === COLON;
  entry.host = noHost ? "" : line.slice(from, hostEnd);
  return programAndMessage(line, noHost ? from : hostEnd + 1, entry);
}

function programAndMessage(line: string, from: number, entry: Entry): boolean {
  let at = from;
  const last = Math.min(line.length, from + PROGRAM_LENGTH_MAX);
  let code = 0;
  for (; at < last; at += 1) {
    code = line.charCodeAt(at);
    if (code === COLON || code === BRACKET || code === SPACE) break;
  }
  if (at === from || at === last) {
    // "[sshd] message" (metalog), or no program at all.
    entry.program = "";
    entry.pid = "";
    entry.text = line.slice(from);
    return true;
  }
  entry.program = line.slice(from, at);
  entry.pid = "";
  if (code === BRACKET) {
    const close = line.indexOf("]", at);
    if (close < 0 || close - at > PROGRAM_LENGTH_MAX) return plainText(line, from, entry);
    entry.pid = line.slice(at + 1, close);
    at = close + 1;
    code = line.charCodeAt(at);
  }
  if (code === COLON) at += 1;
  else if (entry.pid === "") return plainText(line, from, entry);
  entry.text = line.slice(line.charCodeAt(at) === SPACE ? at + 1 : at);
  return true;
}

/** A message without a program before it. */
function plainText(line: string, from: number, entry: Entry): boolean {
  entry.program = "";
  entry.pid = "";
  entry.text = line.slice(from);
  return true;
}

/** Where RFC 5424 structured data ends; -1 where it is broken. */
function structuredDataEnd(line: string, from: number): number {
  if (line.charCodeAt(from) === 45) return from + 1;
  let at = from;
  while (line.charCodeAt(at) === BRACKET) {
    let quoted = false;
    for (at += 1; at < line.length; at += 1) {
      const char = line.charAt(at);
      if (char === "\\" && quoted) at += 1;
      else if (char === '"') quoted = !quoted;
      else if (char === "]" && !quoted) break;
    }
    if (at >= line.length) return -1;
    at += 1;
  }
  return at === from ? -1 : at;
}

function twoDigits(line: string, at: number): number {
  const tens = line.charCodeAt(at) - 48;
  const ones = line.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

function isDigits(line: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    const code = line.charCodeAt(at);
    if (!(code >= 48 && code <= 57)) return false;
  }
  return to > from;
}
