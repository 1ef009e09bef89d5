/**
 * Dropbear's SSH server, 0.48 to 2025: syslog, its standard error ("[pid] Nov 23 08:00:00 ...") and PAM under it. It never
 * writes the names of accounts that do not exist, so a caller can type nothing into its lines.
 */
import type { Millis } from "#/platform/units.ts";
import type { Reason } from "#/signin/signin.ts";
import { monthOf } from "#/sources/local-time.ts";
import { pamEvidence } from "#/sources/pam/pam-evidence.ts";
import type { Context, Entry, Evidence, Reading, Source } from "#/sources/source.ts";
import { ended, evidence, foreign, ignored, malformed } from "#/sources/source.ts";

export const dropbear: Source = {
  id: "dropbear",
  title: "Dropbear SSH",
  programs: ["dropbear"],
  message: readMessage,
  line: readLine,
};

const ownHead = /^\[(\d{1,10})\] ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d) /;

function readMessage(entry: Entry): Reading {
  if (entry.at === undefined) return malformed("no time");
  // journald passes on the standard error as it is.
  const head = entry.text.startsWith("[") ? ownHead.exec(entry.text) : null;
  return readText(entry, entry.at, head === null ? entry.text : entry.text.slice(head[0].length));
}

function readLine(entry: Entry, context: Context): Reading {
  if (!entry.text.startsWith("[")) return foreign;
  const head = ownHead.exec(entry.text);
  if (head === null) return foreign;
  const [, pid = "", month = "", day, hour, minute, second] = head;
  const fields = [monthOf(month), Number(day), Number(hour), Number(minute), Number(second)] as const;
  const at = entry.at ?? (fields[0] === 0 ? undefined : context.time.atYearless(...fields));
  if (at === undefined) return foreign;
  const reading = readText({ ...entry, pid }, at, entry.text.slice(head[0].length));
  return reading.kind === "ignored" ? foreign : reading;
}

const keyOf = (entry: Entry): string => (entry.pid === "" ? "" : `dropbear:${entry.host}:${entry.pid}`);

function readText(entry: Entry, at: Millis, text: string): Reading {
  if (text.startsWith("Exit ")) return exit(entry, at, text);
  if (text.startsWith("pam_") || text.startsWith("(pam_")) return pamEvidence(at, text, "ssh", keyOf(entry)) ?? ignored;
  const attempt = attemptShape.exec(text);
  if (attempt !== null) return attemptOf(entry, at, attempt);
  const refused = refusals.find(([shape]) => shape.test(text));
  if (refused === undefined) return ignored;
  const [shape, reason] = refused;
  // Without an address: where the connection is from stands in the lines that follow.
  const account = shape.exec(text)?.[1] ?? "root";
  return failure(entry, at, account, "", reason, "name", true);
}

/** Only Dropbear's own beginnings: the commands that people run, which it logs too, may hold anything. */
const attemptShape =
  /^((?:bad|too-long|login|pam|password|pubkey|auth) [a-z ]{4,50}) for (?:'([^']{0,256})'|nonexistent user)(?: with .{1,200})? from (\S{1,80}?)(, extra auth required)?$/i;

const refusals: readonly (readonly [RegExp, Reason])[] = [
  [/^User account '(.{0,256})' is locked$/, "locked"],
  [/^User '(.{0,256})' has invalid shell, rejected$/, "disabled"],
  [/^User '(.{0,256})' has blank password, rejected$/, "policy"],
  [/^Logins are restricted to the group .{0,100} but user '(.{0,256})' is not a member$/, "policy"],
  [/^root login rejected$/, "policy"],
];

function attemptOf(entry: Entry, at: Millis, attempt: RegExpExecArray): Reading {
  const [, what = "", name, endpoint = "", partly] = attempt;
  const address = addressOf(endpoint);
  if (/ succeeded\b/i.test(what)) {
    if (partly !== undefined) return ignored;
    const success = evidence(at, "success", name ?? "", address, "ssh");
    success.key = keyOf(entry);
    success.channel = "auth";
    return success;
  }
  if (name === undefined) return failure(entry, at, "", address, "unknown-account", "name", false);
  if (/password attempt$/i.test(what)) {
    // With PAM this stands for a name that does not exist.
    const unknown = name === "<invalid username>";
    return failure(
      entry,
      at,
      unknown ? "" : name,
      address,
      unknown ? "unknown-account" : "bad-password",
      "auth",
      false,
    );
  }
  return what.startsWith("Pubkey auth ") ? failure(entry, at, name, address, "bad-password", "offer", true) : ignored;
}

/**
 * "Exit before auth[ from <ADDRESS:PORT>][:] (user 'NAME', 10 fails): why[ - user 'NAME' from ADDRESS:PORT]": the only
 * witness of somebody who offered keys alone, and an echo of the rest.
 */
function exit(entry: Entry, at: Millis, text: string): Reading {
  const over = entry.pid === "" ? ignored : ended(keyOf(entry));
  if (!text.startsWith("Exit before auth")) return over;
  const from = /^Exit before auth from <([^<>\s]{1,80})>/.exec(text)?.[1];
  const tried = /\(user '(.{0,256}?)', (\d{1,6}) fails\)/.exec(text);
  const unknown = text.includes(": Max auth tries reached - user 'is invalid'");
  if ((tried === null || Number(tried[2]) === 0) && !unknown) return over;
  const last = / from (\S{1,80})$/.exec(text)?.[1];
  const address = addressOf(from ?? last ?? "");
  return failure(entry, at, tried?.[1] ?? "", address, unknown ? "unknown-account" : "bad-password", "exit", true);
}

/** "192.0.2.1:60588", "2001:db8::1:60588", "[2001:db8::1]:60588": the port is what stands after the last colon. */
function addressOf(endpoint: string): string {
  const host = endpoint.slice(0, Math.max(0, endpoint.lastIndexOf(":")));
  return host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
}

function failure(
  entry: Entry,
  at: Millis,
  account: string,
  address: string,
  reason: Reason,
  channel: string,
  weak: boolean,
): Evidence {
  const result = evidence(at, "failure", account, address, "ssh");
  result.reason = reason;
  result.key = keyOf(entry);
  result.channel = channel;
  result.hold = weak && result.key !== "";
  return result;
}
