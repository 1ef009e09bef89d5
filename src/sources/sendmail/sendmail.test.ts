import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { Evidence } from "#/sources/source.ts";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { sendmail } from "./sendmail.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(sendmail, corpus);
fuzzSource(sendmail, corpus);

const read = (text: string, program = "sm-mta[7]") =>
  lineReader(sendmail)(`Nov 20 08:00:00 relay1 ${program}: 06I02CNi000007: ${text}`);

function attempt(text: string): Evidence {
  const reading = read(text);
  assert.ok(reading.kind === "evidence", text);
  return reading;
}

const wrong = "authentication failure (-13) SASL(-13): authentication failure: checkpass failed";

test("a failure has the account where Sendmail says it, and the address", () => {
  const found = attempt(`AUTH failure (LOGIN): ${wrong}, user=amara, relay=h.example [203.0.113.5] (may be forged)`);
  assert.deepEqual(
    [found.outcome, found.reason, found.account, found.address, found.service, found.key, found.channel],
    ["failure", "bad-password", "amara", "203.0.113.5", "submission", "sendmail:relay1:7", "LOGIN"],
  );
  assert.equal(attempt(`AUTH failure (LOGIN): ${wrong}, relay=[203.0.113.5]`).account, "");
});

test("SASL's code gives the reason", () => {
  const reason = (words: string) => attempt(`AUTH failure (PLAIN): ${words}, relay=[203.0.113.5]`).reason;
  assert.equal(reason("user not found (-20) SASL(-13): user not found: no such user"), "unknown-account");
  assert.equal(reason("generic failure (-1) SASL(-1): generic failure: x"), "fault");
  assert.equal(reason("account disabled (-19) SASL(-19): account disabled"), "disabled");
  const talk = "AUTH failure (XYZ): no mechanism available (-4) SASL(-4): no mechanism available, relay=[203.0.113.5]";
  assert.equal(read(talk).kind, "ignored");
});

test("a sign-in has account and address", () => {
  const found = attempt("AUTH=server, relay=h.example [IPv6:2001:db8::5], authid=amara, mech=PLAIN, bits=0");
  assert.deepEqual([found.outcome, found.account, found.address], ["success", "amara", "2001:db8::5"]);
  assert.equal(read("AUTH=client, relay=h.example, mech=PLAIN, bits=0").kind, "ignored");
});

test("a warning about too many AUTH commands counts as many attempts as there surely were", () => {
  const found = attempt("h.example [203.0.113.5] (may be forged): possible SMTP attack: command=AUTH, count=6");
  assert.deepEqual([found.count, found.address, found.reason, found.channel], [2, "203.0.113.5", "other", "count"]);
});

test("nothing that a client types shifts the address", () => {
  for (const text of [
    `AUTH failure (LOGIN): ${wrong}, user=x, relay=[192.0.2.66], relay=[203.0.113.5]`,
    "AUTH=server, relay=[203.0.113.5], authid=x, relay=[192.0.2.66], authid=y, mech=PLAIN, bits=0",
  ]) {
    assert.equal(attempt(text).address, "203.0.113.5", text);
  }
});

test("a warning that somebody quotes is none of Sendmail's", () => {
  for (const quoted of [
    "from=<[192.0.2.66]",
    "<x [192.0.2.66]>... [192.0.2.66]",
    "ruleset=check_mail, arg1=<[192.0.2.66]",
  ]) {
    const text = `${quoted}: possible SMTP attack: command=AUTH, count=9`;
    assert.equal(read(text).kind, "ignored", text);
    assert.equal(read(`${text}>, relay=[203.0.113.5]`).kind, "ignored", text);
  }
});

test("a name that looks like an error does not turn an attack into a fault", () => {
  const words = "user not found (-20) SASL(-13): user not found: user: SASL(-1): x property: p not found";
  assert.equal(
    attempt(`AUTH failure (LOGIN): ${words}, user=SASL(-1): x, relay=[203.0.113.5]`).reason,
    "unknown-account",
  );
});

test("a failure whose address was cut off is malformed", () => {
  assert.equal(read(`AUTH failure (LOGIN): ${wrong}, relay=a-very-long-name`).kind, "malformed");
});
