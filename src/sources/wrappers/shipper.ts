/**
 * JSON that a log shipper put around a line: Filebeat and Logstash ("message", "@timestamp"), Fluentd and Fluent Bit
 * ("log", "ident"), rsyslog's and syslog-ng's JSON templates, Graylog ("short_message"), an export of Splunk ("_raw").
 * It takes the line out with whatever the shipper says of it, and knows nothing of what the line says.
 */
import { type Millis, millis } from "#/platform/units.ts";
import { type LocalTime, isoTime } from "#/sources/local-time.ts";
import type { Entry, Json, JsonObject } from "#/sources/source.ts";
import { programName } from "./syslog-names.ts";

const texts = ["message", "MESSAGE", "log", "msg", "_raw", "short_message", "line"] as const;
const times = ["@timestamp", "timestamp", "time", "_time", "DATE", "date"] as const;
const hosts = ["hostname", "HOST", "host", "logsource", "fromhost", "_host"] as const;
const programs = [
  "program",
  "PROGRAM",
  "programname",
  "ident",
  "appname",
  "app_name",
  "process",
  "syslogtag",
  "syslog-tag",
  "tag",
] as const;
const pids = ["pid", "PID", "procid", "process_id"] as const;

/** Whether there is a line in the object; if so, `entry` is filled from it, its time undefined where none is given. */
export function unwrapShipper(value: JsonObject, time: LocalTime, entry: Entry): boolean {
  const text = firstText(value, texts).trimEnd();
  if (text === "") return false;
  entry.text = text;
  entry.at = timeOf(value, time);
  entry.host = firstText(value, hosts);
  // "sshd[4711]:" as rsyslog's tag has it.
  const tag = /^([^\s[\]:]{1,64})(?:\[(\d{1,10})\])?:?$/.exec(firstText(value, programs));
  entry.program = programName(tag?.[1] ?? "");
  entry.pid = tag?.[2] ?? firstText(value, pids);
  return true;
}

function timeOf(value: JsonObject, time: LocalTime): Millis | undefined {
  for (const name of times) {
    const stamp = value[name];
    if (typeof stamp === "string") {
      const at = isoTime(stamp, time);
      if (at !== undefined) return at;
    }
    // Seconds until the year 5138, milliseconds since 1973.
    if (typeof stamp === "number" && stamp > 1e8 && stamp < 1e14)
      return millis(Math.floor(stamp < 1e11 ? stamp * 1000 : stamp));
  }
  return undefined;
}

/** The first of these fields that holds a text, or an object with a name. */
function firstText(value: JsonObject, names: readonly string[]): string {
  for (const name of names) {
    const text = textOf(value[name]);
    if (text !== "") return text;
  }
  return "";
}

function textOf(value: Json | undefined): string {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  return typeof value === "object" && value !== null && "name" in value && typeof value.name === "string"
    ? value.name
    : "";
}
