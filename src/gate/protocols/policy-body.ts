/**
 * The body that Dovecot's auth policy client and weakforced's clients send: one flat JSON object, with what a site adds either beside the rest or
 * nested below "attrs" (Dovecot's `attrs/lip=%{lip}`). It reads; what is made of it is the protocol's.
 */
import { normaliseAccount } from "#/signin/account.ts";
import { canonicalAddress } from "#/signin/address.ts";
import type { Millis } from "#/platform/units.ts";
import type { Reason, Service, SignIn } from "#/signin/signin.ts";
import type { Attempt } from "../attempt.ts";
import { type Fields, isFields, textOf } from "./exchange.ts";
import { type ImapId, readImapId } from "./imap-id.ts";

export type PolicyBody = {
  readonly account: string;
  readonly accountGiven: string;
  readonly address: string;
  readonly service: Service;
  readonly server: string;
  readonly client: string;
  /** As it was sent; nobody but the fingerprint may see it. */
  readonly secret: string;
  /** The service as the server names it: "doveadm" is an operator's test. */
  readonly protocol: string;
  /** One attempt has one of these, however often it is asked about; "" where the server sent no session. */
  readonly once: string;
};

/** @param isForwarder who may say for whom it speaks, in the IMAP ID that it sends */
export function readBody(fields: Fields, isForwarder: (address: string) => boolean): PolicyBody {
  const nested = Object.hasOwn(fields, "attrs") && isFields(fields["attrs"]) ? fields["attrs"] : nothing;
  const field = (name: string): string => textOf(fields, name) || textOf(nested, name);
  const login = textOf(fields, "login");
  // Whoever signs in as somebody else by a master account gives the master account's password: that is the one which is guessed.
  // Dovecot names it as master_user once its password was right; until then, and where it was wrong, only login_user tells that there is one.
  const master = field("master_user") || (field("login_user") === "" ? "" : field("auth_user"));
  const id = readImapId(textOf(fields, "device_id"));
  const protocol = textOf(fields, "protocol").toLowerCase();
  const session = field("session_id");
  return {
    account: normaliseAccount(master || login),
    accountGiven: master === "" ? login : `${login}*${master}`,
    address: addressOf(canonicalAddress(textOf(fields, "remote")), id, isForwarder),
    service: servicesByName.get(protocol) ?? "mail",
    server: field("server") || field("lip"),
    client: id.client,
    secret: field("fp"),
    protocol,
    once: session === "" ? "" : `${session} ${login} ${textOf(fields, "pwhash")}`,
  };
}

const nothing: Fields = {};

/** Webmail signs all in from its own address and says in the IMAP ID for whom. Anybody can send such an ID, so only forwarders are believed. */
function addressOf(remote: string, id: ImapId, isForwarder: (address: string) => boolean): string {
  if (id.originatingAddress === "" || !isForwarder(remote)) return remote;
  return canonicalAddress(id.originatingAddress) || remote;
}

/** Dovecot's %{service}, and what Postfix and others call themselves when they ask Dovecot. */
const servicesByName: ReadonlyMap<string, Service> = new Map([
  ["imap", "imap"],
  ["pop3", "pop3"],
  ["smtp", "submission"],
  ["submission", "submission"],
  ["sieve", "managesieve"],
  ["managesieve", "managesieve"],
  ["http", "web"],
  ["webmail", "webmail"],
  ["xmpp", "other"],
  ["ftp", "ftp"],
]);

export const attemptOf = (body: PolicyBody, at: Millis, passwordFingerprint: string): Attempt => ({
  at,
  account: body.account,
  accountGiven: body.accountGiven,
  address: body.address,
  service: body.service,
  server: body.server,
  client: body.client,
  passwordFingerprint,
});

/** The sign-in that a report tells of. @param source names the protocol */
export function signInOf(fields: Fields, attempt: Attempt, source: string): SignIn {
  const { outcome, reason } = outcomeOf(fields);
  return { ...attempt, outcome, reason, count: 1, source };
}

/**
 * `policy_reject` with a check before the password is all that is known of the attempt: nobody looked whether the password was right.
 * `success` of an account with `nologin` is a right password and no session: Dovecot does not say so in a report, even where it is asked to.
 */
function outcomeOf(fields: Fields): { outcome: SignIn["outcome"]; reason: Reason | "" } {
  if (fields["policy_reject"] === true) return { outcome: "failure", reason: "policy" };
  if (fields["success"] === true) return { outcome: "success", reason: "" };
  return { outcome: "failure", reason: reasonsByFailType.get(textOf(fields, "fail_type")) ?? "bad-password" };
}

/** Dovecot 2.4 says why. 2.3 does not; nearly always it is the password. */
const reasonsByFailType: ReadonlyMap<string, Reason> = new Map([
  ["account", "unknown-account"],
  ["credentials", "bad-password"],
  ["disabled", "disabled"],
  ["expired", "expired"],
  ["internal", "fault"],
  ["policy", "policy"],
]);
