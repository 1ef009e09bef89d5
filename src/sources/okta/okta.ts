/**
 * Okta's System Log. A sign-in is the start of a session (user.session.start), single sign-on to an application within
 * one, and a mail client or VPN gateway that passes on a password; what refuses one is also the check of a password at
 * a directory, a second factor, or the sign-on policy.
 *
 * Steps that went well on the way (a password that was right, a factor that was) are no success: the session that they
 * lead to is, and where none comes the next step says why. Okta writes of one attempt in several events; those about a
 * failure share a request, those about a success a session.
 */
import { isAddress } from "#/sources/address-text.ts";
import { isoTime } from "#/sources/local-time.ts";
import {
  type Context,
  type Evidence,
  type JsonObject,
  type Reading,
  type Source,
  evidence,
  foreign,
  ignored,
  malformed,
} from "#/sources/source.ts";
import type { Reason, Service } from "#/signin/signin.ts";
import { textOf } from "#/sources/json-text.ts";
import { type OktaRecord, field, oktaRecord, path, targetsOf } from "./record.ts";

export const okta: Source = {
  id: "okta",
  title: "Okta System Log",
  programs: [],
  object: readObject,
};

/** What an event means: `whole` sign-ins count whatever came of them, `step`s on the way only where they failed. */
type Kind = {
  readonly part: "whole" | "asserted" | "step" | "factor" | "policy";
  readonly service: Service;
};

const kinds: ReadonlyMap<string, Kind> = new Map<string, Kind>([
  ["user.session.start", { part: "whole", service: "sso" }],
  ["user.authentication.sso", { part: "whole", service: "sso" }],
  ["user.authentication.auth_via_richclient", { part: "whole", service: "mail" }],
  ["user.authentication.auth_via_radius", { part: "whole", service: "vpn" }],
  // Somebody else has checked the person: a session follows at once, but of an application's own it is not written.
  ["user.authentication.auth_via_IDP", { part: "asserted", service: "sso" }],
  ["user.authentication.auth_via_social", { part: "asserted", service: "sso" }],
  ["user.authentication.auth_via_inbound_SAML", { part: "asserted", service: "sso" }],
  ["user.authentication.auth_via_iwa", { part: "asserted", service: "sso" }],
  ["user.authentication.auth_via_AD_agent", { part: "step", service: "sso" }],
  ["user.authentication.auth_via_LDAP_agent", { part: "step", service: "sso" }],
  ["user.authentication.auth_via_inbound_delauth", { part: "step", service: "sso" }],
  ["user.authentication.auth", { part: "step", service: "sso" }],
  ["user.authentication.verify", { part: "factor", service: "sso" }],
  ["user.authentication.auth_via_mfa", { part: "factor", service: "sso" }],
  ["user.mfa.okta_verify.deny_push", { part: "factor", service: "sso" }],
  ["policy.evaluate_sign_on", { part: "policy", service: "sso" }],
  ["application.policy.sign_on.deny_access", { part: "policy", service: "sso" }],
]);

const eventType = path("eventType");
const outcomeResult = path("outcome.result");
const outcomeReason = path("outcome.reason");
const published = path("published");
const ipAddress = path("client.ipAddress");
const elasticAddress = path("client.ip");
const userAgent = path("client.userAgent.rawUserAgent");
const actorType = path("actor.type");
const actorName = path("actor.alternateId");
const actorId = path("actor.id");
const session = path("authenticationContext.externalSessionId");
const transaction = path("transaction.id");
const factor = path("debugContext.debugData.factor");

function readObject(value: JsonObject, context: Context): Reading {
  const record = oktaRecord(value);
  if (record === undefined) return foreign;
  const name = field(record, eventType);
  const kind = kinds.get(name);
  if (kind === undefined) return ignored;
  const outcome = outcomeOf(record, name);
  if (outcome === "none" || (outcome === "success" && kind.part !== "whole" && kind.part !== "asserted"))
    return ignored;
  const at = isoTime(
    field(record, published) || textOf(value["@timestamp"]) || textOf(value["timestamp"]),
    context.time,
  );
  if (at === undefined) return malformed("no readable time of publication");
  const address = field(record, ipAddress) || field(record, elasticAddress);
  if (address !== "" && !isAddress(address)) return malformed("no readable client address");
  const found = evidence(at, outcome, accountOf(record), address, kind.service);
  found.client = field(record, userAgent);
  if (outcome === "failure") found.reason = reasonOf(record, kind);
  addKey(found, record, name);
  found.hold = outcome === "success" && kind.part === "asserted" && found.key !== "";
  return found;
}

