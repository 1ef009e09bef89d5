/**
 * The journal's JSON (`journalctl -o json`): one object per entry, all values text, a MESSAGE that is not UTF-8 as an
 * array of bytes, and a field that was given several times as an array. It takes the message out and knows nothing of
 * what it says. Field names: systemd.journal-fields(7); the JSON: journalctl(1) and systemd's "Journal Export Formats".
 */
import { millis } from "#/platform/units.ts";
import type { Entry, Json, JsonObject } from "#/sources/source.ts";
import { programName } from "./syslog-names.ts";

/** Whether the object is an entry of the journal; if so, `entry` is filled from it. */
export function unwrapJournald(value: JsonObject, entry: Entry): boolean {
  const stamp = first(value["__REALTIME_TIMESTAMP"] ?? value["_SOURCE_REALTIME_TIMESTAMP"]);
  if (stamp === "" || value["MESSAGE"] === undefined) return false;
  const microseconds = Number(stamp);
  if (!Number.isSafeInteger(microseconds) || microseconds < 0) return false;
  entry.at = millis(Math.floor(microseconds / 1000));
  entry.host = first(value["_HOSTNAME"]);
  entry.program = programName(first(value["SYSLOG_IDENTIFIER"]) || first(value["_COMM"]));
  entry.pid = first(value["SYSLOG_PID"]) || first(value["_PID"]);
  entry.text = message(value["MESSAGE"]);
  return true;
}

/** A value as text; the first of several; "" for anything else. */
function first(value: Json | undefined): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  return Array.isArray(value) && typeof value[0] === "string" ? value[0] : "";
}

/** Null stands for a message that was too large to be shown. */
function message(value: Json | undefined): string {
  if (!Array.isArray(value) || typeof value[0] !== "number") return first(value);
  return Buffer.from(value.map(Number)).toString("utf8");
}
