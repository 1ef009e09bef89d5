/** Webmin and Usermin: syslog, and webmin.log. Both write of every sign-in, so the caller's address holds the two together. */
import type { Millis } from "#/platform/units.ts";
import type { Outcome, Reason } from "#/signin/signin.ts";
import { webTime } from "#/sources/local-time.ts";
import type { Context, Entry, Reading, Source } from "#/sources/source.ts";
import { evidence, foreign, ignored, malformed } from "#/sources/source.ts";

export const webmin: Source = {
  id: "webmin",
  title: "Webmin",
  programs: ["webmin", "usermin"],
  message: readMessage,
  line: readLine,
};

const words: readonly (readonly [start: string, outcome: Outcome, reason: Reason])[] = [
  ["Invalid login as ", "failure", "bad-password"],
  ["Non-existent login as ", "failure", "unknown-account"],
  ["Expired login as ", "failure", "expired"],
  ["Successful login as ", "success", "other"],
];

/** "Invalid login as NAME from ADDRESS". */
function readMessage(entry: Entry): Reading {
  if (entry.at === undefined) return malformed("no time");
  const text = entry.text.trimEnd();
  const said = words.find(([start]) => text.startsWith(start));
  if (said === undefined) return ignored;
  const [start, outcome, reason] = said;
  // The name comes first and is the caller's.
  const from = text.lastIndexOf(" from ");
  const address = text.slice(from + 6);
  if (from < start.length || address.includes(" ")) return malformed("no address at the end");
  return attempt(entry.at, outcome, text.slice(start.length, from), address, reason, "syslog");
}

const FAILED = ' global miniserv.pl "failed" "-" "';
const SUCCEEDED = ' global miniserv.pl "login" "';

/** '1795420800.1234.0 [23/Nov/2026 08:00:00] NAME SESSION ADDRESS global miniserv.pl "failed" "-" "wrongpass"'. */
function readLine(entry: Entry, context: Context): Reading {
  const { text } = entry;
  const open = text.indexOf(" [");
  if (open < 10 || open > 40 || !/^\d{9,11}\.[\d.]{1,25} \[/.test(text)) return foreign;
  const time = text.indexOf("] ", open);
  const at =
    entry.at ??
    webTime(
      text
        .slice(open + 2, time)
        .replace(" ", ":")
        .replace(/^(\d)\//, "0$1/"),
      context.time,
    );
  if (time < 0 || at === undefined) return foreign;
  const failed = text.lastIndexOf(FAILED);
  const end = failed < 0 ? text.lastIndexOf(SUCCEEDED) : failed;
  if (end < 0) return ignored;
  const [, name, address] = /^(.{0,256}) \S{1,80} (\S{1,64})$/.exec(text.slice(time + 2, end)) ?? [];
  if (name === undefined || address === undefined) return malformed("no address");
  const why = failed < 0 ? "" : text.slice(failed + FAILED.length);
  const reason = why.startsWith("wronguser")
    ? "unknown-account"
    : why.startsWith("expired")
      ? "expired"
      : "bad-password";
  return attempt(at, failed < 0 ? "success" : "failure", name, address, reason, "log");
}

function attempt(
  at: Millis,
  outcome: Outcome,
  name: string,
  address: string,
  reason: Reason,
  channel: string,
): Reading {
  const result = evidence(at, outcome, name, address, "web");
  if (outcome === "failure") result.reason = reason;
  result.key = `webmin:${address}`;
  result.channel = channel;
  return result;
}
