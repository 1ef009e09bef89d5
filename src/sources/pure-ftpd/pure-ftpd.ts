/**
 * Pure-FTPd, through syslog only, as it has no other log of sign-ins, in the languages that it can be built for; and PAM
 * under it. Anonymous visits are no sign-ins.
 */
import type { Millis } from "#/platform/units.ts";
import type { Reason } from "#/signin/signin.ts";
import { pamEvidence } from "#/sources/pam/pam-evidence.ts";
import type { Entry, Evidence, Reading, Source } from "#/sources/source.ts";
import { evidence, ignored, malformed } from "#/sources/source.ts";

export const pureFtpd: Source = {
  id: "pure-ftpd",
  title: "Pure-FTPd",
  programs: ["pure-ftpd", "pure-ftpd(pam_unix)"],
  message: readMessage,
};

/** Nobody has signed in yet on this connection: its account is "?". */
const STRANGER = "(?@";

function readMessage(entry: Entry): Reading {
  const { at, text } = entry;
  if (at === undefined) return malformed("no time");
  if (!text.startsWith(STRANGER)) return pamLine(entry, at);
  const end = text.indexOf(") [", 3);
  const level = text.indexOf("] ", end);
  if (end < 0 || level < 0) return ignored;
  const host = text.slice(3, end);
  const words = text.slice(level + 2).trimEnd();
  switch (text.slice(end + 3, level)) {
    case "WARNING":
      return refused(entry, at, host, words);
    case "ERROR":
      // The attempt that was one too many is not logged otherwise, and its name not at all.
      return words === "Too many authentication failures" ? failure(entry, at, "", host, "bad-password") : ignored;
    case "INFO":
      return welcomed(entry, at, host, words);
    default:
      return ignored;
  }
}

function pamLine(entry: Entry, at: Millis): Reading {
  const failed = pamEvidence(at, entry.text, "ftp", "");
  if (failed === undefined) return ignored;
  failed.key = keyOf(entry, failed.address);
  failed.hold = true;
  return failed;
}

/** Pure-FTPd names its process only if told to; else the caller's host holds its own lines and PAM's together. */
const keyOf = (entry: Entry, host: string): string => `pure-ftpd:${entry.host}:${entry.pid === "" ? host : entry.pid}`;

const FAILED = "Authentication failed for user [";
const DISABLED = "Can't login as [";

function refused(entry: Entry, at: Millis, host: string, words: string): Reading {
  if (words.startsWith(FAILED) && words.endsWith("]")) {
    return failure(entry, at, words.slice(FAILED.length, -1), host, "bad-password");
  }
  if (words.startsWith(DISABLED)) {
    const end = words.lastIndexOf("]: account disabled");
    return end < 0 ? ignored : failure(entry, at, words.slice(DISABLED.length, end), host, "disabled");
  }
  // The other languages put the name in brackets too; "Too many connections ...: [ADDRESS]" is the only other warning.
  const open = words.indexOf("[");
  const close = words.lastIndexOf("]");
  if (open < 0 || close < open || words.startsWith(": ", open - 2)) return ignored;
  return failure(entry, at, words.slice(open + 1, close), host, "bad-password");
}

const welcomes = [
  " is now logged in",
  " ist jetzt eingeloggt.",
  " est maintenant loggue",
  " is nu ingelogd",
  " jest teraz zalogowany",
  " este acum logat",
  " er logget p",
  " har loggat in",
  " agora est",
];

function welcomed(entry: Entry, at: Millis, host: string, words: string): Reading {
  for (const welcome of welcomes) {
    const end = words.lastIndexOf(welcome);
    if (end <= 0) continue;
    const success = evidence(at, "success", words.slice(0, end), host, "ftp");
    success.key = keyOf(entry, host);
    success.channel = "login";
    return success;
  }
  return ignored;
}

function failure(entry: Entry, at: Millis, account: string, host: string, reason: Reason): Evidence {
  const result = evidence(at, "failure", account, host, "ftp");
  result.reason = reason;
  result.key = keyOf(entry, host);
  result.channel = "login";
  return result;
}
