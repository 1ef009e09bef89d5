/**
 * vsftpd: its own log (vsftpd_log_file, or through syslog), and PAM under it. Anonymous visits with whatever they give as
 * a password are no sign-ins. It does not read the transfer log.
 */
import type { Millis } from "#/platform/units.ts";
import { type LocalTime, monthOf } from "#/sources/local-time.ts";
import { pamEvidence } from "#/sources/pam/pam-evidence.ts";
import type { Context, Entry, Reading, Source } from "#/sources/source.ts";
import { evidence, foreign, ignored, malformed } from "#/sources/source.ts";

export const vsftpd: Source = {
  id: "vsftpd",
  title: "vsftpd",
  programs: ["vsftpd", "vsftpd(pam_unix)"],
  message: readMessage,
  line: readLine,
};

const ownHead =
  /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4}) \[pid (\d{1,10})\] (?=\[|CONNECT|FTP )/;

function readMessage(entry: Entry): Reading {
  const { at, text } = entry;
  if (at === undefined) return malformed("no time");
  const head = ownHead.exec(text);
  if (head !== null) return readOwn(at, text.slice(head[0].length), head[7] ?? "");
  if (text.startsWith("[")) return readOwn(at, text, entry.pid);
  return pamEvidence(at, text, "ftp", keyOf(entry.pid)) ?? ignored;
}

function readLine(entry: Entry, context: Context): Reading {
  const { text } = entry;
  if (text.charCodeAt(3) !== 32 || text.charCodeAt(7) !== 32) return foreign;
  const head = ownHead.exec(text);
  if (head === null) return foreign;
  const at = entry.at ?? ownTime(head, context.time);
  return at === undefined ? foreign : readOwn(at, text.slice(head[0].length), head[7] ?? "");
}

function ownTime(head: RegExpExecArray, time: LocalTime): Millis | undefined {
  const [, month = "", day, hour, minute, second, year] = head;
  return time.at(Number(year), monthOf(month), Number(day), Number(hour), Number(minute), Number(second));
}

/** The own log names no host, and PAM's lines in another file name the same process: the process alone is the key. */
const keyOf = (pid: string): string => (pid === "" ? "" : `vsftpd:${pid}`);

const CLIENT = ': Client "';
const FAILED = '] FAIL LOGIN: Client "';
const SUCCEEDED = '] OK LOGIN: Client "';
const RESPONSE = '] FTP response: Client "';
const DENIED = '", "530 Permission denied."';

/** '[NAME] FAIL LOGIN: Client "ADDRESS"', and for anonymous visitors ', anon password "..."'. */
function readOwn(at: Millis, text: string, pid: string): Reading {
  if (text.endsWith(DENIED)) return denied(at, text, pid);
  const failedAt = text.indexOf(FAILED);
  const failed = failedAt >= 0;
  const found = failed ? failedAt : text.indexOf(SUCCEEDED);
  if (found < 0) return ignored;
  // Names stand before the address, file names and anonymous passwords behind it, and none of them is escaped: where one
  // imitates another line, nobody can tell which of the two addresses is vsftpd's.
  if (text.indexOf(CLIENT) !== text.lastIndexOf(CLIENT)) return malformed("more than one client in the line");
  if (!failed && text.includes(', anon password "')) return ignored;
  const from = found + (failed ? FAILED : SUCCEEDED).length;
  const to = text.indexOf('"', from);
  if (to < 0) return malformed("no client's address");
  const outcome = failed ? "failure" : "success";
  const result = evidence(at, outcome, text.slice(1, found), text.slice(from, to), "ftp");
  if (failed && text.startsWith('", "User is not in the allow user list', to)) result.reason = "policy";
  result.key = keyOf(pid);
  result.channel = "login";
  return result;
}

/** What vsftpd before 3.0.3 says of a name on its list, where it logs the protocol. */
function denied(at: Millis, text: string, pid: string): Reading {
  const found = text.indexOf(RESPONSE);
  const from = found + RESPONSE.length;
  if (found < 0 || text.indexOf(CLIENT) !== text.lastIndexOf(CLIENT) || from > text.length - DENIED.length)
    return ignored;
  const result = evidence(at, "failure", text.slice(1, found), text.slice(from, -DENIED.length), "ftp");
  result.reason = "policy";
  result.key = keyOf(pid);
  result.channel = "response";
  result.hold = true;
  return result;
}
