/**
 * Events 4624 and 4625: a logon on the machine that wrote them. Their type says how: at the keyboard, over the network,
 * in clear text from IIS or Exchange, over remote desktop. Batch jobs, services and programs running under other
 * credentials are not people signing in.
 */
import { type Reading, evidence, ignored } from "#/sources/source.ts";
import type { Evidence } from "#/sources/source.ts";
import type { Service } from "#/signin/signin.ts";
import type { Millis } from "#/platform/units.ts";
import { accountOf, isNobody } from "./accounts.ts";
import { attemptKey } from "./attempt-key.ts";
import { statusReason } from "./codes.ts";
import { remoteAddress } from "./local-address.ts";
import { type WindowsRecord, fieldOf } from "./record.ts";

/** Logon types that are sign-ins of people, as services. The others: 0 system, 4 batch, 5 service, 9 other credentials. */
const logonServices = new Map<string, Service>([
  ["2", "desktop"],
  ["3", "network"],
  ["7", "desktop"],
  ["8", "network"],
  ["10", "rdp"],
  ["11", "desktop"],
  ["12", "rdp"],
  ["13", "desktop"],
]);

export function readLogon(record: WindowsRecord, at: Millis): Reading {
  const type = fieldOf(record, "LogonType");
  const base = type === "" ? "network" : logonServices.get(type);
  const account = accountOf(fieldOf(record, "TargetUserName"));
  if (base === undefined || isNobody(account, fieldOf(record, "TargetUserSid"))) return ignored;
  const isSuccess = record.id === 4624;
  // A success without a name is none of anybody's; a ticket that a service got in a user's name is not that user's sign-in.
  if (isSuccess && (account === "" || isDelegated(fieldOf(record, "TransmittedServices")))) return ignored;
  const address = remoteAddress(fieldOf(record, "IpAddress"));
  const process = fieldOf(record, "ProcessName");
  const found = evidence(at, isSuccess ? "success" : "failure", account, address, serviceOf(base, process));
  if (!isSuccess) found.reason = statusReason(fieldOf(record, "Status"), fieldOf(record, "SubStatus"));
  found.server = record.computer;
  found.key = attemptKey(account, at, found.outcome);
  found.channel = isSuccess && isElevatedTwin(record) ? "logon elevated" : "logon";
  found.hold = address === "" || isBehindAnotherServer(record, process);
  addWorkstation(found, record);
  return found;
}

const isDelegated = (services: string): boolean => services !== "" && services !== "-" && services !== "0x0";

/** Programs that check passwords for a protocol, by a part of their path. */
const processServices: readonly (readonly [string, Service])[] = [
  ["exchange.imap4", "imap"],
  ["exchange.pop3", "pop3"],
  ["edgetransport", "submission"],
  ["exchangefrontendtransport", "submission"],
  ["frontendtransport", "submission"],
  ["w3wp.exe", "web"],
  ["identityserver", "sso"],
  ["sshd", "ssh"],
  ["ftpsvc", "ftp"],
];

function serviceOf(base: Service, process: string): Service {
  if (process === "" || process === "-" || base !== "network") return base;
  const lower = process.slice(0, 512).toLowerCase();
  return processServices.find(([part]) => lower.includes(part))?.[1] ?? base;
}

/**
 * Under User Account Control an administrator's one logon is two events with tokens that name each other: the full one
 * and the filtered one.
 */
function isElevatedTwin(record: WindowsRecord): boolean {
  const linked = fieldOf(record, "TargetLinkedLogonId");
  if (linked === "" || linked === "-" || /^0x0+$/i.test(linked)) return false;
  const elevated = fieldOf(record, "ElevatedToken");
  return elevated === "%%1842" || elevated === "Yes";
}

/** AD FS and Network Policy Server know the client better than the logon that they cause. */
function isBehindAnotherServer(record: WindowsRecord, process: string): boolean {
  return fieldOf(record, "LogonProcessName").trim() === "IAS" || process.includes("IdentityServer");
}

/** NTLM clients name themselves; it is their word only, but attack tools seldom change it. */
function addWorkstation(found: Evidence, record: WindowsRecord): void {
  if (fieldOf(record, "AuthenticationPackageName") !== "NTLM") return;
  found.client = accountOf(fieldOf(record, "WorkstationName"));
}
