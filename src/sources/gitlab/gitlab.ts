/**
 * GitLab: application.log, application_json.log and production_json.log. The latter two know the request, so what both say
 * about one sign-in is held together by it.
 */
import type { Millis } from "#/platform/units.ts";
import type { Outcome, Reason } from "#/signin/signin.ts";
import { objectOf, scalarOf, textOf } from "#/sources/json-text.ts";
import { isoTime } from "#/sources/local-time.ts";
import type { Context, Entry, Evidence, Json, JsonObject, Reading, Source } from "#/sources/source.ts";
import { evidence, foreign, ignored, malformed } from "#/sources/source.ts";

export const gitlab: Source = {
  id: "gitlab",
  title: "GitLab",
  programs: [],
  line: readLine,
  object: readObject,
};

/** "2026-11-23T08:00:00.667Z: Failed Login: username=jane ip=192.0.2.1". */
function readLine(entry: Entry, context: Context): Reading {
  const { text } = entry;
  if (text.charCodeAt(10) !== 84) return foreign;
  const colon = text.indexOf(": ", 19);
  if (colon < 0 || colon > 40) return foreign;
  const message = text.slice(colon + 2);
  const at = isSignIn(message) ? (entry.at ?? isoTime(text.slice(0, colon), context.time)) : undefined;
  return at === undefined ? foreign : application(at, message, "", "");
}

function readObject(value: JsonObject, context: Context): Reading {
  const controller = value["controller"];
  const message = value["message"];
  const isRequest = controller === "SessionsController" || controller === "OmniauthCallbacksController";
  if (!isRequest && !(typeof message === "string" && isSignIn(message))) return foreign;
  const at = isoTime(textOf(value["time"]), context.time);
  if (at === undefined) return malformed("no time");
  const request = textOf(value["correlation_id"]);
  return isRequest ? requested(at, value, request) : application(at, textOf(message), textOf(value["ua"]), request);
}

const FAILED = "Failed Login: username=";
const SUCCEEDED = "Successful Login: username=";

const isSignIn = (message: string): boolean => message.startsWith(FAILED) || message.startsWith(SUCCEEDED);

/** "Failed Login: username=NAME ip=ADDRESS", "Successful Login: username=NAME ip=ADDRESS method=standard admin=false". */
function application(at: Millis, message: string, client: string, request: string): Reading {
  const failed = message.startsWith(FAILED);
  const from = (failed ? FAILED : SUCCEEDED).length;
  // The name that failed is the caller's and comes first; one that succeeded is a real one.
  const end = failed ? message.lastIndexOf(" ip=") : message.indexOf(" ip=", from);
  if (end < from) return malformed("no ip= field");
  const space = message.indexOf(" ", end + 4);
  const address = message.slice(end + 4, space < 0 ? message.length : space);
  return attempt(at, failed ? "failure" : "success", message.slice(from, end), address, client, request, "application");
}

/** A request to the sign-in page, as production_json.log has it. */
function requested(at: Millis, value: JsonObject, request: string): Reading {
  const address = textOf(value["remote_ip"]);
  const client = textOf(value["ua"]);
  const status = scalarOf(value["status"]);
  if (value["action"] === "failure") {
    const name = textOf(parameter(value, "username"));
    return attempt(at, "failure", name, address, client, request, "request");
  }
  if (value["controller"] !== "SessionsController" || value["action"] !== "create") return ignored;
  const user = objectOf(parameter(value, "user"));
  const name = textOf(user["login"]);
  if (name === "") {
    if (status !== "200" || user["otp_attempt"] === undefined) return ignored;
    return attempt(at, "failure", "", address, client, request, "request", "second-factor");
  }
  // 200 after a name and a password asks for the second factor.
  if (status === "200") return ignored;
  return attempt(at, status === "302" ? "success" : "failure", name, address, client, request, "request");
}

function parameter(value: JsonObject, key: string): Json | undefined {
  const list = value["params"];
  if (!Array.isArray(list)) return undefined;
  const found: Json | undefined = list.find((item: Json) => objectOf(item)["key"] === key);
  return objectOf(found)["value"];
}

function attempt(
  at: Millis,
  outcome: Outcome,
  account: string,
  address: string,
  client: string,
  request: string,
  channel: string,
  reason: Reason = "bad-password",
): Evidence {
  const result = evidence(at, outcome, account, address, "web");
  if (outcome === "failure") result.reason = reason;
  result.client = client;
  result.key = request === "" ? "" : `gitlab:${request}`;
  result.channel = channel;
  return result;
}
