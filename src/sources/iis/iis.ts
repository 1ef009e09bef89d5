/**
 * Internet Information Services: W3C logs with Exchange behind them (OWA, ActiveSync, EWS, MAPI, Autodiscover) or
 * anything else that signs in by HTTP. The header ("#Fields: date time s-ip ...") names the columns, so rows come as
 * objects; blanks inside a column are written as "+", so nothing typed can shift one. Times are UTC.
 *
 * A 401 is an attempt only where the log names who tried or Windows says that the password was looked at; the first two
 * answers of every NTLM and Negotiate sign-in are 401 too. OWA answers its form with a redirect either way and names
 * only those who got in. Behind a forwarder the address is the forwarder's.
 */
import { isAddress } from "#/sources/address-text.ts";
import { objectOf, scalarOf, textOf } from "#/sources/json-text.ts";
import { isoTime } from "#/sources/local-time.ts";
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
import type { Reason, Service } from "#/signin/signin.ts";

export const iis: Source = {
  id: "iis",
  title: "IIS W3C log (OWA, ActiveSync, EWS, Autodiscover)",
  programs: [],
  csvHeaders: ["#Fields: date time"],
  object: readRow,
};

/** A row of the log, or an event of the channel Microsoft-IIS-Logging, which holds the same columns. */
function readRow(object: JsonObject, context: Context): Reading {
  const value = object["cs-uri-stem"] === undefined ? objectOf(object["EventData"]) : object;
  const path = value["cs-uri-stem"];
  if (typeof path !== "string" || value["sc-status"] === undefined) return foreign;
  const status = scalarOf(value["sc-status"]);
  const user = column(value, "cs-username");
  const service = serviceAt(path.toLowerCase());
  const reason = judge(value, path.toLowerCase(), status, user, service);
  if (reason === undefined) return ignored;
  const at = isoTime(`${textOf(value["date"])}T${textOf(value["time"])}Z`, context.time);
  if (at === undefined) return malformed("no readable date and time");
  const address = column(value, "c-ip");
  if (!isAddress(address)) return malformed("no c-ip column");
  const found = evidence(at, reason === "" ? "success" : "failure", user, address, service ?? "web");
  found.reason = reason;
  found.server = column(value, "s-computername");
  found.client = (column(value, "cs(User-Agent)") || column(value, "csUser-Agent")).replaceAll("+", " ");
  return found;
}

/** "-" stands for nothing. */
function column(value: JsonObject, name: string): string {
  const text = scalarOf(value[name]);
  return text === "-" ? "" : text;
}

const services: readonly (readonly [string, Service])[] = [
  ["/microsoft-server-activesync", "activesync"],
  ["/ews/", "ews"],
  ["/mapi/", "ews"],
  ["/rpc/", "ews"],
  ["/oab/", "ews"],
  ["/autodiscover/", "ews"],
  ["/owa/", "webmail"],
  ["/ecp/", "webmail"],
];

function serviceAt(path: string): Service | undefined {
  return services.find(([start]) => path.startsWith(start))?.[1];
}

function judge(
  value: JsonObject,
  path: string,
  status: string,
  user: string,
  service: Service | undefined,
): Reason | "" | undefined {
  if (path === "/owa/auth.owa" || path === "/owa/auth/owaauth.dll") return formReason(value, status, user);
  if (status === "401") return refusal(value, user);
  // OWA's pages name their reader on every request; only its form is a sign-in.
  if (service === undefined || service === "webmail" || user === "" || isServer(user)) return undefined;
  return /^2\d\d$/.test(status) ? "" : undefined;
}

const isServer = (user: string): boolean => user.endsWith("$");

/**
 * What the answer to OWA's form says. Reason 2 is a wrong name or password, but only in what Exchange itself appends to
 * the query: whoever got in would otherwise hide it by typing one.
 */
function formReason(value: JsonObject, status: string, user: string): Reason | "" | undefined {
  if (column(value, "cs-method") !== "POST") return undefined;
  if (/^50[0234]$/.test(status)) return "fault";
  if (status === "401" || status === "403" || status === "440") return "bad-password";
  if (status !== "302") return undefined;
  const query = column(value, "cs-uri-query");
  const appended = query.lastIndexOf("&CorrelationID=");
  return user !== "" && !(appended >= 0 && /&reason=[1-9]/.test(query.slice(appended))) ? "" : "bad-password";
}

/** What Windows says (sc-win32-status, winerror.h) about a 401. */
function refusal(value: JsonObject, user: string): Reason | undefined {
  switch (scalarOf(value["sc-win32-status"])) {
    case "1326": // ERROR_LOGON_FAILURE
    case "2148074252": // SEC_E_LOGON_DENIED
      return "bad-password";
    case "1317": // ERROR_NO_SUCH_USER
      return "unknown-account";
    case "1330": // ERROR_PASSWORD_EXPIRED
    case "1793": // ERROR_ACCOUNT_EXPIRED
    case "1907": // ERROR_PASSWORD_MUST_CHANGE
      return "expired";
    case "1331": // ERROR_ACCOUNT_DISABLED
      return "disabled";
    case "1909": // ERROR_ACCOUNT_LOCKED_OUT
      return "locked";
    case "1327": // ERROR_ACCOUNT_RESTRICTION
    case "1328": // ERROR_INVALID_LOGON_HOURS
    case "1329": // ERROR_INVALID_WORKSTATION
    case "1385": // ERROR_LOGON_TYPE_NOT_GRANTED
      return "policy";
    case "1311": // ERROR_NO_LOGON_SERVERS
    case "1355": // ERROR_NO_SUCH_DOMAIN
    case "1722": // RPC_S_SERVER_UNAVAILABLE
    case "2148074257": // SEC_E_NO_AUTHENTICATING_AUTHORITY
      return "fault";
    case "2148074254": // SEC_E_NO_CREDENTIALS
    case "2148074248": // SEC_E_INVALID_TOKEN
      return undefined;
    default:
      return user === "" || isServer(user) ? undefined : "bad-password";
  }
}
