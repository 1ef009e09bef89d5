// The fields of events by their place, for exports that pass on values without names: PowerShell's `Properties`
// (Get-WinEvent) and `ReplacementStrings` (Get-EventLog). The order is the events' manifest's; it is the same in every language.
import { objectOf, scalarOf } from "#/sources/json-text.ts";
import type { Json } from "#/sources/source.ts";

const subject = ["SubjectUserSid", "SubjectUserName", "SubjectDomainName", "SubjectLogonId"];
const target = ["TargetUserSid", "TargetUserName", "TargetDomainName"];
const means = ["LogonProcessName", "AuthenticationPackageName", "WorkstationName"];

const order = new Map<number, readonly string[]>([
  [
    4624,
    [
      ...subject,
      ...target,
      "TargetLogonId",
      "LogonType",
      ...means,
      "LogonGuid",
      "TransmittedServices",
      "LmPackageName",
      "KeyLength",
      "ProcessId",
      "ProcessName",
      "IpAddress",
      "IpPort",
      "ImpersonationLevel",
      "RestrictedAdminMode",
      "TargetOutboundUserName",
      "TargetOutboundDomainName",
      "VirtualAccount",
      "TargetLinkedLogonId",
      "ElevatedToken",
    ],
  ],
  [
    4625,
    [
      ...subject,
      ...target,
      "Status",
      "FailureReason",
      "SubStatus",
      "LogonType",
      ...means,
      "TransmittedServices",
      "LmPackageName",
      "KeyLength",
      "ProcessId",
      "ProcessName",
      "IpAddress",
      "IpPort",
    ],
  ],
  [4740, ["TargetUserName", "TargetDomainName", "TargetSid", ...subject]],
  [
    4768,
    [
      "TargetUserName",
      "TargetDomainName",
      "TargetSid",
      "ServiceName",
      "ServiceSid",
      "TicketOptions",
      "Status",
      "TicketEncryptionType",
      "PreAuthType",
      "IpAddress",
      "IpPort",
    ],
  ],
  [
    4771,
    ["TargetUserName", "TargetSid", "ServiceName", "TicketOptions", "Status", "PreAuthType", "IpAddress", "IpPort"],
  ],
  [4776, ["PackageName", "TargetUserName", "Workstation", "Status"]],
]);

/** The value at the field's place; undefined where there is no list, or no such field in it. */
export function propertyField(id: number, values: Json | undefined, name: string): string | undefined {
  if (!Array.isArray(values)) return undefined;
  const at = order.get(id)?.indexOf(name) ?? -1;
  if (at < 0 || at >= values.length) return undefined;
  const value: Json | undefined = values[at];
  const plain = objectOf(value)["Value"] ?? value;
  // A security identifier is an object of its own, with its text under the same name.
  return scalarOf(plain) || scalarOf(objectOf(plain)["Value"]);
}
