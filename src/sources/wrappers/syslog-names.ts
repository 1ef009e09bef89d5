/**
 * The names in a syslog header: "host program[pid]: message". The few that a log really has are remembered, so that
 * most lines cost one comparison and every entry of a program carries the very same string.
 */
import { detached } from "#/sources/reading/interner.ts";
import type { Entry } from "#/sources/source.ts";

const COLON = 58;
const SPACE = 32;
const BRACKET = 91;

/** Longer names are no program names; a line that has none within this is not syslog. */
const PROGRAM_LENGTH_MAX = 64;

/** Places for the pairs of host and program that are remembered; a power of two. A pair takes the place of another. */
const places = 256;

/** Hosts of which one string is kept. With more, all are forgotten. */
const hostsMax = 256;

/** A host and a program as they stand together in headers. */
export type Names = { readonly host: string; readonly program: string };
type Pair = Names & { readonly raw: string };

export class HostAndProgram {
  readonly #pairs: (Pair | undefined)[] = Array.from({ length: places });
  #hosts = new Map<string, string>();
  #lastNames: Names & { readonly rawHost: string; readonly rawProgram: string } = {
    rawHost: "",
    rawProgram: "",
    host: "",
    program: "",
  };

  /** Reads "host program[pid]: message" (or "program[pid]: message" where the host was left out). */
  read(line: string, from: number, entry: Entry): boolean {
    const hostEnd = line.indexOf(" ", from);
    if (hostEnd < 0) return false;
    const place = placeOf(line, from, hostEnd);
    const pair = this.#pairs[place];
    if (pair !== undefined && line.startsWith(pair.raw, from)) {
      const at = from + pair.raw.length;
      entry.pid = "";
      const textFrom = messageFrom(line, at, entry);
      if (textFrom > 0) {
        entry.host = pair.host;
        entry.program = pair.program;
        entry.text = line.slice(line.charCodeAt(textFrom) === SPACE ? textFrom + 1 : textFrom);
        return true;
      }
    }
    const noHost = line.charCodeAt(hostEnd - 1) === COLON;
    entry.host = noHost ? "" : line.slice(from, hostEnd);
    const found = this.readProgram(line, noHost ? from : hostEnd + 1, entry);
    if (found && !noHost && entry.program !== "") this.#remember(line, from, hostEnd, entry);
    return found;
  }

  /** Reads "program[pid]: message". */
  readProgram(line: string, start: number, entry: Entry): boolean {
    const from = afterFacility(line, start);
    let at = from;
    const last = Math.min(line.length, from + PROGRAM_LENGTH_MAX);
    let code = 0;
    for (; at < last; at += 1) {
      code = line.charCodeAt(at);
      if (code === COLON || code === BRACKET || code === SPACE) break;
    }
    // "[sshd] message" (metalog), or no program at all.
    if (at === from || at === last) return plainText(line, from, entry);
    entry.program = programName(line.slice(from, at));
    entry.pid = "";
    if (code === BRACKET) {
      at = pidEnd(line, at, entry);
      if (at < 0) return plainText(line, from, entry);
    } else if (code === COLON) at += 1;
    else return plainText(line, from, entry);
    entry.text = line.slice(line.charCodeAt(at) === SPACE ? at + 1 : at);
    return true;
  }

  /** The names in the form that entries carry, for headers that give them apart. */
  known(rawHost: string, rawProgram: string): Names {
    const last = this.#lastNames;
    if (last.rawHost === rawHost && last.rawProgram === rawProgram) return last;
    this.#lastNames = { rawHost, rawProgram, host: rawHost, program: programName(rawProgram) };
    return this.#lastNames;
  }

  /** Only where the program follows its host: what busybox writes between them would otherwise be lost. */
  #remember(line: string, from: number, hostEnd: number, entry: Entry): void {
    const end = nameEnd(line, hostEnd + 1);
    if (end < 0 || programName(line.slice(hostEnd + 1, end)) !== entry.program) return;
    entry.host = this.#hostNamed(entry.host);
    // Slices would keep their chunk of the file.
    const pair = { raw: detached(line.slice(from, end)), host: entry.host, program: entry.program };
    this.#pairs[placeOf(line, from, hostEnd)] = pair;
  }

  /** The one string of this host, so that comparing two is comparing two addresses of memory. */
  #hostNamed(host: string): string {
    const found = this.#hosts.get(host);
    if (found !== undefined) return found;
    if (this.#hosts.size >= hostsMax) this.#hosts = new Map();
    const own = detached(host);
    this.#hosts.set(own, own);
    return own;
  }
}

/** Where the program's name ends, at the bracket or colon after it; -1 where there is none. */
function nameEnd(line: string, from: number): number {
  for (let at = from; at < from + PROGRAM_LENGTH_MAX; at += 1) {
    const code = line.charCodeAt(at);
    if (code === COLON || code === BRACKET) return at;
    if (code === SPACE) return -1;
  }
  return -1;
}

/** By the length and end of the host and the beginning of the program: enough to tell the few apart that a log has. */
function placeOf(line: string, from: number, hostEnd: number): number {
  const host = line.charCodeAt(hostEnd - 1) * 31 + (hostEnd - from) * 7;
  return (host + line.charCodeAt(hostEnd + 1) * 17 + line.charCodeAt(hostEnd + 3) * 5) & (places - 1);
}

/** Where the message begins after the program, its process id read into `entry`; -1 where the program does not end there. */
function messageFrom(line: string, at: number, entry: Entry): number {
  const code = line.charCodeAt(at);
  if (code === COLON) return at + 1;
  return code === BRACKET ? pidEnd(line, at, entry) : -1;
}

/** Reads "[pid]:" from its bracket into `entry`, and says where the message begins; -1 where it is no process id. */
function pidEnd(line: string, bracket: number, entry: Entry): number {
  const close = line.indexOf("]", bracket);
  if (close < 0 || close - bracket > PROGRAM_LENGTH_MAX) return -1;
  entry.pid = line.slice(bracket + 1, close);
  if (line.charCodeAt(close + 1) === COLON) return close + 2;
  return entry.pid === "" ? -1 : close + 1;
}

/** busybox writes facility and priority between host and program: "host authpriv.info sshd[24200]: ...". */
function afterFacility(line: string, from: number): number {
  for (let at = from; at < from + 20; at += 1) {
    const code = line.charCodeAt(at);
    if (code === SPACE) return isFacility(line.slice(from, at)) ? at + 1 : from;
    if (code === COLON || code === BRACKET) return from;
  }
  return from;
}

/** A message without a program before it. */
function plainText(line: string, from: number, entry: Entry): boolean {
  entry.program = "";
  entry.pid = "";
  entry.text = line.slice(from);
  return true;
}

/** The program as entries name it: lower case, and without its path where it is one ("/usr/sbin/sshd"). */
export function programName(raw: string): string {
  const name = raw.charCodeAt(0) === 47 ? raw.slice(raw.lastIndexOf("/") + 1) : raw;
  return name.toLowerCase();
}

const facilityPattern =
  /^(?:kern|user|mail|daemon|auth|authpriv|syslog|lpr|news|uucp|cron|ftp|local[0-7])\.(?:emerg|alert|crit|err|error|warn|warning|notice|info|debug)$/;

/** "authpriv.info" and its like. */
export const isFacility = (text: string): boolean =>
  text.length < 20 && text.includes(".") && facilityPattern.test(text);
