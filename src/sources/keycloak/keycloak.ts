/**
 * Keycloak and its descendants: the events that the jboss-logging listener writes (text and JSON logs) and exported
 * events. Only LOGIN and LOGIN_ERROR are sign-ins (direct grants too are logged as such); CODE_TO_TOKEN and the rest
 * are what follows one. Successes are logged at level debug unless the operator raises it.
 *
 * It does not know whether the second factor or the password was wrong where Keycloak says only
 * invalid_user_credentials.
 */
import { isAddress } from "#/sources/address-text.ts";
import { objectOf, parsedObject, textOf } from "#/sources/json-text.ts";
import { isoTime } from "#/sources/local-time.ts";
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
import { type Millis, millis } from "#/platform/units.ts";
import type { Reason } from "#/signin/signin.ts";
import { type Fields, eventFields } from "./event-fields.ts";

export const keycloak: Source = {
  id: "keycloak",
  title: "Keycloak events",
  programs: ["keycloak", "kc.sh", "keycloak-server"],
  message(entry: Entry, context: Context): Reading {
    const isJson = entry.text.charCodeAt(0) === 123;
    const reading = isJson ? readObject(parsedObject(entry.text) ?? {}, context) : readText(entry, context);
    return reading.kind === "foreign" ? ignored : reading;
  },
  line: readText,
  object: readObject,
};

/**
 * Reads "2026-11-23 10:00:00,123 WARN  [org.keycloak.events] (executor-thread-1) type=LOGIN_ERROR, realmId=..., ...".
 */
function readText(entry: Entry, context: Context): Reading {
  const { text } = entry;
  if (entry.at === undefined && text.charCodeAt(4) !== 45) return foreign;
  // A date, a time and a level stand before it.
  const logger = text.lastIndexOf("[org.key", 60);
  if (logger < 0) return foreign;
  const close = text.indexOf("]", logger);
  if (!text.startsWith(".events", close - 7)) return ignored;
  const typeAt = text.indexOf("type=", close);
  if (typeAt < 0 || typeAt - close > THREAD_LENGTH_MAX) return ignored;
  // The level stands between; a container's or journal's time may stand before.
  const at = entry.at ?? isoTime(text.slice(0, 23), context.time);
  return readMessage(text, typeAt, at);
}

/** The name of a thread, in brackets, stands between logger and event. */
const THREAD_LENGTH_MAX = 100;

function readMessage(text: string, from: number, at: Millis | undefined): Reading {
  const isLogin =
    text.startsWith("LOGIN, ", from + 5) ||
    text.startsWith("LOGIN_ERROR, ", from + 5) ||
    text.startsWith('"LOGIN"', from + 5) ||
    text.startsWith('"LOGIN_ERROR"', from + 5);
  return isLogin ? toReading(eventFields(text, from), at) : ignored;
}

function readObject(value: JsonObject, context: Context): Reading {
  const logger = textOf(value["loggerName"]);
  if (logger.startsWith("org.keycloak")) {
    const message = textOf(value["message"]);
    if (!logger.endsWith(".events") || !message.startsWith("type=")) return ignored;
    return readMessage(message, 0, isoTime(textOf(value["timestamp"]), context.time));
  }
  // An exported event, or one that a listener passed on.
  const type = value["type"];
  if (typeof type !== "string" || value["realmId"] === undefined || value["ipAddress"] === undefined) return foreign;
  if (type !== "LOGIN" && type !== "LOGIN_ERROR") return ignored;
  const time = value["time"];
  const details = objectOf(value["details"]);
  const at = typeof time === "number" && Number.isFinite(time) ? millis(Math.trunc(time)) : undefined;
  return toReading(
    {
      type,
      error: textOf(value["error"]),
      address: textOf(value["ipAddress"]),
      username: textOf(details["username"]),
      userId: textOf(value["userId"]),
      credential: textOf(details["credential_type"]),
    },
    at ?? isoTime(textOf(time), context.time),
  );
}

function toReading(fields: Fields, at: Millis | undefined): Reading {
  const reason = fields.type === "LOGIN" ? "" : errorReason(fields);
  if (reason === undefined) return ignored;
  if (at === undefined) return malformed("no readable time");
  if (fields.address !== "" && !isAddress(fields.address)) return malformed("no ipAddress");
  const account = fields.username === "" && fields.userId !== "null" ? fields.userId : fields.username;
  const found = evidence(at, reason === "" ? "success" : "failure", account, fields.address, "sso");
  found.reason = reason;
  return found;
}

/** What an error means (org.keycloak.events.Errors); undefined for those of sessions, clients and redirects. */
function errorReason(fields: Fields): Reason | undefined {
  switch (fields.error) {
    case "user_not_found":
      return "unknown-account";
    case "invalid_user_credentials":
    case "invalid_credentials":
      return /otp|webauthn|recovery/.test(fields.credential) ? "second-factor" : "bad-password";
    case "user_temporarily_disabled":
      return "locked";
    case "user_disabled":
      return "disabled";
    case "password_missing":
    case "username_missing":
      return "other";
    case "access_denied":
    case "not_allowed":
    case "email_not_verified":
    case "resolve_required_actions":
      return "policy";
    case "generic_authentication_error":
    case "identity_provider_error":
    case "internal_error":
      return "fault";
    default:
      return undefined;
  }
}
