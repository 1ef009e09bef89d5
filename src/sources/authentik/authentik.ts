/**
 * authentik: the structured log (JSON lines) and the events that its API exports. The address is `client_ip`, which
 * authentik takes from a forwarder's header only where it trusts the forwarder.
 *
 * A name that does not exist is refused at the identification stage and logged there; where authentik pretends that it
 * exists, the password stage fails too, and the two count once.
 */
import { isAddress } from "#/sources/address-text.ts";
import { objectOf, textOf } from "#/sources/json-text.ts";
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
import type { Reason } from "#/signin/signin.ts";

export const authentik: Source = {
  id: "authentik",
  title: "authentik log and exported events",
  programs: [],
  object: readObject,
};

function readObject(value: JsonObject, context: Context): Reading {
  if (!textOf(value["logger"]).startsWith("authentik.") && !textOf(value["app"]).startsWith("authentik."))
    return foreign;
  switch (textOf(value["action"])) {
    case "login":
      return attempt(value, context, textOf(objectOf(value["user"])["username"]), "", "event");
    case "login_failed":
      return attempt(value, context, failedName(value), failedReason(value), "event");
    case "invalid_identifier":
      return attempt(value, context, textOf(value["identifier"]), "unknown-account", "identifier");
    default:
      return ignored;
  }
}

/** The name that was tried; the event's own user is the anonymous one, but for a second factor the member. */
function failedName(value: JsonObject): string {
  const tried = textOf(objectOf(value["context"])["username"]);
  if (tried !== "") return tried;
  const user = textOf(objectOf(value["user"])["username"]);
  return user === "AnonymousUser" ? "" : user;
}

function failedReason(value: JsonObject): Reason {
  const context = objectOf(value["context"]);
  const model = textOf(objectOf(context["stage"])["model_name"]).toLowerCase();
  return model.startsWith("authenticator") || context["device_class"] !== undefined ? "second-factor" : "bad-password";
}

function attempt(value: JsonObject, context: Context, account: string, reason: Reason | "", channel: string): Reading {
  // The log says "timestamp", an exported event "created".
  const stamp = textOf(value["timestamp"]);
  const at = isoTime(stamp === "" ? textOf(value["created"]) : stamp, context.time);
  if (at === undefined) return malformed("no readable time");
  const address = textOf(value["client_ip"]);
  if (!isAddress(address)) return malformed("no client_ip");
  const found = evidence(at, reason === "" ? "success" : "failure", account, address, "sso");
  found.reason = reason;
  if (reason !== "" && account !== "") {
    found.key = `authentik:${address}:${account}`;
    found.channel = channel;
  }
  return found;
}
