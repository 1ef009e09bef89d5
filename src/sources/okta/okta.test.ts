import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { objectReader, testCorpus } from "../../../test/support/corpus.ts";
import { fuzzObjects, row } from "../../../test/support/web-sources.ts";
import { okta } from "./okta.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(okta, corpus);
fuzzObjects(okta, corpus);

const read = objectReader(okta);
const base = {
  published: "2026-11-22T08:00:00.000Z",
  eventType: "user.session.start",
  actor: { id: "00u1", type: "User", alternateId: "ingrid@council.example" },
  client: { ipAddress: "203.0.113.7", userAgent: { rawUserAgent: "curl/8" } },
  transaction: { id: "tx" },
  authenticationContext: { externalSessionId: "s" },
};
const failed = (reason: string | null, more: object = {}) =>
  read({ ...base, outcome: { result: "FAILURE", reason }, ...more });
const succeeded = (more: object = {}) => read({ ...base, outcome: { result: "SUCCESS", reason: null }, ...more });

test("each reason is told from the others", () => {
  for (const [said, reason] of [
    ["INVALID_CREDENTIALS", "bad-password"],
    ["VERIFICATION_ERROR", "bad-password"],
    ["LOCKED_OUT", "locked"],
    ["PASSWORD_EXPIRED", "expired"],
    ["User is suspended", "disabled"],
    ["OPERATION_TIMEOUT", "fault"],
    ["Sign-on policy evaluation resulted in DENY", "policy"],
    ["SOMETHING_NEW", "other"],
    [null, "bad-password"],
  ] as const)
    assert.deepEqual(row(failed(said)), ["failure", reason, "ingrid@council.example", "203.0.113.7"]);
});

test("an actor without an id is an account that does not exist", () => {
  const actor = { id: "unknown", type: "User", alternateId: "olave" };
  assert.deepEqual(row(failed("VERIFICATION_ERROR", { actor })).slice(0, 3), ["failure", "unknown-account", "olave"]);
});

test("a second factor that failed says that the password was right, the password as a factor does not", () => {
  const mfa = { eventType: "user.authentication.auth_via_mfa" };
  assert.equal(row(failed("INVALID_CREDENTIALS", mfa))[1], "second-factor");
  const password = { ...mfa, debugContext: { debugData: { factor: "PASSWORD_AS_FACTOR" } } };
  assert.equal(row(failed("INVALID_CREDENTIALS", password))[1], "bad-password");
});

test("a password that was right is no success while the second factor is to come", () => {
  for (const eventType of ["user.authentication.auth_via_mfa", "user.authentication.auth_via_AD_agent"])
    assert.equal(succeeded({ eventType }).kind, "ignored");
});

test("a refused push is a failure although its event succeeded", () => {
  assert.equal(row(succeeded({ eventType: "user.mfa.okta_verify.deny_push" }))[1], "second-factor");
});

test("events of one request are one failure, of one session one success", () => {
  const start = failed("INVALID_CREDENTIALS");
  const directory = failed("INVALID_CREDENTIALS", { eventType: "user.authentication.auth_via_AD_agent" });
  assert.ok(start.kind === "evidence" && directory.kind === "evidence");
  assert.equal(start.key, directory.key);
  assert.notEqual(start.channel, directory.channel);
  const session = succeeded();
  const target = [{ type: "AppInstance", alternateId: "Payroll" }];
  const application = succeeded({ eventType: "user.authentication.sso", transaction: { id: "other" }, target });
  assert.ok(session.kind === "evidence" && application.kind === "evidence");
  assert.equal(session.key, application.key);
  assert.notEqual(session.channel, application.channel);
});

test("what Okta did for a person is the person's", () => {
  const actor = { id: "x", type: "SystemPrincipal", alternateId: "system@okta.com" };
  const target = [
    { type: "AppInstance", alternateId: "Org2org" },
    { type: "User", alternateId: "ingrid@council.example" },
  ];
  const reading = succeeded({ eventType: "user.authentication.auth_via_IDP", actor, target });
  assert.deepEqual(row(reading), ["success", "", "ingrid@council.example", "203.0.113.7"]);
  assert.ok(reading.kind === "evidence" && reading.hold, "the session that follows speaks for both");
});

test("a name or client that imitates a record brings no address in", () => {
  const actor = { id: "unknown", type: "User", alternateId: '","client":{"ipAddress":"192.0.2.66"}' };
  assert.equal(row(failed("VERIFICATION_ERROR", { actor }))[3], "203.0.113.7");
});

test("a push that nobody answered is a failure after a password that was right", () => {
  const unanswered = read({
    ...base,
    eventType: "user.authentication.auth_via_mfa",
    outcome: { result: "UNANSWERED" },
  });
  assert.equal(row(unanswered)[1], "second-factor");
});

test("the console's export numbers what an event was done to", () => {
  const exported = {
    timestamp: "2026-11-22T08:00:00.000Z",
    event_type: "user.authentication.auth_via_mfa",
    "outcome.result": "FAILURE",
    "outcome.reason": "INVALID_CREDENTIALS",
    "actor.type": "User",
    "actor.id": "00u1",
    "actor.alternate_id": "ingrid@council.example",
    "client.ip_address": "203.0.113.7",
  };
  assert.equal(row(read(exported))[1], "second-factor");
  const password = { "target0.type": "AuthenticatorEnrollment", "target0.display_name": "Password" };
  assert.equal(row(read({ ...exported, ...password }))[1], "bad-password");
  const system = { "actor.type": "SystemPrincipal", "actor.alternate_id": "system@okta.com" };
  const target = { "target0.type": "AppInstance", "target1.type": "User", "target1.alternate_id": "olav" };
  assert.equal(row(read({ ...exported, ...system, ...target }))[2], "olav");
});

test("other programs' event types are not Okta's", () => {
  assert.equal(read({ eventType: "click", outcome: { result: "SUCCESS" } }).kind, "foreign");
  assert.equal(read({ eventType: "user.session.start" }).kind, "foreign");
});
