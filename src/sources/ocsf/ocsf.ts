/**
 * OCSF 1.x Authentication (class 3002), from whatever product writes it. Logons and pre-authentications count; tickets, log-offs and
 * clean-ups do not.
 */
import type { Millis } from "#/platform/units.ts";
import { wordsOfReasons } from "#/signin/ocsf.ts";
import type { Outcome, Reason } from "#/signin/signin.ts";
import { isHost } from "#/sources/address-text.ts";
import { objectOf, scalarOf, textOf } from "#/sources/json-text.ts";
import { exportTime } from "#/sources/export-time.ts";
import { reasonOf, serviceOf } from "#/sources/mapped/words.ts";
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
  const outcome = outcomeOf(value);
  if (outcome === undefined) return malformed("neither status_id nor status says success or failure");
  const at = timeOf(value, context);
  if (at === undefined) return malformed("no time in it");
  const user = objectOf(value["user"]);
  const source = objectOf(value["src_endpoint"]);
  const name = textOf(user["name"]) || textOf(user["email_addr"]) || textOf(user["uid"]);
  const given = textOf(objectOf(value["unmapped"])["account_given"]);
  const address = textOf(source["ip"]) || hostOf(textOf(source["hostname"]));
  if (address !== "" && !isHost(address)) return malformed("no readable address in src_endpoint.ip");
  const service = objectOf(value["service"]);
  const destination = objectOf(value["dst_endpoint"]);
  const result = evidence(
    at,
    outcome,
    given || name,
    address,
    serviceOf(textOf(service["name"]) || textOf(destination["svc_name"])),
  );
  if (outcome === "failure") result.reason = reasonFor(value);
  result.server = textOf(destination["hostname"]);
  result.client = textOf(objectOf(value["http_request"])["user_agent"]);
  const count = Number(value["count"] ?? 1);
  result.count = Number.isInteger(count) && count > 1 ? Math.min(count, 100_000) : 1;
  return result;
}

/** A name that is none blames nobody. */
const hostOf = (name: string): string => (isHost(name) ? name : "");

function outcomeOf(value: JsonObject): Outcome | undefined {
  const id = Number(value["status_id"] ?? 0);
  if (id === 1 || id === 2) return id === 1 ? "success" : "failure";
  const status = textOf(value["status"]).toLowerCase();
  return status === "success" || status === "failure" ? status : undefined;
}

/** Milliseconds as the schema has it; some write seconds, or only the text. */
const timeOf = (value: JsonObject, context: Context): Millis | undefined =>
  exportTime(value["time"], context.time, "utc") ?? exportTime(value["time_dt"], context.time, "utc");

const reasons: ReadonlyMap<string, Reason> = new Map<string, Reason>([
  ["other", "other"],
  ["policy", "policy"],
  ["second-factor", "second-factor"],
  ["fault", "fault"],
  ...wordsOfReasons,
]);

/** Its own words first, then anybody's. Where nothing is said the password was wrong, as everywhere. */
function reasonFor(value: JsonObject): Reason {
  const said = textOf(value["status_detail"]) || scalarOf(value["status_code"]);
  return said === "" ? "bad-password" : (reasons.get(said) ?? reasonOf(said));
}
