import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { objectReader, testCorpus } from "../../../test/support/corpus.ts";
import { fuzzObjects, row } from "../../../test/support/web-sources.ts";
import { google } from "./google.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(google, corpus);
fuzzObjects(google, corpus);

const read = objectReader(google);
type Parameter = { readonly name: string; readonly value?: string; readonly multiValue?: readonly string[] };

function activity(name: string, parameters: readonly Parameter[], applicationName = "login", email = "ingrid") {
  return {
    kind: "admin#reports#activity",
    id: { time: "2026-11-22T08:00:00.000Z", applicationName },
    actor: { email },
    ipAddress: "203.0.113.7",
    events: [{ type: "login", name, parameters }],
  };
}

const asked = (...multiValue: string[]): Parameter => ({ name: "login_challenge_method", multiValue });

test("a success is one, a failure says why", () => {
  assert.deepEqual(row(read(activity("login_success", []))), ["success", "", "ingrid", "203.0.113.7"]);
  assert.deepEqual(row(read(activity("login_failure", []))), ["failure", "bad-password", "ingrid", "203.0.113.7"]);
  const disabled = { name: "login_failure_type", value: "login_failure_account_disabled" };
  assert.equal(row(read(activity("login_failure", [disabled])))[1], "disabled");
});

test("the passwords that one visit tried count each", () => {
  const reading = read(activity("login_failure", [asked("password", "password", "password")]));
  assert.ok(reading.kind === "evidence");
  assert.equal(reading.count, 3);
});

test("what was asked for after the password says that the password was right", () => {
  assert.equal(row(read(activity("login_failure", [asked("password", "google_prompt")])))[1], "second-factor");
});

test("a challenge counts where it was not met, and waits for the failure that it led to", () => {
  const status = (value: string): Parameter => ({ name: "login_challenge_status", value });
  assert.equal(read(activity("login_challenge", [status("Challenge Passed")])).kind, "ignored");
  const unmet = read(activity("login_challenge", [status("Challenge Failed")]));
  const failure = read(activity("login_failure", []));
  assert.ok(unmet.kind === "evidence" && failure.kind === "evidence");
  assert.ok(unmet.hold && !failure.hold);
  assert.equal(unmet.key, failure.key);
  assert.equal(unmet.reason, "second-factor");
});

test("other applications count as signed in to, never as failures of a password", () => {
  assert.equal(row(read(activity("login_success", [], "saml")))[0], "success");
  assert.equal(read(activity("login_failure", [], "saml")).kind, "ignored");
  assert.equal(read(activity("login_failure", [], "chrome")).kind, "ignored");
});

test("a Chromebook's sign-in is its user's, a kiosk's is nobody's", () => {
  const at = (name: string, user: string, why = "AUTHENTICATION_ERROR") =>
    row(
      read(
        activity(
          name,
          [
            { name: "DEVICE_USER", value: user },
            { name: "LOGIN_FAILURE_REASON", value: why },
          ],
          "chrome",
        ),
      ),
    );
  assert.deepEqual(at("CHROME_OS_LOGIN_FAILURE_EVENT", "ingrid"), ["failure", "bad-password", "ingrid", ""]);
  assert.equal(at("CHROME_OS_LOGIN_FAILURE_EVENT", "ingrid", "TPM_ERROR")[1], "fault");
  assert.equal(at("CHROME_OS_LOGIN_EVENT", "ingrid")[0], "success");
  assert.deepEqual(at("CHROME_OS_LOGIN_EVENT", "-"), ["ignored"]);
  assert.deepEqual(at("CHROME_OS_LOGOUT_EVENT", "ingrid"), ["ignored"]);
});

test("the console's export is read, its times with their zone", () => {
  const exported = { Event: "Failed login", Actor: "ingrid", "IP address": "203.0.113.7" };
  for (const [Date_, at] of [
    ["2026-11-22T09:00:00+01:00", "2026-11-22T08:00:00.000Z"],
    ["Nov 22, 2026, 8:00:00 AM UTC", "2026-11-22T08:00:00.000Z"],
    ["Nov 22, 2026, 8:00:00 PM GMT-5", "2026-11-23T01:00:00.000Z"],
    ["Nov 22, 2026, 12:30:00\u202fAM GMT+5:30", "2026-11-21T19:00:00.000Z"],
  ]) {
    const reading = read({ ...exported, Date: Date_ });
    assert.ok(reading.kind === "evidence");
    assert.equal(new Date(reading.at).toISOString(), at);
  }
  assert.equal(read({ ...exported, Date: "Nov 22, 2026, 8:00:00 AM PST" }).kind, "malformed");
});

test("what exporters make of an activity is the same sign-in", () => {
  const told = ["failure", "bad-password", "ingrid", "203.0.113.7"];
  const original = activity("login_failure", []);
  const elastic = { google_workspace: {}, source: { ip: "203.0.113.7", user: { email: "ingrid" } } };
  const event = { action: "login_failure", provider: "login" };
  for (const exported of [
    { ...original, events: original.events[0] ?? {} },
    { ...elastic, event: { ...event, original: JSON.stringify(original) } },
    { ...elastic, event, "@timestamp": "2026-11-22T08:00:00.000Z" },
    {
      "id.applicationName": "login",
      "id.time": "2026-11-22T08:00:00.000Z",
      "actor.email": "ingrid",
      ipAddress: "203.0.113.7",
      name: "login_failure",
    },
    {
      record_type: "login",
      event_name: "login_failure",
      email: "ingrid",
      ip_address: "203.0.113.7",
      time_usec: "1795334400000000",
    },
  ]) {
    const reading = read(exported);
    assert.deepEqual(row(reading), told);
    assert.ok(reading.kind === "evidence");
    assert.equal(new Date(reading.at).toISOString(), "2026-11-22T08:00:00.000Z");
  }
});

test("a mail program that Google turned away is a refusal of whose account it was", () => {
  const affected = { name: "affected_email_address", value: "olav" };
  const turned = read(activity("suspicious_programmatic_login", [affected]));
  assert.deepEqual(row(turned), ["failure", "policy", "olav", "203.0.113.7"]);
  assert.equal(read(activity("suspicious_login", [affected])).kind, "ignored");
});

test("a name that imitates a record brings no address in", () => {
  const reading = read(activity("login_failure", [], "login", '","ipAddress":"192.0.2.66'));
  assert.equal(row(reading)[3], "203.0.113.7");
});
