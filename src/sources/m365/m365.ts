/**
 * Microsoft 365's unified audit log: UserLoggedIn and UserLoginFailed, as the management API gives them and as the portal
 * and Search-UnifiedAuditLog export them (CSV with the record as JSON in the column AuditData). Everything else that the
 * log tells of is ignored.
 *
 * The operation says whether it was a success; `ResultStatus` does not: it is "Success" for most failures, meaning that
 * the record was written. The log does not know the account where the name was wrong ("Not Available").
 */
import { isAddress, withoutPort } from "#/sources/address-text.ts";
import { type Meaning, meaningOf } from "#/sources/entra/error-codes.ts";
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
import { numberOf } from "./logon-errors.ts";

export const m365: Source = {
  id: "m365",
  title: "Microsoft 365 unified audit log",
  programs: [],
  object: readObject,
};

function readObject(value: JsonObject, context: Context): Reading {
  const audit = value["AuditData"];
  if (audit === undefined) return isRecord(value) ? readRecord(value, context) : fromEnvelope(value, context);
  const operation = textOf(value["Operation"]) || textOf(value["Operations"]);
  if (operation !== "" && !isSignIn(operation)) return ignored;
  const record = typeof audit === "string" ? parsedObject(audit) : objectOf(audit);
  if (record === undefined) return malformed("AuditData is not valid JSON: cut off by a spreadsheet?");
  return isRecord(record) ? readRecord(record, context) : foreign;
}

/** Elastic's module and Defender's CloudAppEvents keep the record under a name of theirs. */
function fromEnvelope(value: JsonObject, context: Context): Reading {
  const raw = value["RawEventData"];
  const inner = typeof raw === "string" ? (parsedObject(raw) ?? {}) : objectOf(raw ?? objectOf(value["o365"])["audit"]);
  return isRecord(inner) ? readRecord(inner, context) : foreign;
}

const isRecord = (value: JsonObject): boolean =>
  typeof value["Operation"] === "string" && value["CreationTime"] !== undefined && value["UserId"] !== undefined;

const isSignIn = (operation: string): boolean => operation === "UserLoggedIn" || operation === "UserLoginFailed";

function readRecord(record: JsonObject, context: Context): Reading {
  const operation = textOf(record["Operation"]);
  if (!isSignIn(operation) || isProgram(scalarOf(record["UserType"]))) return ignored;
  const { meaning, code } = statusOf(record, operation === "UserLoggedIn");
  if (meaning === "interrupt") return ignored;
  const at = exportTime(record["CreationTime"], context.time, "utc");
  if (at === undefined) return malformed("no readable CreationTime");
  const address = addressOf(record);
  if (address !== "" && !isAddress(address)) return malformed("no readable ClientIP");
  const found = evidence(at, meaning === "success" ? "success" : "failure", accountOf(record), address, "sso");
  if (meaning !== "success") found.reason = meaning;
  found.client = propertyOf(record["ExtendedProperties"], "UserAgent");
  const correlation = textOf(record["InterSystemsId"]);
  if (meaning === "second-factor" && correlation !== "") {
    // As in Entra's own log: asked for and then refused is one password that was right.
    found.key = `entra:${correlation}:${found.account}`;
    found.channel = `m365 ${code}`;
  }
  return found;
}

/** System, application, service principal and policies. */
const isProgram = (userType: string): boolean => userType >= "4" && userType <= "8" && userType.length === 1;

function statusOf(record: JsonObject, isLoggedIn: boolean): { readonly meaning: Meaning; readonly code: number } {
  const error = textOf(record["LogonError"]);
  const given = scalarOf(record["ErrorNumber"]);
  const code = /^\d{1,9}$/.test(given) && given !== "0" ? Number(given) : (numberOf(error) ?? 0);
  if (code !== 0) return { meaning: meaningOf(code, error, true), code };
  const isFailure = !isLoggedIn || error !== "" || textOf(record["ResultStatus"]).startsWith("Fail");
  // A failure without number and with a name that no list has is not the commonest one, whose name is known.
  return { meaning: isFailure ? (error === "" ? "bad-password" : "other") : "success", code };
}

/** "203.0.113.7", "203.0.113.7:4711", "[2001:db8::7]:4711". */
function addressOf(record: JsonObject): string {
  for (const name of ["ClientIP", "ClientIPAddress", "ActorIpAddress"]) {
    const text = textOf(record[name]).trim();
    if (text !== "" && text !== "<null>") return withoutPort(text);
  }
  return "";
}

/** Placeholders for a name that was wrong; the one that was typed is not in this log. */
const nobodies = new Set(["Not Available", "Unknown", "00000000-0000-0000-0000-000000000000"]);

function accountOf(record: JsonObject): string {
  const account = textOf(record["UserId"]);
  return nobodies.has(account) ? "" : account;
}

/** The value in `[{ "Name": "UserAgent", "Value": "..." }]`. */
function propertyOf(list: JsonObject[string], name: string): string {
  if (!Array.isArray(list)) return "";
  const found = list.slice(0, LIST_MAX).find((item) => typeof item === "object" && objectOf(item)["Name"] === name);
  return typeof found === "object" ? textOf(objectOf(found)["Value"]) : "";
}

const LIST_MAX = 64;
