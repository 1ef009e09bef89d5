// Finds the sign-in in whatever shape it was exported. It knows where fields stand, not what they mean.
import { objectOf, parsedObject, scalarOf, textOf } from "#/sources/json-text.ts";
import type { Json, JsonObject } from "#/sources/source.ts";

export type EntraRecord = {
  /** The sign-in's own fields. */
  readonly inner: JsonObject;
  /** What stands around it: Azure Monitor's envelope, or the same again. */
  readonly outer: JsonObject;
  /** A person in front of it, as opposed to a program with a token of theirs. */
  readonly isInteractive: boolean;
};

export function recordOf(value: JsonObject): EntraRecord | "foreign" | "ignored" {
  if (value["createdDateTime"] !== undefined || value["CreatedDateTime"] !== undefined || isRow(value))
    return plain(value);
  return fromMonitor(value);
}

/** The first of the fields that has something in it. */
export function fieldOf({ inner, outer }: EntraRecord, names: readonly string[]): Json | undefined {
  for (const name of names) {
    const found = inner[name];
    if (found !== undefined && found !== null && found !== "") return found;
  }
  if (outer === inner) return undefined;
  return fieldOf({ inner: outer, outer, isInteractive: true }, names);
}

/** Rows of the portal's CSV, and of SigninLogs in Log Analytics. */
const isRow = (value: JsonObject): boolean =>
  (value["Date (UTC)"] !== undefined || value["ResultType"] !== undefined) &&
  (value["IP address"] !== undefined || value["IPAddress"] !== undefined);

function plain(value: JsonObject): EntraRecord | "foreign" | "ignored" {
  const types = scalarOf(value["Category"] ?? value["Type"] ?? value["category"]);
  if (/ServicePrincipal|ManagedIdentity/.test(types.slice(0, 64))) return "ignored";
  if (!signInFields.some((name) => value[name] !== undefined)) return "foreign";
  if (!userFields.some((name) => scalarOf(value[name]) !== "") || isApplications(value))
    return nobodyFields.some((name) => scalarOf(value[name]) !== "") ? "ignored" : "foreign";
  const interactive = value["isInteractive"] ?? value["IsInteractive"];
  const isInteractive = !types.startsWith("NonInteractive") && !types.startsWith("AADNonInteractive");
  return { inner: value, outer: value, isInteractive: isInteractive && scalarText(interactive) !== "false" };
}

const userFields = [
  "userPrincipalName",
  "UserPrincipalName",
  "Username",
  "userDisplayName",
  "User",
  "userId",
  "User ID",
];
const nobodyFields = [
  "servicePrincipalId",
  "ServicePrincipalId",
  "Service principal ID",
  "Managed Identity type",
  "appId",
];
const signInFields = ["ipAddress", "IpAddress", "IPAddress", "IP address", "clientAppUsed", "ClientAppUsed"];

/** Graph tells sign-ins of applications apart by a list of kinds. */
function isApplications(value: JsonObject): boolean {
  const kinds = value["signInEventTypes"];
  if (!Array.isArray(kinds)) return false;
  return kinds.every((kind: Json) => kind === "servicePrincipal" || kind === "managedIdentity") && kinds.length > 0;
}

const scalarText = (value: Json | undefined): string =>
  typeof value === "boolean" ? String(value) : scalarOf(value).toLowerCase();

/** `{ category: "SignInLogs", properties: { ... } }`. Other categories of the same tenant are no sign-ins of people. */
function fromMonitor(value: JsonObject): EntraRecord | "foreign" | "ignored" {
  const category = textOf(value["category"]) || textOf(value["Category"]);
  if (category === "" || value["properties"] === undefined) return "foreign";
  if (!categories.has(category)) return isTenants(value) ? "ignored" : "foreign";
  const properties = value["properties"];
  const inner = typeof properties === "string" ? (parsedObject(properties) ?? {}) : objectOf(properties);
  const isInteractive = category !== "NonInteractiveUserSignInLogs" && inner["isInteractive"] !== false;
  return { inner, outer: value, isInteractive };
}

const categories = new Set(["SignInLogs", "SignIn", "NonInteractiveUserSignInLogs", "ADFSSignInLogs"]);

const isTenants = (value: JsonObject): boolean =>
  /microsoft\.aadiam/i.test(textOf(value["resourceId"]).slice(0, 300)) ||
  textOf(value["category"]).endsWith("SignInLogs");
