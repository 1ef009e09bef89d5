/**
 * Dovecot's event exporter (2.3 and 2.4) with the JSON format, one object a line: "auth_request_finished" tells every
 * attempt with its outcome, which the log lines never do in one place. Other events are not about sign-ins.
 */
import type { Millis } from "#/platform/units.ts";
import { millis } from "#/platform/units.ts";
import type { Service } from "#/signin/signin.ts";
import { type LocalTime, isoTime } from "#/sources/local-time.ts";
import { type Json, type JsonObject, type Reading, evidence, foreign, ignored, malformed } from "#/sources/source.ts";
import { loginService, sessionKey } from "./login-lines.ts";

export function readExported(value: JsonObject, time: LocalTime): Reading {
  const { event, fields } = value;
  if (typeof event !== "string" || !isObject(fields)) return foreign;
  if (value["start_time"] === undefined && value["end_time"] === undefined) return foreign;
  if (event !== "auth_request_finished") return ours.test(event) ? ignored : foreign;
  const mechanism = text(fields, "mechanism");
  // A delivery that looks for its recipient asks without one.
  if (mechanism === "") return ignored;
  const at = timeOf(value["end_time"] ?? value["start_time"], time);
  if (at === undefined) return malformed("no readable end_time or start_time");
  const outcome = text(fields, "success") === "yes" ? "success" : "failure";
  const account = text(fields, "user") || text(fields, "original_user");
  const address = text(fields, "remote_ip");
  const result = evidence(
    at,
    outcome,
    account,
    address,
    serviceOf(text(fields, "service") || text(fields, "protocol")),
  );
  if (outcome === "failure") {
    if (text(fields, "policy_result") === "refused") result.reason = "policy";
    else if (text(fields, "error") === "internal failure") result.reason = "fault";
  }
  result.server = typeof value["hostname"] === "string" ? value["hostname"] : "";
  const session = text(fields, "session");
  result.key = session === "" ? "" : sessionKey(session, "", "");
  result.channel = result.key === "" ? "" : "event";
  return result;
}

/** Names of Dovecot's own events, so that another program's JSON is not taken for them. */
const ours =
  /^(?:auth|imap|pop3|smtp|mail|proxy|login|http|sql|dict|dns|client|mailbox|storage|indexer|fts|index|service)_/;

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(fields: JsonObject, name: string): string {
  const value = fields[name];
  return typeof value === "string" ? value : "";
}

/** RFC 3339 or, with time_format = unix, seconds with a fraction. */
function timeOf(value: Json | undefined, time: LocalTime): Millis | undefined {
  if (typeof value === "string") return isoTime(value, time);
  return typeof value === "number" && value >= 0 && value <= 8.64e12 ? millis(Math.floor(value * 1000)) : undefined;
}

/** Postfix and Exim ask as "smtp". */
function serviceOf(name: string): Service {
  return name === "smtp" ? "submission" : loginService(name);
}
