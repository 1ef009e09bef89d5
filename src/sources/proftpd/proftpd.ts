/**
 * ProFTPD 1.2 to 1.3: its SystemLog, the same through syslog, mod_sftp's sign-ins, and PAM under it. Anonymous visits are
 * no sign-ins. It does not read ExtendedLogs, whose format is the operator's own.
 */
import type { Millis } from "#/platform/units.ts";
import type { Reason } from "#/signin/signin.ts";
import { isoTime } from "#/sources/local-time.ts";
import { pamEvidence } from "#/sources/pam/pam-evidence.ts";
import type { Context, Entry, Evidence, Reading, Source } from "#/sources/source.ts";
import { ended, evidence, foreign, ignored, malformed } from "#/sources/source.ts";

export const proftpd: Source = {
  id: "proftpd",
  title: "ProFTPD",
  programs: ["proftpd", "proftpd(pam_unix)"],
  message: readMessage,
  line: readLine,
};

/** "ftp.example.org (client.example.net[192.0.2.1]): " or, through syslog, "... - ". */
const head = /^(?:\S{1,255} )?\(\S{0,255}?\[([^\]\s]{1,64})\]\)(?:: | - )/;

function readMessage(entry: Entry): Reading {
  if (entry.at === undefined) return malformed("no time");
  return readText(entry.at, entry.text, entry.pid);
}

/** "2026-11-23 08:00:00,123 files proftpd[4711] ftp.example.org (client[192.0.2.1]): ...". */
function readLine(entry: Entry, context: Context): Reading {
  const { text } = entry;
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(19) !== 44) return foreign;
  const found = /^\S{10} \S{8},\d{3} \S{1,255} (?:proftpd|session|daemon)\[(\d{1,10})\]:? /.exec(text);
  if (found === null) return foreign;
  const at = entry.at ?? isoTime(text.slice(0, 23), context.time);
  return at === undefined ? foreign : readText(at, text.slice(found[0].length), found[1] ?? "");
}

/** PAM's lines stand in another file, under another spelling of the host: the process alone is the key. */
const keyOf = (pid: string): string => (pid === "" ? "" : `proftpd:${pid}`);

function readText(at: Millis, given: string, pid: string): Reading {
  const found = head.exec(given);
  if (found === null) return pamEvidence(at, given, "ftp", keyOf(pid)) ?? ignored;
  const address = found[1] ?? "";
  const text = given.slice(found[0].length).trimEnd();
  if (text.startsWith("USER ")) return userLine(at, text, address, pid);
  if (text.startsWith("ANON ")) return text.includes("(Login failed)") ? userLine(at, text, address, pid) : ignored;
  if (text.startsWith("SECURITY VIOLATION: ") && /root login attempted\.?$/i.test(text)) {
    return failure(at, "root", address, "policy", pid);
  }
  if (/^Maximum login attempts \(\d{1,9}\) exceeded/.test(text)) {
    const last = failure(at, "", address, "bad-password", pid);
    last.channel = "max";
    last.hold = pid !== "";
    return last;
  }
  return pid !== "" && text.endsWith(" session closed.") ? ended(keyOf(pid)) : ignored;
}

const FAILED = " (Login failed): ";
const NOBODY = ": no such user found from ";

/** The name comes first and is the caller's, so what happened is told by how the line ends. */
function userLine(at: Millis, text: string, address: string, pid: string): Reading {
  const succeeded = /: Login successful\.?$/.exec(text);
  if (succeeded !== null) {
    const success = evidence(at, "success", text.slice(5, succeeded.index), address, "ftp");
    success.key = keyOf(pid);
    success.channel = "login";
    return success;
  }
  const failedAt = text.lastIndexOf(FAILED);
  const nobodyAt = text.lastIndexOf(NOBODY);
  if (nobodyAt > failedAt) return failure(at, text.slice(5, nobodyAt), address, "unknown-account", pid);
  if (failedAt >= 5) {
    const why = text.slice(failedAt + FAILED.length);
    const failed = failure(at, text.slice(5, failedAt), address, reasonOf(why), pid);
    // mod_sftp: clients offer their keys before they ask for a password.
    if (/\b(?:public key|host key|signature)\b/.test(why)) {
      failed.channel = "offer";
      failed.hold = pid !== "";
    }
    return failed;
  }
  const denied = /: Limit access denies login\.?$/.exec(text);
  return denied === null ? ignored : failure(at, text.slice(5, denied.index), address, "policy", pid);
}

function failure(at: Millis, account: string, address: string, reason: Reason, pid: string): Evidence {
  const result = evidence(at, "failure", account, address, "ftp");
  result.reason = reason;
  result.key = keyOf(pid);
  result.channel = "login";
  return result;
}

const reasons: readonly (readonly [words: string, reason: Reason])[] = [
  ["Incorrect password", "bad-password"],
  ["No such user found", "unknown-account"],
  ["Password expired", "expired"],
  ["New authentication token required", "expired"],
  ["Account disabled", "disabled"],
  ["Invalid shell", "disabled"],
  ["Max authentication service attempts", "locked"],
  ["Unavailable ", "fault"],
  ["Unable to retrieve user information", "fault"],
  ["Failed initializing", "fault"],
  ["Failure setting", "fault"],
  ["User in ", "policy"],
  ["Limit ", "policy"],
  ["blocked by ", "policy"],
  ["Insufficient credentials", "policy"],
];

function reasonOf(why: string): Reason {
  for (const [words, reason] of reasons) if (why.startsWith(words)) return reason;
  return "bad-password";
}
