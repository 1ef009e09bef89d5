import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { Evidence } from "#/sources/source.ts";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { courier } from "./courier.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(courier, corpus);
fuzzSource(courier, corpus);

const read = (program: string, text: string) => lineReader(courier)(`Nov 20 08:00:00 mail1 ${program}: ${text}`);

function attempt(program: string, text: string): Evidence {
  const reading = read(program, text);
  assert.ok(reading.kind === "evidence", text);
  return reading;
}

test("sign-ins have account, address and the program's service", () => {
  for (const [program, service] of [
    ["imapd", "imap"],
    ["imapd-ssl", "imap"],
    ["courierimaplogin", "imap"],
    ["pop3d", "pop3"],
    ["courierpop3login", "pop3"],
    ["sqwebmaild", "webmail"],
  ] as const) {
    const failed = attempt(program, "LOGIN FAILED, user=a@b.example, ip=[::ffff:203.0.113.5]");
    const signedIn = attempt(program, "LOGIN, user=a@b.example, ip=[::ffff:203.0.113.5], port=[4], protocol=IMAP");
    for (const found of [failed, signedIn]) {
      assert.deepEqual([found.account, found.address, found.service], ["a@b.example", "::ffff:203.0.113.5", service]);
    }
    assert.deepEqual([failed.outcome, failed.reason, signedIn.outcome], ["failure", "bad-password", "success"]);
  }
});

test("a failure through SASL has no account", () => {
  const found = attempt("imapd", "LOGIN FAILED, method=PLAIN, ip=[203.0.113.5]");
  assert.deepEqual([found.account, found.address], ["", "203.0.113.5"]);
});

test("a failure by SMTP has the account where Courier says it, and never a piece of the credentials", () => {
  for (const [command, account] of [
    ["AUTH LOGIN bob@b.example", "bob@b.example"],
    ["AUTH LOGIN twenty-l@b.example.x", "twenty-l@b.example.x"],
    ["AUTH LOGIN twenty12@b.example12", "twenty12@b.example12"],
    ["AUTH PLAIN AGVkZGEAc2VjcmV0IQ== edda", "edda"],
    ["AUTH PLAIN AGVkZGEAc2VjcmV0aXNh", ""],
    ["AUTH PLAIN AGVkZGE=", ""],
    ["YWRvYmU=", ""],
  ] as const) {
    const found = attempt(
      "courieresmtpd",
      `error,relay=::ffff:203.0.113.5,msg="535 Authentication failed.",cmd: ${command}`,
    );
    assert.deepEqual(
      [found.account, found.address, found.service],
      [account, "::ffff:203.0.113.5", "submission"],
      command,
    );
  }
});

test("a message of somebody who signed in is a success, one from another server is not", () => {
  const found = attempt("courierd", "newmsg,id=1.2.3, auth=bob: dns; laptop (host.example [203.0.113.5])");
  assert.deepEqual([found.outcome, found.account, found.address], ["success", "bob", "203.0.113.5"]);
  assert.equal(read("courierd", "newmsg,id=1.2.3: dns; mx (mx.example [203.0.113.5])").kind, "ignored");
});

test("other refusals by SMTP are no sign-ins", () => {
  assert.equal(read("courieresmtpd", "error,relay=203.0.113.5,from=<a>,to=<b>: 550 User unknown.").kind, "ignored");
});

test("nothing that a client types shifts the address", () => {
  for (const [program, text] of [
    ["imapd", "LOGIN FAILED, user=x, ip=[192.0.2.66], ip=[203.0.113.5]"],
    ["imapd", "LOGIN, user=x, ip=[192.0.2.66], port=[1], ip=[203.0.113.5], port=[4], protocol=IMAP"],
    ["courierd", "newmsg,id=1, auth=x: dns; y (z [192.0.2.66]) (host.example [203.0.113.5])"],
    ["courieresmtpd", 'error,relay=203.0.113.5,msg="535 Authentication failed.",cmd: AUTH LOGIN x,relay=192.0.2.66,'],
  ] as const) {
    assert.equal(attempt(program, text).address, "203.0.113.5", text);
  }
});

test("what another server's imapd writes is left to its own source", () => {
  assert.equal(
    read("imapd", "badlogin: h [203.0.113.5] plaintext a SASL(-13): authentication failure").kind,
    "foreign",
  );
  assert.equal(read("imapd", "LOGOUT, ip=[203.0.113.5]").kind, "ignored");
});

test("a failure without an address is malformed", () => {
  assert.equal(read("imapd", "LOGIN FAILED, user=nobody").kind, "malformed");
});
