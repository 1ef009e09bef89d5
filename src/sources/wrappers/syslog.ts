/**
 * The syslog header, in the shapes in which it stands in files: RFC 3164 ("Dec 10 06:55:46 host sshd[24200]: ..."), the
 * same with an ISO time (rsyslog's own template, systemd), with a <PRI> before it, as busybox and OpenWrt write it, and
 * RFC 5424. It takes the header off and knows nothing of what the message says.
 *
 * The header is written by the server and ends at the first colon after the program; nothing of the message is ever
 * taken for a header, however much it looks like one.
 */
import { type Millis, millis } from "#/platform/units.ts";
import { type LocalTime, isoTime, monthOf } from "#/sources/local-time.ts";
import type { Entry } from "#/sources/source.ts";
import { HostAndProgram, isFacility } from "./syslog-names.ts";

const COLON = 58;
const DOT = 46;
const SPACE = 32;
const BRACKET = 91;
const LESS = 60;
const ONE = 49;
const CAPITAL_T = 84;

/** Reads headers one after the other; the lines of one file in their order, since RFC 3164 leaves the year out. */
export class SyslogHeader {
  readonly #time: LocalTime;
  readonly #names = new HostAndProgram();
  /** The last minute read, as text with its colon and as time: most lines are of the same minute as the one before. */
  #minuteText = "?";
  #minuteAt = 0;
  #isoMinute = "?";
  #isoZone = "";
  #isoMinuteAt = 0;

  constructor(time: LocalTime) {
    this.#time = time;
  }

  /** Takes the header off `line` into `entry`. False, with `entry` unspecified, where the line has no such header. */
  unwrap(line: string, entry: Entry): boolean {
    let from = 0;
    const start = line.charCodeAt(0);
    if (start === LESS) {
      const close = line.indexOf(">");
      if (close < 2 || close > 4 || !isDigits(line, 1, close)) return false;
      from = close + 1;
    }
    const first = start === LESS ? line.charCodeAt(from) : start;
    if (first === ONE && line.charCodeAt(from + 1) === SPACE) return this.#rfc5424(line, from + 2, entry);
    if (first >= 48 && first <= 57) return this.#isoHeader(line, from, entry);
    return this.#rfc3164(line, from, entry);
  }

  #rfc3164(line: string, from: number, entry: Entry): boolean {
    let timeFrom = from + this.#minuteText.length - 6;
    if (!line.startsWith(this.#minuteText, from)) {
      // "Dec 10 06:55:46 ": three letters, blank, day of one or two places, blank, time of eight.
      if (line.charCodeAt(from + 3) !== SPACE) return false;
      timeFrom = line.charCodeAt(from + 6) === SPACE ? from + 7 : line.charCodeAt(from + 5) === SPACE ? from + 6 : -1;
      if (timeFrom < 0) return this.#openWrt(line, from, entry);
      if (line.charCodeAt(timeFrom + 2) !== COLON) return this.#rfc3164WithYear(line, from, timeFrom, entry);
      if (!this.#readMinute(line, from, timeFrom)) return false;
    }
    const second = twoDigits(line, timeFrom + 6);
    if (!(second >= 0 && second <= 60)) return false;
    let end = timeFrom + 8;
    if (line.charCodeAt(end) !== SPACE) {
      // A fraction of a second ("06:55:46.123456"), as some templates write it, is dropped.
      if (line.charCodeAt(end) === DOT) end = line.indexOf(" ", end);
      if (line.charCodeAt(end) === COLON) end += 1;
      if (end < 0 || line.charCodeAt(end) !== SPACE) return false;
    }
    entry.at = millis(this.#minuteAt + Math.min(second, 59) * 1000);
    return this.#names.read(line, end + 1, entry);
  }

  #readMinute(line: string, from: number, timeFrom: number): boolean {
    const month = monthOf(line.slice(from, from + 3));
    const hour = twoDigits(line, timeFrom);
    const minute = twoDigits(line, timeFrom + 3);
    if (month === 0 || hour < 0 || minute < 0 || line.charCodeAt(timeFrom + 5) !== COLON) return false;
    const at = this.#time.atYearless(month, Number(line.slice(from + 4, timeFrom - 1)), hour, minute, 0);
    if (at === undefined) return false;
    this.#minuteText = line.slice(from, timeFrom + 6);
    this.#minuteAt = at;
    return true;
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
    return this.#names.read(line, yearFrom + 14, entry);
  }

  /** "Mon Sep  8 07:46:30 2022 authpriv.info dropbear[812]: ...", as OpenWrt's logread writes it: no host, year last. */
  #openWrt(line: string, from: number, entry: Entry): boolean {
    if (line.charCodeAt(from + 7) !== SPACE || line.charCodeAt(from + 24) !== SPACE) return false;
    const facilityEnd = line.indexOf(" ", from + 25);
    if (facilityEnd < 0 || !isFacility(line.slice(from + 25, facilityEnd))) return false;
    const found = /^(\w{3}) ([ \d]\d) (\d\d):(\d\d):(\d\d) (\d{4})$/.exec(line.slice(from + 4, from + 24));
    if (found === null) return false;
    const [, month = "", day, hour, minute, second, year] = found;
    const numbers = [Number(day), Number(hour), Number(minute), Number(second)] as const;
    const at = this.#time.at(Number(year), monthOf(month), ...numbers);
    if (at === undefined) return false;
    entry.at = at;
    entry.host = "";
    return this.#names.readProgram(line, facilityEnd + 1, entry);
  }

