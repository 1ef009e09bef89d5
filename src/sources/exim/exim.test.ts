import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { Evidence } from "#/sources/source.ts";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { exim } from "./exim.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(exim, corpus);
fuzzSource(exim, corpus);

const read = (text: string) => lineReader(exim)(text);
const main = (text: string) => read(`2026-11-20 08:00:00 ${text}`);

function attempt(text: string): Evidence {
  const reading = main(text);
  assert.ok(reading.kind === "evidence", text);
  return reading;
}

const wrong = "535 Incorrect authentication data (set_id=amara)";

test("a failed authenticator has account and address however the client is written", () => {
  for (const client of [
    "(User) [203.0.113.5]",
    "host.example (User) [203.0.113.5]",
    "host.example [203.0.113.5]:4711",
    "[203.0.113.5]",
    "([192.0.2.66]) [203.0.113.5]:4711 I=[192.0.2.10]:587",
    "H=host.example (User) [203.0.113.5]:4711 I=[192.0.2.10]:465 Ci=30416",
  ]) {
    const found = attempt(`dovecot_login authenticator failed for ${client}: ${wrong}`);
    assert.deepEqual(
      [found.outcome, found.reason, found.account, found.address, found.service, found.channel],
      ["failure", "bad-password", "amara", "203.0.113.5", "submission", "dovecot_login"],
      client,
    );
  }
});

test("failures of one connection share a key where the log tells connections apart", () => {
  assert.equal(attempt(`plain authenticator failed for [203.0.113.5]:4711: ${wrong}`).key, "exim:203.0.113.5:4711");
  assert.equal(attempt(`[77] plain authenticator failed for [203.0.113.5]: ${wrong}`).key, "exim::77:203.0.113.5");
  assert.equal(attempt(`plain authenticator failed for [203.0.113.5]: ${wrong}`).key, "");
});

test("a directory that does not answer is a fault, and a client that gives up no attempt", () => {
  const found = attempt(
    "login authenticator failed for [203.0.113.5]: 435 Unable to authenticate at present (set_id=amara): timed out (x)",
  );
  assert.deepEqual([found.reason, found.account], ["fault", "amara"]);
  assert.equal(main("login authenticator failed for [203.0.113.5]: 501 Authentication cancelled").kind, "ignored");
});

test("a message of somebody who signed in is a success, once for a connection", () => {
  const line = "<= a@b.example H=(x) [203.0.113.5]:4711 P=esmtpsa X=TLS1.3:y:256 CV=no A=login:amara S=1";
  const [first, second] = ["1tDxyz-0001AB-CD", "1tDxyz-0001AB-CE"].map((id) => attempt(`${id} ${line}`));
  assert.deepEqual([first?.outcome, first?.account, first?.address], ["success", "amara", "203.0.113.5"]);
  assert.equal(first?.key, second?.key);
  assert.notEqual(first?.channel, second?.channel);
});

test("a session that signed in and sent nothing is a success", () => {
  const found = attempt("no MAIL in SMTP connection from (x) [203.0.113.5] D=1s A=login:amara C=EHLO,AUTH,QUIT");
  assert.deepEqual([found.outcome, found.account, found.address], ["success", "amara", "203.0.113.5"]);
});

test("nothing that a client types shifts the address or makes a success", () => {
  for (const text of [
    `login authenticator failed for (x) [203.0.113.5]: 535 Incorrect authentication data (set_id=y) [192.0.2.66]: ${wrong}`,
    `login authenticator failed for (x) [192.0.2.66]) [203.0.113.5]: ${wrong}`,
  ]) {
    assert.equal(attempt(text).address, "203.0.113.5", text);
  }
  for (const text of [
    '<= "x H=y [192.0.2.66] P=esmtpsa A=login:amara"@z H=mx [203.0.113.5] P=esmtps S=1',
    "<= a@b H=mx [203.0.113.5] U=x P=esmtpsa A=login:amara P=esmtps S=1",
    '<= a@b H=mx [203.0.113.5] P=esmtps X=y SNI="z" A=login:amara" S=1',
    "=> a@b R=r T=t H=mx [203.0.113.5] A=login",
  ]) {
    assert.equal(main(`1tDxyz-0001AB-CD ${text}`).kind, "ignored", text);
  }
});

test("syslog is read with or without Exim's own time and process id", () => {
  for (const prefix of ["", "2026-11-20 09:02:01 ", "2026-11-20 09:02:01 [77] ", "[77] "]) {
    const reading = read(
      `Nov 20 08:00:00 mx1 exim[77]: ${prefix}login authenticator failed for [203.0.113.5]: ${wrong}`,
    );
    assert.ok(reading.kind === "evidence", prefix);
    assert.deepEqual([reading.at, reading.key], [Date.UTC(2026, 10, 20, 8), "exim:mx1:77:203.0.113.5"], prefix);
  }
});

test("times of the main log may have a fraction and a zone", () => {
  for (const [stamp, expected] of [
    ["2026-11-20 08:00:00", "2026-11-20T08:00:00.000Z"],
    ["2026-11-20 08:00:00.345", "2026-11-20T08:00:00.345Z"],
    ["2026-11-20 08:00:00 +0100", "2026-11-20T07:00:00.000Z"],
    ["2026-11-20 08:00:00.345 -0500", "2026-11-20T13:00:00.345Z"],
  ] as const) {
    const reading = read(`${stamp} login authenticator failed for [203.0.113.5]: ${wrong}`);
    assert.ok(reading.kind === "evidence", stamp);
    assert.equal(new Date(reading.at).toISOString(), expected);
  }
});

test("a failure without an address is malformed and other logs are foreign", () => {
  assert.equal(main("login authenticator failed for nobody").kind, "malformed");
  assert.equal(main("Accepted password for amara").kind, "foreign");
  assert.equal(read("nothing").kind, "foreign");
});
