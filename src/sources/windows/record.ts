/**
 * Finds the Windows event in whatever shape an exporter gave it: winlogbeat (ECS and before), NXLog and other flat JSON,
 * Azure Monitor's SecurityEvent rows, evtx_dump and other XML-to-JSON, Wazuh, Splunk (HEC and exported results),
 * PowerShell's JSON and CSV, Event Viewer's CSV, and this project's own reading of event XML. It knows where fields stand,
 * not what they mean.
 */
import { objectOf, scalarOf, textOf } from "#/sources/json-text.ts";
import { readEventXml } from "#/sources/reading/xml.ts";
import type { Json, JsonObject } from "#/sources/source.ts";
import { messageField } from "./message-text.ts";
import { propertyField } from "./properties.ts";

export type WindowsRecord = {
  readonly id: number;
  /** "" where the shape leaves it out. */
  readonly provider: string;
  readonly channel: string;
  readonly computer: string;
  readonly time: Json | undefined;
  /** The named fields of the event. */
  readonly data: JsonObject;
  /** What stands before each field's name where nesting was flattened: "winlog.event_data.". */
  readonly prefix: string;
  readonly message: string;
};

/** Exporters wrap at most this deep: a search result around a collector's envelope around the event. */
const WRAPPERS_MAX = 3;

/** The event in `value`; undefined where there is none. */
export function windowsRecord(value: JsonObject, depth = WRAPPERS_MAX): WindowsRecord | undefined {
  const found = nested(value) ?? flat(value);
  if (found !== undefined || depth === 0) return found;
  for (const name of wrappers) {
    const inner = value[name];
    if (inner === undefined) continue;
    const inside = typeof inner === "string" ? fromXml(inner) : windowsRecord(objectOf(inner), depth - 1);
    if (inside === undefined) continue;
    // HEC: the envelope has the host and the time where the event has none.
    return {
      ...inside,
      time: inside.time ?? value["time"] ?? value["_time"],
      computer: inside.computer || textOf(value["host"]),
    };
  }
  return undefined;
}

const wrappers = ["event", "result", "_source", "_raw", "Event", "EventXml", "xml"] as const;

function fromXml(text: string): WindowsRecord | undefined {
  if (!text.startsWith("<Event")) return undefined;
  const reading = readEventXml(text);
  return reading.kind === "event" ? nested(reading.value) : undefined;
}

/**
 * A field of the event, "" where it has none. Where the exporter passed on no fields they are read from the list of
 * values, or from the rendered text.
 */
export function fieldOf(record: WindowsRecord, name: string): string {
  const { data, prefix } = record;
  const value = data[`${prefix}${name}`] ?? data[name.charAt(0).toLowerCase() + name.slice(1)];
  if (value !== undefined) return scalarOf(value);
  const listed = propertyField(record.id, data["Properties"] ?? data["ReplacementStrings"], name);
  return listed ?? messageField(record.id, record.message, name) ?? "";
}

function nested(value: JsonObject): WindowsRecord | undefined {
  const event = value["Event"];
  if (typeof event === "object" && event !== null && objectOf(event)["System"] !== undefined)
    return fromSystem(objectOf(event));
  if (value["System"] !== undefined) return fromSystem(value);
  const winlog = value["winlog"];
  if (winlog !== undefined) return fromWinlogbeat(value, objectOf(winlog));
  const wazuh = objectOf(objectOf(value["data"])["win"]);
  if (wazuh["system"] !== undefined) return fromWazuh(value, wazuh);
  return undefined;
}

/** `{ System, EventData }`: our own reading of XML, evtx_dump ("#attributes", "#text"), xmltodict ("@Name", "#text"). */
function fromSystem(event: JsonObject): WindowsRecord {
  const system = objectOf(event["System"]);
  return {
    id: toId(inner(system["EventID"])),
    provider: attribute(system["Provider"], "Name"),
    channel: inner(system["Channel"]),
    computer: inner(system["Computer"]),
    time: attribute(system["TimeCreated"], "SystemTime") || undefined,
    data: namedData(objectOf(event["EventData"] ?? objectOf(event["UserData"])["EventData"])),
    prefix: "",
    message: textOf(event["Message"]) || textOf(objectOf(event["RenderingInfo"])["Message"]),
  };
}

const inner = (value: Json | undefined): string => scalarOf(value) || scalarOf(objectOf(value)["#text"]);

function attribute(value: Json | undefined, name: string): string {
  const element = objectOf(value);
  return scalarOf(value) || scalarOf(objectOf(element["#attributes"])[name] ?? element[`@${name}`] ?? element[name]);
}

