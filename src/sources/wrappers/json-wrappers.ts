/**
 * JSON that only wraps a line: journald's export (`journalctl -o json`) and Docker's log files. What is inside may be
 * wrapped again (syslog in Docker) or be JSON itself.
 */
import { isoTime } from "#/sources/local-time.ts";
import type { LocalTime } from "#/sources/local-time.ts";
import type { Entry, Json, JsonObject } from "#/sources/source.ts";
import { millis } from "#/platform/units.ts";

const textOf = (value: Json | undefined): string =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : "";

/** A journal entry; false where the object is none. A message that is not UTF-8 comes as a list of bytes. */
export function unwrapJournald(value: JsonObject, entry: Entry): boolean {
  const stamp = value["_SOURCE_REALTIME_TIMESTAMP"] ?? value["__REALTIME_TIMESTAMP"];
  const message = value["MESSAGE"];
  if (
    message === undefined ||
    (stamp === undefined && value["SYSLOG_IDENTIFIER"] === undefined && value["_PID"] === undefined)
  )
    return false;
  const micros = Number(textOf(stamp));
  entry.at = Number.isFinite(micros) && micros > 0 ? millis(Math.floor(micros / 1000)) : undefined;
  entry.host = textOf(value["_HOSTNAME"]);
  entry.program = textOf(value["SYSLOG_IDENTIFIER"]) || textOf(value["_COMM"]);
  entry.pid = textOf(value["SYSLOG_PID"]) || textOf(value["_PID"]);
  entry.text = Array.isArray(message)
    ? Buffer.from(message.filter((byte) => typeof byte === "number")).toString("utf8")
    : textOf(message);
  return true;
}

/** A line of a container; false where the object is none. Only the outermost layer is taken off. */
export function unwrapDocker(value: JsonObject, time: LocalTime, entry: Entry): boolean {
  const { log, stream, time: stamp } = value;
  if (typeof log !== "string" || typeof stamp !== "string" || (stream !== "stdout" && stream !== "stderr"))
    return false;
  entry.at = isoTime(stamp, time);
  entry.host = "";
  entry.program = "";
  entry.pid = "";
  entry.text = log;
  return true;
}

/** Kubernetes' container runtimes: "2026-11-23T10:00:00.123456789Z stdout F message". Answers whether it was one. */
export function unwrapContainerRuntime(line: string, time: LocalTime, entry: Entry): boolean {
  const space = line.indexOf(" ");
  if (space < 20 || !(line.startsWith("stdout ", space + 1) || line.startsWith("stderr ", space + 1))) return false;
  if (line.charAt(space + 9) !== " " || !/[FP]/.test(line.charAt(space + 8))) return false;
  entry.at = isoTime(line.slice(0, space), time);
  entry.host = "";
  entry.program = "";
  entry.pid = "";
  entry.text = line.slice(space + 10);
  return entry.at !== undefined;
}

/** Daemontools' and s6's external TAI64N stamp: "@400000004c91b044077a9e94 message". */
export function unwrapTai64n(line: string, entry: Entry): boolean {
  if (line.charCodeAt(0) !== 64 || line.charAt(25) !== " ") return false;
  const label = line.slice(1, 25);
  if (!/^4[0-9a-f]{23}$/.test(label)) return false;
  // TAI was ten seconds ahead of UTC at the epoch of the label; the leap seconds since are kept by few who write it.
  const seconds = Number.parseInt(label.slice(1, 16), 16) - 10;
  entry.at = millis(seconds * 1000 + Math.floor(Number.parseInt(label.slice(16), 16) / 1e6));
  entry.text = line.slice(26);
  return true;
}
