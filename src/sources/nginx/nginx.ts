/**
 * nginx: the error log (basic authentication, the PAM and LDAP modules, the mail proxy, what an application says
 * through FastCGI) and, where both come through syslog under nginx's name, the access log.
 *
 * It does not know who is behind a forwarder: that is the business of nginx's real_ip module, whose result stands in
 * the client field.
 */
import type { LocalTime } from "#/sources/local-time.ts";
import { readAccess } from "#/sources/access-log/access-log.ts";
import { type Context, type Entry, type Reading, type Source, foreign, ignored, malformed } from "#/sources/source.ts";
import type { Millis } from "#/platform/units.ts";
import { readMessage } from "./error-messages.ts";

export const nginx: Source = {
  id: "nginx",
  title: "nginx error log and mail proxy",
  programs: ["nginx"],
  message(entry: Entry, context: Context): Reading {
    const { text } = entry;
    const error = readError(text, dateAt(text), entry.at, context.time);
    if (error.kind !== "foreign") return error;
    const access = readAccess(text, entry.at, context.time);
    return access.kind === "foreign" ? ignored : access;
  },
  line: (entry: Entry, context: Context): Reading =>
    isDate(entry.text, 0) ? readError(entry.text, 0, entry.at, context.time) : foreign,
};

/** Where the date stands; a container's log may put "host nginx: " before it. */
function dateAt(text: string): number {
  if (isDate(text, 0)) return 0;
  const colon = text.indexOf("nginx: ");
  return colon >= 0 && colon < 300 && isDate(text, colon + 7) ? colon + 7 : -1;
}

/** Whether "2026/11/23 10:00:00 [" stands at `at`. */
function isDate(text: string, at: number): boolean {
  return (
    text.charCodeAt(at + 4) === 47 &&
    text.charCodeAt(at + 7) === 47 &&
    text.charCodeAt(at + 13) === 58 &&
    text.charCodeAt(at + 20) === 91
  );
}

const levels = new Set(["debug", "info", "notice", "warn", "error", "crit", "alert", "emerg"]);

/** Reads `2026/11/23 10:00:00 [error] 123#123: *7 message`. */
function readError(text: string, from: number, wrapperAt: Millis | undefined, time: LocalTime): Reading {
  if (from < 0) return foreign;
  const close = text.indexOf("] ", from + 21);
  if (close < 0 || !levels.has(text.slice(from + 21, close))) return foreign;
  // "123#123: " and the connection "*7 ".
  const colon = text.indexOf(": ", close);
  if (colon < 0 || !/^\d{1,10}#\d{1,10}$/.test(text.slice(close + 2, Math.min(colon, close + 24)))) return foreign;
  let message = colon + 2;
  if (text.charCodeAt(message) === 42) message = text.indexOf(" ", message) + 1;
  if (message === 0) return ignored;
  return readMessage(text, message, () => {
    if (wrapperAt !== undefined) return wrapperAt;
    const stamp = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d)$/.exec(text.slice(from, from + 19));
    if (stamp === null) return malformed("no readable time");
    const [, year, month, day, hour, minute, second] = stamp;
    const at = time.at(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second));
    return at ?? malformed("no readable time");
  });
}
