/**
 * Horde and IMP, 3 to 6: their log through syslog or in a file of its own. Horde and IMP each write a line about one
 * sign-in; the process that served it holds the two together.
 */
import { isoTime } from "#/sources/local-time.ts";
import type { Context, Entry, Reading, Source } from "#/sources/source.ts";
import { evidence, foreign, ignored, malformed } from "#/sources/source.ts";
import type { Millis } from "#/platform/units.ts";

export const horde: Source = {
  id: "horde",
  title: "Horde",
  programs: ["horde"],
  message: (entry) => (entry.at === undefined ? malformed("no time") : (read(entry, entry.at, entry.text) ?? ignored)),
  line: readLine,
};

/** Horde's own file: "Nov 23 08:00:00 HORDE [error] [horde] ...", whose host is Horde's name, or an ISO time before the same. */
function readLine(entry: Entry, context: Context): Reading {
  if (entry.at !== undefined) return entry.program === "" ? (read(entry, entry.at, entry.text) ?? foreign) : foreign;
  if (entry.text.charCodeAt(10) !== 84) return foreign;
  const space = entry.text.indexOf(" ");
  const at = space < 19 || space > 40 ? undefined : isoTime(entry.text.slice(0, space), context.time);
  return at === undefined ? foreign : (read(entry, at, entry.text.slice(space + 1)) ?? foreign);
}

const said = /^(?:\w{1,12}: )?(?:HORDE:? )?(?:\[\w{1,12}\] )?\[(\w{1,30})\] (FAILED LOGIN|Login success) for /i;
const place = / [([]((?:\d{1,3}\.){3}\d{1,3}|[\da-f]{0,4}:[\da-f:.]{1,44})[)\]]/gi;
const forwarded = " (forwarded for [";

/** "[imp] FAILED LOGIN for NAME (ADDRESS)[ (forwarded for [...])] to {...}", "[horde] FAILED LOGIN for NAME to horde (ADDRESS)". */
function read(entry: Entry, at: Millis, text: string): Reading | undefined {
  const head = said.exec(text);
  if (head === null) return undefined;
  const [start, application = "", what = ""] = head;
  const tail = /^(.*) \[(?:pid (\d{1,10}) )?on line \d/.exec(text.slice(start.length));
  const words = tail?.[1] ?? text.slice(start.length);
  const found = [...words.matchAll(place)].filter(({ index }) => !words.startsWith("forwarded for", index - 13));
  const last = found.at(-1);
  if (last === undefined) return malformed("no address");
  // The name before and what a proxy passes on behind are the caller's: with both, an address more may be either's.
  const sure = found.length === 1 || !words.includes(forwarded);
  const isFailure = what.toLowerCase() === "failed login";
  const account = words.slice(0, last.index).replace(/ \(Horde user .{0,256}\)$/, "");
  const isIts = application.toLowerCase() !== "imp" && !words.startsWith(" to ", last.index + last[0].length);
  const name = isIts ? account.replace(/ to \w{1,30}$/, "") : account;
  const result = evidence(
    at,
    isFailure ? "failure" : "success",
    sure ? name : "",
    sure ? (last[1] ?? "") : "",
    "webmail",
  );
  const pid = tail?.[2] ?? entry.pid;
  result.key = pid === "" ? "" : `horde:${entry.host}:${pid}`;
  result.channel = application;
  return result;
}