  /** "2026-11-23T10:00:00.123456+01:00 host sshd[24200]: ..." */
  #isoHeader(line: string, from: number, entry: Entry): boolean {
    if (line.charCodeAt(from + 4) !== 45 || line.charCodeAt(from + 10) !== CAPITAL_T) return false;
    const end = line.indexOf(" ", from + 19);
    if (end < 0 || end > from + 40) return false;
    const at = this.#isoAt(line, from, end);
    if (at === undefined) return false;
    entry.at = at;
    return this.#names.read(line, end + 1, entry);
  }

  /** What `isoTime` reads, remembering the minute: rsyslog writes such a time on every line. */
  #isoAt(line: string, from: number, end: number): Millis | undefined {
    const second = twoDigits(line, from + 17);
    if (line.charCodeAt(from + 16) !== COLON || !(second >= 0 && second <= 60))
      return isoTime(line.slice(from, end), this.#time);
    let zoneFrom = from + 19;
    let ms = 0;
    if (line.charCodeAt(zoneFrom) === DOT) {
      let unit = 100;
      for (zoneFrom += 1; isDigit(line.charCodeAt(zoneFrom)); zoneFrom += 1) {
        ms += Math.floor(unit) * (line.charCodeAt(zoneFrom) - 48);
        unit /= 10;
      }
      if (zoneFrom - from === 20 || zoneFrom - from > 29) return undefined;
    }
    const zone = this.#isoZone;
    const same =
      line.startsWith(this.#isoMinute, from) && zoneFrom + zone.length === end && line.startsWith(zone, zoneFrom);
    if (!same) {
      const minute = line.slice(from, from + 16);
      const at = isoTime(`${minute}:00${line.slice(zoneFrom, end)}`, this.#time);
      if (at === undefined) return undefined;
      this.#isoMinute = minute;
      this.#isoZone = line.slice(zoneFrom, end);
      this.#isoMinuteAt = at;
    }
    return millis(this.#isoMinuteAt + Math.min(second, 59) * 1000 + ms);
  }

  /** "<34>1 2026-11-23T10:00:00Z host app procid msgid [id a="b"] message", from after the version. */
  #rfc5424(line: string, from: number, entry: Entry): boolean {
    const stampEnd = line.indexOf(" ", from);
    const hostEnd = line.indexOf(" ", stampEnd + 1);
    const programEnd = line.indexOf(" ", hostEnd + 1);
    const pidEnd = line.indexOf(" ", programEnd + 1);
    const idEnd = line.indexOf(" ", pidEnd + 1);
    if (stampEnd < from || hostEnd < stampEnd || programEnd < hostEnd || pidEnd < programEnd || idEnd < pidEnd)
      return false;
    const at = line.charCodeAt(from + 10) === CAPITAL_T ? this.#isoAt(line, from, stampEnd) : undefined;
    if (at === undefined) return false;
    const dataEnd = structuredDataEnd(line, idEnd + 1);
    if (dataEnd < 0) return false;
    entry.at = at;
    const { host, program } = this.#names.known(line.slice(stampEnd + 1, hostEnd), line.slice(hostEnd + 1, programEnd));
    entry.host = host === "-" ? "" : host;
    entry.program = program === "-" ? "" : program;
    const pid = line.slice(programEnd + 1, pidEnd);
    entry.pid = pid === "-" ? "" : pid;
    let textFrom = dataEnd;
    while (line.charCodeAt(textFrom) === SPACE) textFrom += 1;
    if (line.charCodeAt(textFrom) === 0xfeff) textFrom += 1;
    entry.text = line.slice(textFrom);
    return true;
  }
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

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

function isDigits(line: string, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (!isDigit(line.charCodeAt(at))) return false;
  return to > from;
}
