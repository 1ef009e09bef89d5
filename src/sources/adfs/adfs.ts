/**
 * AD FS: credentials accepted (1202) and refused (1203), tokens issued (1200), the extranet lockout (1210), and from before
 * AD FS 2016 token validation failed (411) and lockouts (512, 515, 516), from the Security log of an AD FS server in any
 * shape that the Windows source reads.
 *
 * AD FS checks passwords with the domain controllers, whose own events name the AD FS server as the client; here stands
 * the real one. Attempts are joined with those events, see attempt-key.ts. It does not know of failures to issue a token
 * (1201): they say nothing of a password.
 */
import { forwardedClient, isAddress } from "#/sources/address-text.ts";
import { exportTime } from "#/sources/export-time.ts";
import { eventOfLine } from "#/sources/reading/xml.ts";
import {
  type Context,
  type Entry,
  type JsonObject,
  type Reading,
  type Source,
  evidence,
  foreign,
  ignored,
  malformed,
} from "#/sources/source.ts";
import { isMachine } from "#/sources/windows/accounts.ts";
import { attemptKey } from "#/sources/windows/attempt-key.ts";
import { type WindowsRecord, windowsRecord } from "#/sources/windows/record.ts";
import type { Outcome, Reason } from "#/signin/signin.ts";
import { type AuditFields, auditFields, lockoutFields, validationFields } from "./audit-text.ts";

export const adfs: Source = {
  id: "adfs",
  title: "Active Directory Federation Services",
  programs: [],
  line(entry: Entry, context: Context): Reading {
    const event = eventOfLine(entry.text);
    return event?.kind === "event" ? readObject(event.value, context) : foreign;
  },
  object: readObject,
};

type Kind = {
  readonly outcome: Outcome;
  readonly fields: (record: WindowsRecord) => AuditFields | undefined;
};

const kinds = new Map<number, Kind>([
  [411, { outcome: "failure", fields: validationFields }],
  [512, { outcome: "failure", fields: lockoutFields }],
  [515, { outcome: "failure", fields: lockoutFields }],
  [516, { outcome: "failure", fields: lockoutFields }],
  [1200, { outcome: "success", fields: auditFields }],
  [1202, { outcome: "success", fields: auditFields }],
  [1203, { outcome: "failure", fields: auditFields }],
  [1210, { outcome: "failure", fields: auditFields }],
]);

function readObject(value: JsonObject, context: Context): Reading {
  const record = windowsRecord(value);
  if (record === undefined || !record.provider.startsWith("AD FS")) return foreign;
  const kind = record.provider === "AD FS Auditing" ? kinds.get(record.id) : undefined;
  return kind === undefined ? ignored : read(record, kind, context);
}

function read(record: WindowsRecord, kind: Kind, context: Context): Reading {
  const fields = kind.fields(record);
  if (fields === undefined) return malformed("no audit fields");
  // Other kinds of tokens come from trusted parties, certificates and cookies: nobody typed a password.
  if (fields.tokenType !== "" && !fields.tokenType.toLowerCase().endsWith("/username")) return ignored;
  if (isMachine(fields.account)) return ignored;
  const at = exportTime(record.time, context.time, "local");
  if (at === undefined) return malformed("no readable time");
  const address = forwardedClient(fields.addresses);
  if (address !== "" && !isAddress(address)) return malformed("no readable address");
  const found = evidence(at, kind.outcome, fields.account, address, "sso");
  if (kind.outcome === "failure") found.reason = reasonOf(record.id, fields.failure);
  found.client = fields.client;
  found.server = record.computer;
  found.key = attemptKey(fields.account, at, kind.outcome);
  found.channel = `adfs ${record.id}`;
  return found;
}

/** AD FS's words for what went wrong, in events and exceptions; where it has none, the password was wrong. */
const words: readonly (readonly [string, Reason])[] = [
  ["locked", "locked"],
  ["restricted", "locked"],
  ["extranetlockout", "locked"],
  ["disabled", "disabled"],
  ["expired", "expired"],
  ["must be changed", "expired"],
  ["must change", "expired"],
  ["restriction", "policy"],
  ["no logon servers", "fault"],
  ["not available", "fault"],
  ["could not be contacted", "fault"],
];

function reasonOf(id: number, failure: string): Reason {
  if (id === 1210 || (id >= 512 && id <= 516)) return "locked";
  const lower = failure.toLowerCase();
  return words.find(([word]) => lower.includes(word))?.[1] ?? "bad-password";
}
