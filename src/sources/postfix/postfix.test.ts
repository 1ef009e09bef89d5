import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { Evidence } from "#/sources/source.ts";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { postfix } from "./postfix.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(postfix, corpus);
fuzzSource(postfix, corpus);

const read = (text: string, program = "postfix/submission/smtpd[7676]") =>
  lineReader(postfix)(`Nov 20 08:00:00 mx1 ${program}: ${text}`);

function attempt(text: string): Evidence {
  const reading = read(text);
  assert.ok(reading.kind === "evidence", text);
  return reading;
}

const client = "unknown[203.0.113.5]";
const failed = (why: string) => attempt(`warning: ${client}: SASL PLAIN authentication failed: ${why}`);

test("a SASL failure has the address and, where Postfix says it, the account", () => {
  for (const program of [
    "postfix/smtpd[1]",
    "postfix/submission/smtpd[1]",
    "postfix/submissions/smtpd[1]",
    "postfix/smtps/smtpd[1]",
    "postfix-in/smtpd[1]",
  ]) {
    const found = read(
      `warning: ${client}: SASL PLAIN authentication failed: authentication failure, sasl_username=a@b.example`,
      program,
    );
    assert.ok(found.kind === "evidence", program);
    assert.deepEqual(
      [found.outcome, found.reason, found.account, found.address, found.service],
      ["failure", "bad-password", "a@b.example", "203.0.113.5", "submission"],
    );
  }
  assert.equal(failed("UGFzc3dvcmQ6, sasl_username=(unavailable)").account, "");
});

test("PLAIN and then LOGIN on one connection share the key and have a channel each", () => {
  const plain = attempt(`warning: ${client}: SASL PLAIN authentication failed: no`);
  const login = attempt(`warning: ${client}: SASL login authentication failed: UGFzc3dvcmQ6`);
  assert.equal(plain.key, "postfix:mx1:7676:203.0.113.5");
  assert.equal(plain.key, login.key);
  assert.deepEqual([plain.channel, login.channel], ["PLAIN", "LOGIN"]);
});

test("the connection's key ends when it closes and when the next begins", () => {
  assert.deepEqual(read(`connect from ${client}`), { kind: "ended", key: "postfix:mx1:7676:203.0.113.5" });
  assert.deepEqual(read(`disconnect from ${client} ehlo=1 quit=1 commands=2`), {
    kind: "ended",
    key: "postfix:mx1:7676:203.0.113.5",
  });
});

test("the summary never counts more attempts than there surely were", () => {
  for (const [auth, count] of [
    ["0/1", 1],
    ["0/2", 1],
    ["0/3", 1],
    ["0/4", 2],
  ] as const) {
    const found = attempt(`disconnect from ${client} ehlo=1 auth=${auth} quit=1 commands=2/3`);
    assert.deepEqual(
      [found.outcome, found.count, found.channel, found.ends],
      ["failure", count, "summary", true],
      auth,
    );
  }
});

test("a success of which no message came stands in the summary", () => {
  const found = attempt(`disconnect from ${client} ehlo=2 starttls=1 auth=1 quit=1 commands=5`);
  assert.deepEqual([found.outcome, found.reason, found.account, found.address], ["success", "", "", "203.0.113.5"]);
});

test("trouble of the SASL service is a fault and a refused mechanism is no attempt", () => {
  for (const why of [
    "Connection lost to authentication server",
    "Can't connect to authentication server",
    "Authentication backend error",
    "generic failure",
    "Temporary authentication failure. [mx1:2026-11-20 08:00:26]",
    "remote authentication server unavailable",
  ]) {
    assert.equal(failed(why).reason, "fault", why);
  }
  assert.equal(
    read(`warning: ${client}: SASL NTLM authentication failed: Invalid authentication mechanism: 'NTLM'`).kind,
    "ignored",
  );
});

test("the messages of one signed-in connection have different channels of one key, so that they count as one", () => {
  const [first, second] = ["4F1qX2", "4F1qX3"].map((id) =>
    attempt(`${id}: client=${client}, sasl_method=PLAIN, sasl_username=amara`),
  );
  assert.equal(first?.key, second?.key);
  assert.notEqual(first?.channel, second?.channel);
  assert.deepEqual([first?.outcome, first?.account, first?.address], ["success", "amara", "203.0.113.5"]);
});

test("what follows the account of a success is not part of it", () => {
  for (const rest of [
    "",
    ", sasl_sender=a+40b",
    ", sasl_sender=a, orig_queue_id=4F1",
    ", orig_queue_id=4F1, orig_client=x[192.0.2.66]",
    ", orig_client=x[192.0.2.66]",
  ]) {
    assert.equal(
      attempt(`4F1qX2: client=${client}, sasl_method=PLAIN, sasl_username=amara${rest}`).account,
      "amara",
      rest,
    );
  }
});

test("nothing that a client types shifts the address or makes a failure", () => {
  const mechanism = attempt(`warning: ${client}: SASL [192.0.2.66]: authentication failed: no`);
  assert.deepEqual([mechanism.address, mechanism.channel], ["203.0.113.5", "other"]);
  const account = failed("no, sasl_username=x[192.0.2.66]: SASL LOGIN authentication failed: , sasl_username=y");
  assert.deepEqual(
    [account.address, account.account],
    ["203.0.113.5", "x[192.0.2.66]: SASL LOGIN authentication failed: , sasl_username=y"],
  );
  for (const text of [
    `warning: non-SMTP command from ${client}: x[192.0.2.66]: SASL LOGIN authentication failed: no`,
    `warning: ${client}: x: SASL LOGIN authentication failed: no`,
    `NOQUEUE: reject: RCPT from ${client}: 550; proto=ESMTP helo=<: client=a[192.0.2.66], sasl_username=amara>`,
  ]) {
    assert.equal(read(text).kind, "ignored", text);
  }
});

test("Postfix's other programs have no sign-ins", () => {
  const text = "warning: SASL authentication failed; server relay.example[192.0.2.99] said: 535 no";
  assert.equal(read(text, "postfix/smtp[1]").kind, "ignored");
  assert.equal(read(`warning: ${client}: SASL PLAIN authentication failed: no`, "postfix/smtp[1]").kind, "ignored");
});

test("a failure without an address is malformed", () => {
  assert.deepEqual(read("warning: unknown[]: SASL PLAIN authentication failed: no"), {
    kind: "malformed",
    why: "no [address] after the client's name",
  });
});
