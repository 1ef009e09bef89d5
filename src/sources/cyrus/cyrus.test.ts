import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { Evidence } from "#/sources/source.ts";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { cyrus } from "./cyrus.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(cyrus, corpus);
fuzzSource(cyrus, corpus);

const read = (text: string, program = "cyrus/imap[1]") =>
  lineReader(cyrus)(`Nov 20 08:00:00 imap1 ${program}: ${text}`);

function attempt(text: string, program?: string): Evidence {
  const reading = read(text, program);
  assert.ok(reading.kind === "evidence", text);
  return reading;
}

const wrong = "SASL(-13): authentication failure: checkpass failed";

test("failures of Cyrus 2 and 3 have account and address", () => {
  for (const client of ["host.example [203.0.113.5]", "[203.0.113.5]", "host[203.0.113.5]"]) {
    for (const rest of [`plaintext amara ${wrong}`, `plaintext (amara) [${wrong}]`, `PLAIN (amara) [${wrong}]`]) {
      const found = attempt(`badlogin: ${client} ${rest}`);
      assert.deepEqual(
        [found.outcome, found.reason, found.account, found.address, found.service],
        ["failure", "bad-password", "amara", "203.0.113.5", "imap"],
      );
    }
  }
});

test("the program says what service it was", () => {
  for (const [program, service] of [
    ["cyrus/imaps[1]", "imap"],
    ["imap[1]", "imap"],
    ["imapd[1]", "imap"],
    ["cyrus/pop3s[1]", "pop3"],
    ["timsieved[1]", "managesieve"],
    ["sieve[1]", "managesieve"],
    ["cyrus/http[1]", "web"],
  ] as const) {
    assert.equal(attempt(`badlogin: [203.0.113.5] plaintext amara ${wrong}`, program).service, service, program);
  }
});

test("SASL's words and codes give the reason", () => {
  for (const [detail, reason] of [
    ["SASL(-13): user not found: Password verification failed", "unknown-account"],
    ["SASL(-20): user not found", "unknown-account"],
    ["SASL(-1): generic failure", "fault"],
    ["SASL(-24): remote authentication server unavailable", "fault"],
    ["SASL(-14): authorization failure", "policy"],
    ["SASL(-18): passphrase expired", "expired"],
    ["SASL(-19): account disabled", "disabled"],
    ["SASL(-27): account locked", "locked"],
  ] as const) {
    assert.equal(attempt(`badlogin: [203.0.113.5] PLAIN (a) [${detail}]`).reason, reason, detail);
  }
  assert.equal(attempt("badlogin: [203.0.113.5] plaintext nobody invalid user").reason, "unknown-account");
});

test("a mechanism that is not on offer is no attempt", () => {
  assert.equal(read("badlogin: [203.0.113.5] XYZ [SASL(-4): no mechanism available]").kind, "ignored");
});

test("a success has the account before the mechanism", () => {
  for (const text of [
    "login: host.example [203.0.113.5] amara plaintext+TLS User logged in SESSIONID=<x>",
    "login: [203.0.113.5] amara PLAIN User logged in",
    "login: [203.0.113.5] amara plaintext ",
  ]) {
    const found = attempt(text);
    assert.deepEqual([found.outcome, found.account, found.address], ["success", "amara", "203.0.113.5"], text);
  }
});

test("structured events are read with their quoting undone", () => {
  const found = attempt(
    `event=login.bad r.clienthost="h [203.0.113.5]" u.username="a\\"b\\x{e9}" login.mech=PLAIN error="${wrong}"`,
  );
  assert.deepEqual([found.account, found.address, found.reason], ['a"b\u00e9', "203.0.113.5", "bad-password"]);
});

test("nothing that a client types shifts the address", () => {
  for (const text of [
    `badlogin: h [203.0.113.5] plaintext x [192.0.2.66] plaintext y ${wrong}`,
    `badlogin: h [203.0.113.5] x[192.0.2.66] (y) [${wrong}]`,
    `event=login.bad r.clienthost=[203.0.113.5] u.username="x\\" r.clienthost=[192.0.2.66]" error=no`,
    "login: [203.0.113.5] x [192.0.2.66] plaintext User logged in",
  ]) {
    assert.equal(attempt(text).address, "203.0.113.5", text);
  }
});

test("a name that looks like a reason does not turn an attack into a fault", () => {
  for (const text of [
    "badlogin: [203.0.113.5] PLAIN [SASL(-13): user not found: user: SASL(-1): x property: p not found in sasldb]",
    `badlogin: [203.0.113.5] plaintext SASL(-1): x ${wrong}`,
    `badlogin: [203.0.113.5] plaintext (x) [SASL(-1): y]) [${wrong}]`,
  ]) {
    assert.notEqual(attempt(text).reason, "fault", text);
  }
});

test("servers that sign in to each other are no sign-ins", () => {
  assert.equal(read("login: [local] lmtpd EXTERNAL User logged in", "cyrus/lmtpunix[1]").kind, "ignored");
});

test("what another server's imapd writes is left to its own source", () => {
  assert.equal(read("LOGIN FAILED, user=amara, ip=[203.0.113.5]", "imapd[1]").kind, "foreign");
  assert.equal(read("SQUAT returned 3 messages", "cyrus/imap[1]").kind, "ignored");
});

test("a failure without an address is malformed", () => {
  assert.equal(read("badlogin: nothing here").kind, "malformed");
});
