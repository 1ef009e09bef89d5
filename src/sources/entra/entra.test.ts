import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { objectReader, testCorpus } from "../../../test/support/corpus.ts";
import { fuzzObjects, row } from "../../../test/support/web-sources.ts";
import { entra } from "./entra.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(entra, corpus);
fuzzObjects(entra, corpus);

const read = objectReader(entra);
const base = {
  createdDateTime: "2026-11-22T08:00:00Z",
  userPrincipalName: "ingrid@council.example",
  ipAddress: "203.0.113.7",
  clientAppUsed: "Browser",
  isInteractive: true,
};
const told = (errorCode: number, more: object = {}) =>
  row(read({ ...base, status: { errorCode, failureReason: "Other." }, ...more }));

test("each error code has its reason", () => {
  for (const [code, reason] of [
    [50126, "bad-password"],
    [50034, "unknown-account"],
    [50053, "locked"],
    [50057, "disabled"],
    [50055, "expired"],
    [50074, "second-factor"],
    [50076, "second-factor"],
    [50079, "second-factor"],
    [500121, "second-factor"],
    [50158, "second-factor"],
    [53003, "policy"],
    [80002, "fault"],
    [50001, "other"],
  ] as const)
    assert.deepEqual(told(code), ["failure", reason, "ingrid@council.example", "203.0.113.7"]);
});

test("pages and tokens on the way to a sign-in are ignored", () => {
  for (const code of [65001, 70044, 50140, 50125, 16000, 50058, 81010, 700082])
    assert.deepEqual(told(code), ["ignored"]);
});

test("an address with a bad name was blocked, and no account locked", () => {
  const status = { errorCode: 50053, failureReason: "Blocked: it came from an IP address with malicious activity." };
  assert.equal(row(read({ ...base, status }))[1], "policy");
});

test("a token's unknown trouble is none of a person's", () => {
  assert.deepEqual(told(50001, { isInteractive: false }), ["ignored"]);
  assert.equal(told(50126, { isInteractive: false })[1], "bad-password");
});

test("a password that was right, and a second factor refused twice, is one attempt", () => {
  const asked = read({ ...base, correlationId: "c1", status: { errorCode: 50074 } });
  const refused = read({ ...base, correlationId: "c1", status: { errorCode: 500121 } });
  assert.ok(asked.kind === "evidence" && refused.kind === "evidence");
  assert.equal(asked.key, refused.key);
  assert.notEqual(asked.channel, refused.channel);
  const wrong = read({ ...base, correlationId: "c1", status: { errorCode: 50126 } });
  assert.ok(wrong.kind === "evidence" && wrong.key === "", "each wrong password counts, on one page too");
});

test("the portal's table of a success has no code, of a failure it must", () => {
  const table = { "Date (UTC)": "2026-11-22T08:00:00Z", Username: "ingrid", "IP address": "203.0.113.7" };
  assert.deepEqual(row(read({ ...table, Status: "Success", "Sign-in error code": "" })), [
    "success",
    "",
    "ingrid",
    "203.0.113.7",
  ]);
  assert.deepEqual(row(read({ ...table, Status: "Failure", "Sign-in error code": "" })), [
    "malformed",
    "no error code",
  ]);
});

test("a user agent or a name that imitates a record brings no address in", () => {
  const userAgent = '","ipAddress":"192.0.2.66';
  assert.equal(told(50126, { userAgent, userPrincipalName: "x ipAddress=192.0.2.66" })[3], "203.0.113.7");
});

test("mail protocols are told from single sign-on", () => {
  for (const [clientAppUsed, service] of [
    ["IMAP4", "imap"],
    ["POP3", "pop3"],
    ["Authenticated SMTP", "submission"],
    ["Exchange ActiveSync", "activesync"],
    ["Browser", "sso"],
  ]) {
    const reading = read({ ...base, clientAppUsed, status: { errorCode: 0 } });
    assert.ok(reading.kind === "evidence");
    assert.equal(reading.service, service);
  }
});
