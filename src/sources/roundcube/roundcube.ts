/**
 * Roundcube 0.9 to 1.7: its userlogins and errors logs, as files, on standard output and through syslog.
 *
 * The address that counts is the one directly after "from": the server's own. What follows in brackets (X-Real-IP,
 * X-Forwarded-For) is a header that anybody can send; behind a forwarder Roundcube has to be told of it
 * (`proxy_whitelist` or the web server's own module) for the true one to stand first.
 *
 * It does not know what the mail server saw: Dovecot logs the same attempts as sign-ins from the webmail host.
 */
import { type LocalTime, isoTime, monthOf, utc } from "#/sources/local-time.ts";
import {
  type Context,
  type Entry,
  type Reading,
  type Source,
  evidence,
  foreign,
  ignored,
  malformed,
} from "#/sources/source.ts";
import { type Millis, millis } from "#/platform/units.ts";
import type { Reason } from "#/signin/signin.ts";
import { addressAfterError, addressBeforeSession } from "./server-address.ts";

export const roundcube: Source = {
  id: "roundcube",
  title: "Roundcube userlogins and errors",
  programs: ["roundcube", "roundcubemail"],
  message(entry: Entry): Reading {
    if (entry.at === undefined) return ignored;
    const reading = readMessage(entry.text, 0, entry.at);
    return reading.kind === "foreign" ? ignored : reading;
  },
  line(entry: Entry, context: Context): Reading {
    const { text } = entry;
    if (text.charCodeAt(0) === 91) return readFile(text, context.time);
    // On standard output (in a container) the wrapper brings the time and Roundcube the name of the log.
    if (entry.at === undefined) return foreign;
    if (text.startsWith("userlogins: ")) return readMessage(text, 12, entry.at);
    return text.startsWith("errors: ") ? readMessage(text, 8, entry.at) : foreign;
  },
};

/** Reads "[22-Jan-2026 22:28:21 +0200]: message". */
function readFile(text: string, time: LocalTime): Reading {
  const close = text.indexOf("]: ");
  if (close < 20 || close > 40) return foreign;
  const reading = readMessage(text, close + 3, millis(0));
  if (reading.kind !== "evidence") return reading;
  const at = stampTime(text.slice(1, close), time);
  if (at === undefined) return malformed("no readable time");
  reading.at = at;
  return reading;
}

function stampTime(stamp: string, time: LocalTime): Millis | undefined {
  const found = /^(\d\d)-([A-Z][a-z]{2})-(\d{4}) (\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?: ([+-])(\d\d):?(\d\d))?$/.exec(
    stamp,
  );
  // An administrator may have chosen an ISO format.
  if (found === null) return isoTime(stamp, time);
  const [, day, month = "", year, hour, minute, second, sign, zoneHours, zoneMinutes] = found;
  const fields = [Number(year), monthOf(month), Number(day), Number(hour), Number(minute), Number(second), 0] as const;
  if (sign === undefined) return time.at(...fields);
  const offset = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000;
  const at = utc(...fields);
  return at === undefined ? undefined : millis(sign === "-" ? at + offset : at - offset);
}

/** Reads "<session> Failed login for ...", from where the message begins. */
function readMessage(text: string, from: number, at: Millis): Reading {
  let start = from;
  let session = "";
  if (text.charCodeAt(start) === 60) {
    const close = text.indexOf("> ", start);
    if (close < 0 || close - start > 130) return foreign;
    session = text.slice(start + 1, close);
    start = close + 2;
  }
  switch (text.charCodeAt(start)) {
    case 70: // F
      if (text.startsWith("Failed login for ", start)) return failedLogin(text, start + 17, session, at);
      return text.startsWith("FAILED login for ", start) ? refused(text, start + 17, session, at) : foreign;
    case 83: // S
      return text.startsWith("Successful login for ", start) ? successful(text, start + 21, session, at) : foreign;
    case 73: // I
      if (text.startsWith("IMAP Error: Login failed for ", start)) return refused(text, start + 29, session, at);
      return text.startsWith("IMAP Error: ", start) ? ignored : foreign;
    case 80: // P
    case 68: // D
    case 76: // L
      return / Error: /.test(text.slice(start, start + 20)) ? ignored : foreign;
    default:
      return foreign;
  }
}

/** Reads "name from 192.0.2.1 in session s (error: 0)" of the userlogins log. */
function failedLogin(text: string, from: number, session: string, at: Millis): Reading {
  const tail = /^ in session ([\w,-]{1,256}) \(error: (-?\d{1,4})\)$/.exec(
    text.slice(text.lastIndexOf(" in session ")),
  );
  const end = tail === null ? text.length : text.lastIndexOf(" in session ");
  const found = addressBeforeSession(text.slice(from, end));
  if (found === undefined) return malformed("no address after from");
  const reading = evidence(at, "failure", found.account, found.address, "webmail");
  reading.reason = errorReason(tail?.[2] ?? "0");
  return joined(reading, session, tail?.[1] ?? "", "userlogins");
}

/** Roundcube's own numbers (rcmail::ERROR_*) and those of its IMAP client, which all mean that the answer was none. */
function errorReason(code: string): Reason {
  switch (code) {
    case "0":
    case "-1":
      return "bad-password";
    case "4":
      return "locked";
    case "1":
    case "2":
    case "3":
      return "policy";
    default:
      return code.startsWith("-") ? "fault" : "bad-password";
  }
}

/** Reads "name (ID: 3) from 192.0.2.1 in session s"; the name is a member's, the headers are whoever's. */
function successful(text: string, from: number, session: string, at: Millis): Reading {
  const end = text.lastIndexOf(" in session ");
  if (end < from) return malformed("no session");
  const found = addressBeforeSession(text.slice(from, end));
  if (found === undefined) return malformed("no address after from");
  const account = found.account.replace(/ \(ID: \d{1,10}\)$/, "");
  const reading = evidence(at, "success", account, found.address, "webmail");
  return joined(reading, session, text.slice(end + 12), "userlogins");
}

/** Reads "name against host from 192.0.2.1. what the mail server said in file on line 1 (POST /)" of the errors log. */
function refused(text: string, from: number, session: string, at: Millis): Reading {
  const found = addressAfterError(text, from);
  if (found === undefined) return malformed("no address after from");
  const reading = evidence(at, "failure", found.account.replace(/ against \S{1,255}$/, ""), found.address, "webmail");
  if (found.isFault) reading.reason = "fault";
  return joined(reading, session, "", "errors");
}

/** The two logs tell of the same attempt; both name the beginning of the session. */
function joined(reading: ReturnType<typeof evidence>, short: string, long: string, channel: string): Reading {
  const session = short === "" ? long.slice(0, SESSION_SHOWN) : short.slice(0, SESSION_SHOWN);
  if (session.length === SESSION_SHOWN) {
    reading.key = `roundcube:${session}`;
    reading.channel = channel;
  }
  return reading;
}

/** How much of the session's name the log shows where nobody has changed `log_session_id`. */
const SESSION_SHOWN = 8;
