/** What PAM's modules write while they serve sshd. All of it is weak: sshd's own lines say it better, where they exist. */
import type { Millis } from "#/platform/units.ts";
import { pamEvidence } from "#/sources/pam/pam-evidence.ts";
import type { Entry, Reading } from "#/sources/source.ts";
import { ended, evidence, ignored } from "#/sources/source.ts";
import { connectionKey } from "./connection.ts";

const OPENED = "session opened for user ";

/** @param bare the module whose words they are where the text does not begin with one. */
export function readPam(entry: Entry, at: Millis, text: string, count: number, bare: string): Reading {
  const session = text.indexOf("session ");
  if (session >= 0 && session < 40) {
    if (text.startsWith(OPENED, session)) return sessionOpened(entry, at, text, session + OPENED.length);
    if (text.startsWith("session closed for user ", session)) {
      return entry.pid === "" ? ignored : ended(connectionKey(entry, ""));
    }
  }
  const failure = pamEvidence(at, text, "ssh", connectionKey(entry, ""), bare);
  if (failure === undefined) return ignored;
  failure.count *= count;
  return failure;
}

/** "session opened for user jane(uid=1000) by (uid=0)": a success, where sshd's own "Accepted" is not in the log. */
function sessionOpened(entry: Entry, at: Millis, text: string, from: number): Reading {
  const by = text.lastIndexOf(" by ");
  const name = text.slice(from, by < from ? text.length : by).replace(/\(uid=\d{1,10}\)$/, "");
  const success = evidence(at, "success", name, "", "ssh");
  success.key = connectionKey(entry, "");
  success.channel = "session";
  success.hold = success.key !== "";
  return success;
}
