/**
 * OpenSSH's server, from 2.9 to 10: what sshd and PAM under it write through syslog, journald or Docker, and sshd.log on
 * Windows. It knows nothing of what sftp or the user's session do afterwards, nor of connections that never name an
 * account (port scanners, failed key exchanges): these are no sign-ins.
 *
 * One connection is one key. Its channels:
 *   auth      one failed password (or keyboard-interactive answer) each, and the acceptance
 *   name      "Invalid user", "User x not allowed": once, on the first request
 *   kbdint    "Failed keyboard-interactive/pam", which repeats what "error: PAM: ..." said on auth
 *   offer ... one key, ticket or "none" that a client offers by itself before it asks for a password; weak
 *   refused   root, with the right password
 *   closed, disconnect, max, access    how the connection ended; weak
 *   pam_...   PAM's modules; weak, since the next module may still say yes
 * No line ends a key before a session does: "PAM 2 more authentication failures" comes after the closing line.
 */
import type { Millis } from "#/platform/units.ts";
import type { Context, Entry, Reading, Source } from "#/sources/source.ts";
import { foreign, malformed } from "#/sources/source.ts";
import { readOwn } from "./own-lines.ts";
import { readPam } from "./pam-lines.ts";

export const openssh: Source = {
  id: "openssh",
  title: "OpenSSH",
  programs: ["sshd", "sshd-session", "sshd-auth", "sshd(pam_*"],
  message: (entry) => (entry.at === undefined ? malformed("no time") : readText(entry, entry.at, entry.text)),
  line: readLine,
};

const LOWER_P = 112;
const UPPER_P = 80;
const LOWER_K = 107;
const LOWER_M = 109;
const BRACKET = 91;
const PARENTHESIS = 40;

function readText(entry: Entry, at: Millis, text: string): Reading {
  switch (text.charCodeAt(0)) {
    case LOWER_M:
      return text.startsWith("message repeated ") ? repeated(entry, at, text) : dispatch(entry, at, text, 1);
    case BRACKET: {
      // Solaris puts "[ID 800047 auth.info] " before the message.
      const end = text.startsWith("[ID ") ? text.indexOf("] ") : -1;
      return dispatch(entry, at, end < 0 ? text : text.slice(end + 2), 1);
    }
    case LOWER_K: {
      // Seen in journals: the kernel's own stamp before the message.
      const stamp = /^kernel: ?\[ *\d{1,10}\.\d{1,9}\]:? /.exec(text);
      return dispatch(entry, at, stamp === null ? text : text.slice(stamp[0].length), 1);
    }
    default:
      return dispatch(entry, at, text, 1);
  }
}

/** rsyslog's "message repeated 5 times: [ Failed password for ...]" stands for five further attempts. */
function repeated(entry: Entry, at: Millis, text: string): Reading {
  const found = /^message repeated (\d{1,7}) times: \[ /.exec(text);
  if (found === null || !text.endsWith("]")) return malformed("a repeated message that cannot be read");
  return dispatch(entry, at, text.slice(found[0].length, -1), Math.max(1, Number(found[1])));
}

function dispatch(entry: Entry, at: Millis, text: string, count: number): Reading {
  // "sshd(pam_unix)[123]: authentication failure; ...", as Linux-PAM wrote before 0.99.
  if (entry.program.charCodeAt(4) === PARENTHESIS) return readPam(entry, at, text, count, entry.program.slice(5, -1));
  switch (text.charCodeAt(0)) {
    case LOWER_P:
    case PARENTHESIS:
      return readPam(entry, at, text, count, "pam_unix");
    case UPPER_P:
      return text.startsWith("PAM ") ? readPam(entry, at, text, count, "pam_unix") : readOwn(entry, at, text, count);
    default:
      return readOwn(entry, at, text, count);
  }
}

/** sshd.log on Windows ("4711 2026-11-23 10:00:00.123 Failed password ..."), metalog's "[sshd] ...", and a container's output. */
function readLine(entry: Entry, context: Context): Reading {
  if (entry.at === undefined) return windowsLine(entry, context);
  if (entry.program !== "") return foreign;
  const text = entry.text.startsWith("[sshd]")
    ? entry.text.slice(entry.text.charAt(6) === ":" ? 7 : 6).trimStart()
    : entry.text;
  const named = text !== entry.text || entry.host === "[sshd]";
  const reading = named ? readText(entry, entry.at, text) : readOwn(entry, entry.at, text, 1);
  // Without a program's name only what nobody else writes is taken for sshd's.
  return named || reading.kind === "evidence" ? reading : foreign;
}

const windowsHead = /^(\d{1,10}) (\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)\.(\d{3}) /;

function windowsLine(entry: Entry, context: Context): Reading {
  const first = entry.text.charCodeAt(0);
  if (!(first >= 48 && first <= 57)) return foreign;
  const found = windowsHead.exec(entry.text);
  if (found === null) return foreign;
  const [head, pid = "", ...fields] = found;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0] = fields.map(Number);
  const at = context.time.at(year, month, day, hour, minute, second, ms);
  if (at === undefined) return foreign;
  const text = entry.text.slice(head.length);
  const reading = readText({ at, host: "", program: "sshd", pid, text }, at, text);
  return reading.kind === "malformed" ? foreign : reading;
}
