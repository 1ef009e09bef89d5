/**
 * OCSF 1.x Authentication (class 3002), from whatever product writes it. Logons and pre-authentications count; tickets, log-offs and
 * clean-ups do not.
 */
import { millis } from "#/platform/units.ts";
import { statusDetails } from "#/signin/ocsf.ts";
import type { Reason } from "#/signin/signin.ts";
import { objectOf, scalarOf, textOf } from "#/sources/json-text.ts";
import { isoTime } from "#/sources/local-time.ts";
import { reasonOf, serviceOf } from "#/sources/mapped/words.ts";
import { type Context, type JsonObject, type Reading, type Source, evidence, foreign, ignored, malformed } from "#/sources/source.ts";

export const ocsf: Source = {
  id: "ocsf",
  title: "OCSF Authentication (class 3002)",
  programs: [],
  object: read,
};

const CLASS = 3002;
const LOGON = 1;
const PREAUTH = 6;

function read(value: JsonObject, context: Context): Reading {
  const kind = value["class_uid"];
  if (kind === undefined) return foreign;
  if (Number(kind) !== CLASS) return value["type_uid"] === undefined ? foreign : ignored;
  const activity = Number(value["activity_id"] ?? LOGON);
  if (activity !== LOGON && activity !== PREAUTH) return ignored;
  const status = Number(value["status_id"] ?? 0);
  if (status !== 1 && status !== 2) return malformed("status_id is neither 1 (success) nor 2 (failure)");
  const at = timeOf(value, context);
  if (at === undefined) return malformed("no time in it");
  const user = objectOf(value["user"]);
  const source = objectOf(value["src_endpoint"]);
  const name = textOf(user["name"]) || textOf(user["email_addr"]) || textOf(user["uid"]);
  const given = textOf(objectOf(value["unmapped"])["account_given"]);
  const address = textOf(source["ip"]) || textOf(source["hostname"]);
  const service = objectOf(value["service"]);
  const destination = objectOf(value["dst_endpoint"]);
  const result = evidence(millis(at), status === 1 ? "success" : "failure", given || name, address, serviceOf(textOf(service["name"]) || textOf(destination["svc_name"])));
  if (status === 2) result.reason = reasonFor(value);
  result.server = textOf(destination["hostname"]);
  result.client = textOf(objectOf(value["http_request"])["user_agent"]);
  const count = Number(value["count"] ?? 1);
  result.count = Number.isInteger(count) && count > 1 ? Math.min(count, 100_000) : 1;
  return result;
}

function timeOf(value: JsonObject, context: Context): number | undefined {
  const time = value["time"];
  if (typeof time === "number" && Number.isFinite(time)) return Math.floor(time);
  return isoTime(textOf(value["time_dt"]) || textOf(time), context.time);
}

function reasonFor(value: JsonObject): Reason {
  const said = textOf(value["status_detail"]) || scalarOf(value["status_code"]);
  const known = Object.entries(statusDetails).find(([, detail]) => detail === said)?.[0];
  const own = ["bad-password", "unknown-account", "locked", "disabled", "expired", "policy", "second-factor", "fault", "other"] as const;
  return own.find((reason) => reason === (known ?? said)) ?? reasonOf(said);
}
