/**
 * Microsoft Entra (Azure Active Directory) sign-in logs: Graph's JSON, Azure Monitor's diagnostic JSON (event hubs, storage
 * accounts), rows of Log Analytics' SigninLogs tables, the portal's CSV in English, and what PowerShell exports.
 *
 * Sign-ins of applications and managed identities are nobody's and ignored; a refreshed token counts as a success,
 * because it shows where an account is at home. It does not know the codes of Microsoft's that no list has.
 */
import { isAddress, withoutPort } from "#/sources/address-text.ts";
import { exportTime } from "#/sources/export-time.ts";
import { objectOf, parsedObject, scalarOf, textOf } from "#/sources/json-text.ts";
import {
  type Context,
  type JsonObject,
  type Reading,
  type Source,
  evidence,
  foreign,
  ignored,
  malformed,
} from "#/sources/source.ts";
import { clientService } from "./client-apps.ts";
import { meaningOf } from "./error-codes.ts";
import { type EntraRecord, fieldOf, recordOf } from "./record.ts";

export const entra: Source = {
  id: "entra",
  title: "Microsoft Entra sign-in logs",
  programs: [],
  object: readObject,
};

function readObject(value: JsonObject, context: Context): Reading {
  const record = recordOf(value);
  if (record === "foreign") return foreign;
  return record === "ignored" ? ignored : readRecord(record, context);
}

function readRecord(record: EntraRecord, context: Context): Reading {
  const code = codeOf(record);
  if (code === undefined) return malformed("no error code");
  const meaning = meaningOf(code, textBeside(record), record.isInteractive);
  if (meaning === "interrupt") return ignored;
  const at = exportTime(fieldOf(record, times), context.time, "utc");
  if (at === undefined) return malformed("no readable time");
  const address = withoutPort(scalarOf(fieldOf(record, addresses)).trim());
  if (address !== "" && !isAddress(address)) return malformed("no readable address");
  const isSuccess = meaning === "success";
  const service = clientService(scalarOf(fieldOf(record, clientApps)));
  const found = evidence(at, isSuccess ? "success" : "failure", accountOf(record), address, service);
  if (!isSuccess) found.reason = meaning;
  found.client = clientOf(record);
  const correlation = scalarOf(fieldOf(record, correlations));
  if (meaning === "second-factor" && correlation !== "") {
    // Asked for and then refused, or asked for by two rules: one password that was right.
    found.key = `entra:${correlation.slice(0, KEY_PART_MAX)}:${found.account.slice(0, KEY_PART_MAX)}`;
    found.channel = String(code);
  }
  return found;
}

/** Longer names and numbers are told apart by this much. */
const KEY_PART_MAX = 256;

const times = ["createdDateTime", "CreatedDateTime", "Date (UTC)", "TimeGenerated", "TimeGenerated [UTC]", "time"];
const addresses = ["ipAddress", "IpAddress", "IPAddress", "IP address", "callerIpAddress", "CallerIpAddress"];
const clientApps = ["clientAppUsed", "ClientAppUsed", "Client app"];
const correlations = ["correlationId", "CorrelationId", "Correlation ID"];
const accounts = [
  "userPrincipalName",
  "UserPrincipalName",
  "Username",
  "signInIdentifier",
  "SignInIdentifier",
  "Sign-in identifier",
];
const fullNames = ["userDisplayName", "UserDisplayName", "User"];
const agents = ["userAgent", "UserAgent", "User agent"];
const codes = ["resultType", "ResultType", "Sign-in error code", "errorCode", "ErrorCode"];
const statuses = ["status", "Status"];
const explanations = ["resultDescription", "ResultDescription", "Failure reason", "failureReason", "FailureReason"];

/** `{ errorCode }` in JSON, as text in rows of SigninLogs, and as AzureAD's PowerShell prints the class. */
function codeOf(record: EntraRecord): number | undefined {
  const status = fieldOf(record, statuses);
  const inner = statusObject(status);
  const given = inner["errorCode"] ?? inner["ErrorCode"] ?? fieldOf(record, codes);
  const text = scalarOf(given).trim();
  if (text !== "") return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  return typeof status === "string" ? printedCode(status) : undefined;
}

function statusObject(status: ReturnType<typeof fieldOf>): JsonObject {
  return typeof status === "string" && status.startsWith("{") ? (parsedObject(status) ?? {}) : objectOf(status);
}

function printedCode(status: string): number | undefined {
  if (status === "Success") return 0;
  const at = status.indexOf("ErrorCode: ");
  const found = at < 0 ? null : /^\d{1,9}/.exec(status.slice(at + 11, at + 21));
  return found === null ? undefined : Number(found[0]);
}

function textBeside(record: EntraRecord): string {
  const status = fieldOf(record, statuses);
  const inner = statusObject(status);
  const reason = textOf(inner["failureReason"] ?? inner["FailureReason"]) || scalarOf(fieldOf(record, explanations));
  return `${reason} ${textOf(inner["additionalDetails"] ?? inner["AdditionalDetails"])}`;
}

/** What was typed, or the display name where the log hides it; for a name that was not found Entra may write none at all. */
function accountOf(record: EntraRecord): string {
  const name = scalarOf(fieldOf(record, accounts)).trim();
  if (name.includes("PII Removed")) return "";
  return name === "" || guidPattern.test(name) ? scalarOf(fieldOf(record, fullNames)).trim() || name : name;
}

const guidPattern = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

function clientOf(record: EntraRecord): string {
  const agent = scalarOf(fieldOf(record, agents));
  if (agent !== "") return agent;
  const device = objectOf(fieldOf(record, ["deviceDetail", "DeviceDetail"]));
  return textOf(device["browser"] ?? device["Browser"]) || scalarOf(fieldOf(record, ["Browser"]));
}
