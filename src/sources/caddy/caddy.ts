/**
 * Caddy 2: its JSON access log. `client_ip` is what Caddy takes for the client after its trusted forwarders, `user_id`
 * the name that one of its own handlers has verified: so unlike in other web servers' logs it proves a sign-in.
 *
 * Caddy does not say who was refused, only that an Authorization header came along and was not accepted. A 401 without
 * one is the server's question.
 */
import { formReason } from "#/sources/access-log/access-log.ts";
import { signInPath } from "#/sources/access-log/sign-in-paths.ts";
import { isAddress, withoutPort } from "#/sources/address-text.ts";
import { objectOf, textOf } from "#/sources/json-text.ts";
import { isoTime } from "#/sources/local-time.ts";
import {
  type Context,
  type Json,
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

export const caddy: Source = {
  id: "caddy",
  title: "Caddy 2 access log",
  programs: [],
  object: readObject,
};

function readObject(value: JsonObject, context: Context): Reading {
  const status = value["status"];
  if (value["request"] === undefined || typeof status !== "number") return foreign;
  if (!textOf(value["logger"]).startsWith("http.log.access") && value["msg"] !== "handled request") return foreign;
  const request = objectOf(value["request"]);
  const account = textOf(value["user_id"]);
  const headers = objectOf(request["headers"]);
  const path = request["method"] === "POST" ? signInPath(textOf(request["uri"])) : undefined;
  const reason = judge(status, account, headers, path === undefined ? undefined : [path.success, path.failure]);
  if (reason === undefined) return ignored;
  const at = timeOf(value["ts"], context);
  if (at === undefined) return malformed("no readable ts");
  const address = clientOf(request);
  if (!isAddress(address)) return malformed("no client_ip");
  const found = evidence(at, reason === "" ? "success" : "failure", account, address, path?.service ?? "web");
  found.reason = reason;
  found.server = textOf(request["host"]);
  const agents = headers["User-Agent"];
  found.client = Array.isArray(agents) ? textOf(agents[0]) : "";
  return found;
}

function judge(
  status: number,
  account: string,
  headers: JsonObject,
  form: readonly [number, number] | undefined,
): Reason | "" | undefined {
  if (status === 401 && (account !== "" || headers["Authorization"] !== undefined)) return "bad-password";
  if (account !== "") return status === 403 ? "policy" : status < 400 ? "" : undefined;
  return form === undefined ? undefined : formReason(status, form[0], form[1]);
}

/** In old versions the address came with its port, and nothing was known of forwarders. */
function clientOf(request: JsonObject): string {
  const client = textOf(request["client_ip"]) || textOf(request["remote_ip"]);
  return client === "" ? withoutPort(textOf(request["remote_addr"])) : client;
}

/** Seconds since 1970 unless the operator chose a format. */
function timeOf(stamp: Json | undefined, context: Context): Millis | undefined {
  if (typeof stamp === "number") return stamp > 0 && stamp < 1e11 ? millis(Math.floor(stamp * 1000)) : undefined;
  return isoTime(textOf(stamp).replaceAll("/", "-"), context.time);
}
