/**
 * The Windows Security log: logons (4624, 4625), Kerberos (4768, 4771) and NTLM (4776) as the domain controllers see them,
 * lockouts (4740), and RADIUS through Network Policy Server (6272, 6273), however they were exported. Machine accounts,
 * services and the system's own logons are noise and are ignored, as are all other events.
 *
 * It does not know the institution's domains: `EXAMPLE\anna` and a local `anna` of some machine are both `anna`, because
 * half of these events leave the domain out. Times without a zone (NXLog's default) are read in the file's zone.
 */
import { exportTime } from "#/sources/export-time.ts";
import { eventOfLine } from "#/sources/reading/xml.ts";
import {
  type Context,
  type Entry,
  type JsonObject,
  type Reading,
  type Source,
  foreign,
  ignored,
  malformed,
} from "#/sources/source.ts";
import type { Millis } from "#/platform/units.ts";
import { readKerberos, readLockout, readValidation } from "./controller.ts";
import { readLogon } from "./logon.ts";
import { readRadius } from "./radius.ts";
import { type WindowsRecord, fieldOf, windowsRecord } from "./record.ts";

export const windows: Source = {
  id: "windows",
  title: "Windows Security log",
  programs: [],
  line(entry: Entry, context: Context): Reading {
    const event = eventOfLine(entry.text);
    if (event === undefined) return foreign;
    return event.kind === "event" ? readObject(event.value, context) : malformed(event.why);
  },
  object: readObject,
};

function readObject(value: JsonObject, context: Context): Reading {
  const record = windowsRecord(value);
  if (record === undefined) return foreign;
  if (isAnothersLog(record)) return foreign;
  const read = isSecurity(record) ? readers.get(record.id) : undefined;
  if (read === undefined) return ignored;
  const at = exportTime(record.time, context.time, "local");
  if (at === undefined) return malformed("no readable time");
  if (!hasFields(record)) return malformed("no fields and no message in English: export as XML or JSON");
  return read(record, at);
}

const readers = new Map<number, (record: WindowsRecord, at: Millis) => Reading>([
  [4624, readLogon],
  [4625, readLogon],
  [4740, readLockout],
  [4768, readKerberos],
  [4771, readKerberos],
  [4776, readValidation],
  [6272, readRadius],
  [6273, readRadius],
]);

/** Logs of servers that other sources read. */
const isAnothersLog = ({ provider }: WindowsRecord): boolean =>
  provider.startsWith("AD FS") || provider.startsWith("Microsoft-Windows-IIS-");

/** Event numbers mean something only together with who wrote them. */
function isSecurity({ provider, channel }: WindowsRecord): boolean {
  if (provider !== "")
    return provider === "Microsoft-Windows-Security-Auditing" || provider === "Microsoft Windows security auditing.";
  return channel === "" || channel === "Security";
}

/** Every one of these events has one of these fields, empty or not; a text in another language yields none. */
const hasFields = (record: WindowsRecord): boolean =>
  ["TargetUserName", "SubjectUserName", "LogonType", "Status"].some((name) => fieldOf(record, name) !== "");
