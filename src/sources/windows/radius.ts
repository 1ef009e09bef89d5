/**
 * Network Policy Server's answers to a VPN gateway, a wireless controller or a switch: access granted (6272) or denied
 * (6273). The gateway's calling-station id is the client's address for VPNs and a hardware address for wireless.
 */
import { isAddress } from "#/sources/address-text.ts";
import { type Reading, evidence, ignored } from "#/sources/source.ts";
import type { Millis } from "#/platform/units.ts";
import { accountOf, isNobody } from "./accounts.ts";
import { attemptKey } from "./attempt-key.ts";
import { radiusReason } from "./codes.ts";
import { type WindowsRecord, fieldOf } from "./record.ts";

export function readRadius(record: WindowsRecord, at: Millis): Reading {
  const account = accountOf(fieldOf(record, "SubjectUserName"));
  if (account === "" || isNobody(account, "")) return ignored;
  const station = fieldOf(record, "CallingStationID").trim();
  const address = isAddress(station) ? station : "";
  const isVpn = address !== "" || fieldOf(record, "NASPortType").startsWith("Virtu");
  const isSuccess = record.id === 6272;
  const found = evidence(at, isSuccess ? "success" : "failure", account, address, isVpn ? "vpn" : "network");
  if (!isSuccess) found.reason = radiusReason(fieldOf(record, "ReasonCode"));
  found.server = record.computer;
  found.key = attemptKey(account, at, found.outcome);
  found.channel = "radius";
  return found;
}