/**
 * Data as a list becomes fields: `[{ "@Name": "TargetUserName", "#text": "anna" }]`, and values without names under
 * "Data1", "Data2", ... where evtx_dump has them in one text.
 */
function namedData(data: JsonObject): JsonObject {
  const list = Array.isArray(data["Data"]) ? data["Data"] : objectOf(data["Data"])["#text"];
  if (!Array.isArray(list)) return data;
  const fields: Record<string, string> = Object.create(null);
  let unnamed = 0;
  for (const item of list.slice(0, LIST_MAX)) {
    const name = attribute(typeof item === "object" ? item : undefined, "Name");
    fields[name === "" ? `Data${(unnamed += 1)}` : name] ??= inner(item);
  }
  return fields;
}

const LIST_MAX = 128;

function fromWinlogbeat(value: JsonObject, winlog: JsonObject): WindowsRecord {
  return {
    id: toId(scalarOf(winlog["event_id"] ?? objectOf(value["event"])["code"])),
    provider: textOf(winlog["provider_name"]) || textOf(objectOf(value["event"])["provider"]),
    channel: textOf(winlog["channel"]),
    computer: textOf(winlog["computer_name"]),
    time: value["@timestamp"],
    data: objectOf(winlog["event_data"]),
    prefix: "",
    message: textOf(value["message"]),
  };
}

function fromWazuh(value: JsonObject, win: JsonObject): WindowsRecord {
  const system = objectOf(win["system"]);
  return {
    id: toId(scalarOf(system["eventID"])),
    provider: textOf(system["providerName"]),
    channel: textOf(system["channel"]),
    computer: textOf(system["computer"]),
    time: system["systemTime"] ?? value["timestamp"],
    data: objectOf(win["eventdata"] ?? win["eventData"]),
    prefix: "",
    message: textOf(system["message"]),
  };
}

function first(value: JsonObject, names: readonly string[]): Json | undefined {
  for (const name of names) {
    const found = value[name];
    if (found !== undefined && found !== null && found !== "") return found;
  }
  return undefined;
}

const ids = [
  "EventID",
  "EventId",
  "event_id",
  "EventCode",
  "Event ID",
  "winlog.event_id",
  "event.code",
  "Id",
  "InstanceId",
] as const;
const providers = [
  "SourceName",
  "ProviderName",
  "Provider",
  "EventSourceName",
  "source_name",
  "Source",
  "winlog.provider_name",
  "provider_name",
] as const;
const channels = ["Channel", "LogName", "log_name", "Log", "winlog.channel", "ContainerLog"] as const;
const computers = [
  "Hostname",
  "Computer",
  "MachineName",
  "ComputerName",
  "computer_name",
  "winlog.computer_name",
] as const;
const times = [
  "EventTime",
  "TimeCreated",
  "SystemTime",
  "UtcTime",
  "Date and Time",
  "TimeGenerated",
  "TimeGenerated [UTC]",
  "TimeWritten",
  "@timestamp",
  "_time",
  "timestamp",
] as const;

/** Rows and flat objects. "Id" and "Source" are common words: something else must say that this is Windows. */
function flat(value: JsonObject): WindowsRecord | undefined {
  const id = toId(scalarOf(first(value, ids)));
  if (id === 0) return undefined;
  const data = objectOf(value["event_data"] ?? value["EventData"]);
  const isApart =
    value["event_data"] !== undefined || (typeof value["EventData"] === "object" && value["EventData"] !== null);
  const provider = scalarOf(first(value, providers));
  const channel = scalarOf(first(value, channels));
  if (!isWindows(provider, channel) && value["TargetUserName"] === undefined && value["SubjectUserName"] === undefined)
    return undefined;
  return {
    id,
    provider,
    channel,
    computer: scalarOf(first(value, computers)),
    time: first(value, times),
    data: isApart ? data : value,
    prefix: value["winlog.event_id"] === undefined ? "" : "winlog.event_data.",
    message: textOf(value["Message"] ?? value["message"]),
  };
}

function isWindows(provider: string, channel: string): boolean {
  return (
    channel === "Security" ||
    channel === "System" ||
    channel === "Application" ||
    channel.startsWith("Microsoft-Windows-") ||
    channel.startsWith("AD FS") ||
    provider.startsWith("Microsoft-Windows-") ||
    provider.startsWith("Microsoft Windows security") ||
    provider.startsWith("AD FS")
  );
}

function toId(text: string): number {
  if (text === "" || text.length > 10) return 0;
  const id = Number(text);
  // Get-EventLog's InstanceId of older providers has flags above the low 16 bits.
  return Number.isInteger(id) && id > 0 ? id & 0xffff : 0;
}