function outcomeOf(record: OktaRecord, name: string): "success" | "failure" | "none" {
  // The event is that a person said no, which went well.
  if (name === "user.mfa.okta_verify.deny_push") return "failure";
  switch (field(record, outcomeResult)) {
    case "SUCCESS":
    case "ALLOW":
      return "success";
    case "FAILURE":
    case "DENY":
    // A push that nobody answered, after a password that was right.
    case "UNANSWERED":
      return "failure";
    default:
      return "none";
  }
}

/** The person: who acted, or for whom Okta itself or an application did. */
function accountOf(record: OktaRecord): string {
  const type = field(record, actorType);
  const name = field(record, actorName);
  if (type === "User" || type === "") return name;
  const user = targetsOf(record).find((target) => target.type === "User" || target.type === "AppUser");
  return user === undefined || user.name === "" ? name : user.name;
}

function reasonOf(record: OktaRecord, { part }: Kind): Reason {
  const said = field(record, outcomeReason).slice(0, REASON_LENGTH_MAX).toUpperCase();
  const known = reasonParts.find(([text]) => said.includes(text))?.[1];
  if (part === "policy") return "policy";
  if (part === "factor" && !isPassword(record))
    return known === "locked" || known === "fault" ? known : "second-factor";
  const isGuess = known === undefined || known === "bad-password";
  if (isGuess && field(record, actorId) === "" && field(record, actorType) !== "") return "unknown-account";
  return known ?? (said === "" ? "bad-password" : "other");
}

const REASON_LENGTH_MAX = 200;

/** Parts of what stands in `outcome.reason`: a code, or a sentence in English. The first that fits counts. */
const reasonParts: readonly (readonly [string, Reason])[] = [
  ["INVALID_CREDENTIALS", "bad-password"],
  ["INVALID CREDENTIALS", "bad-password"],
  ["VERIFICATION_ERROR", "bad-password"],
  ["LOCKED", "locked"],
  ["EXPIRED", "expired"],
  ["SUSPENDED", "disabled"],
  ["DEACTIVATED", "disabled"],
  ["INACTIVE", "disabled"],
  ["USER_NOT_FOUND", "unknown-account"],
  ["USER NOT FOUND", "unknown-account"],
  ["POLICY", "policy"],
  ["DENY", "policy"],
  ["NETWORK_ZONE", "policy"],
  ["BLACKLIST", "policy"],
  ["BLOCKED", "policy"],
  ["MFA", "second-factor"],
  ["FACTOR", "second-factor"],
  ["TIMEOUT", "fault"],
  ["TIMED OUT", "fault"],
  ["AGENT", "fault"],
  ["UNAVAILABLE", "fault"],
  ["INTERNAL", "fault"],
  ["PASSWORD", "bad-password"],
];

/** With Okta's newer engine the password is a factor like another. */
function isPassword(record: OktaRecord): boolean {
  if (field(record, factor).startsWith("PASSWORD")) return true;
  return targetsOf(record).some(({ type, display }) => type.startsWith("Authenticator") && display === "Password");
}

function addKey(found: Evidence, record: OktaRecord, name: string): void {
  const isOfSession = found.outcome === "success" || found.reason === "second-factor";
  const id = (isOfSession ? field(record, session) : "") || field(record, transaction);
  if (id === "") return;
  found.key = `okta:${found.outcome}:${found.reason === "second-factor" ? "factor:" : ""}${bounded(id)}:${bounded(found.account)}`;
  // However many applications a session opens, it is one sign-in: each is a witness of its own.
  const target =
    name === "user.authentication.sso" ? targetsOf(record).find(({ type }) => type === "AppInstance") : undefined;
  found.channel = target === undefined ? name : `${name} ${bounded(target.name)}`;
}

/** Longer names and numbers are told apart by this much. */
const bounded = (text: string): string => text.slice(0, 256);
