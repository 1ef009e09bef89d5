/** SquirrelMail's Squirrel Logger plugin, in its default format: "11/23/2026 08:00:00 [LOGIN] jane (example.org) from 192.0.2.1: ". */
import type { Context, Entry, Reading, Source } from "#/sources/source.ts";
import { evidence, foreign, ignored, malformed } from "#/sources/source.ts";

export const squirrelmail: Source = {
  id: "squirrelmail",
  title: "SquirrelMail (Squirrel Logger)",
  programs: [],
  line: readLine,
};

const head = /^(\d\d)\/(\d\d)\/(\d{4}) (\d\d):(\d\d):(\d\d) \[([A-Z_]{3,30})\] /;

function readLine(entry: Entry, context: Context): Reading {
  const { text } = entry;
  if (text.charCodeAt(2) !== 47 || text.charCodeAt(5) !== 47) return foreign;
  const found = head.exec(text);
  if (found === null) return foreign;
  const kind = found[7];
  if (kind !== "LOGIN" && kind !== "LOGIN_ERROR") return ignored;
  const [first = 0, second = 0, year = 0, hour = 0, minute = 0, seconds = 0] = found.slice(1, 7).map(Number);
  // The month comes first, unless that can be no month.
  const [month, day] = first > 12 ? [second, first] : [first, second];
  const at = entry.at ?? context.time.at(year, month, day, hour, minute, seconds);
  if (at === undefined) return malformed("no such date");
  const words = text.slice(found[0].length);
  // Names come first and are the caller's; what stands behind the address is the server's.
  const from = words.lastIndexOf(" from ");
  const place = from < 0 ? null : /^ from (\S{1,64}?):(?: |$)/.exec(words.slice(from));
  if (place === null) return malformed("no address");
  const account = words.slice(0, from).replace(/ \([^()]{0,255}\)$/, "");
  const result = evidence(at, kind === "LOGIN" ? "success" : "failure", account, place[1] ?? "", "webmail");
  if (kind === "LOGIN_ERROR" && /\bconnect(?:ing|ion)?\b|dropped by/i.test(words.slice(from))) result.reason = "fault";
  return result;
}
