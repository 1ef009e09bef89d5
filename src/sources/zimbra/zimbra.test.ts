import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { Evidence } from "#/sources/source.ts";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { zimbra } from "./zimbra.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(zimbra, corpus);
fuzzSource(zimbra, corpus);

function witness(context: string, words: string, thread = "qtp1-2:https://mail.example.org/service/soap/"): Evidence {
  const reading = lineReader(zimbra)(`2026-11-23 08:00:00,616 WARN  [${thread}] [${context}] ${words}`);
  assert.ok(reading.kind === "evidence", words);
  return reading;
}

const refused = "SoapEngine - handler exception: authentication failed for [jane], invalid password";

test("an address field that holds more than an address is none", () => {
  const found = witness(
    "ip=ua=x;;] security - cmd=Auth;;soapId=1;",
    "security - cmd=Auth; account=jane; protocol=soap;",
  );
  assert.equal(found.address, "");
});

test("audit.log and mailbox.log are held together by the request", () => {
  const own = witness("oip=192.0.2.1;soapId=9f;", refused);
  const audit = witness(
    "oip=192.0.2.1;soapId=9f;",
    "security - cmd=Auth; account=jane; protocol=soap; error=authentication failed for [jane], invalid password;",
  );
  assert.equal(own.key, audit.key);
  assert.notEqual(own.channel, audit.channel);
});

test("a client's name that imitates the line's fields does not shift the address or the outcome", () => {
  const agent = "x;] [oip=192.0.2.66;] security - cmd=Auth; account=root; protocol=soap;".replaceAll(";", ";;");
  const found = witness(`oip=203.0.113.9;ua=${agent};soapId=1;`, refused);
  assert.equal(found.address, "203.0.113.9");
  assert.equal(found.outcome, "failure");
  assert.equal(found.account, "jane");
});

test("a name that imitates a reason does not shift it", () => {
  const found = witness(
    "oip=192.0.2.1;soapId=1;",
    "SoapEngine - handler exception: authentication failed for [x], account lockout [y], invalid password",
  );
  assert.equal(found.reason, "bad-password");
  assert.equal(found.account, "x], account lockout [y");
});

test("an origin that an IMAP client gives by itself is not believed, one that a proxy gives is", () => {
  const words = "account - authentication failed for x (no such account)";
  assert.equal(witness("ip=203.0.113.9;oip=192.0.2.66;", words, "ImapSSLServer-1").address, "203.0.113.9");
  assert.equal(
    witness("ip=198.51.100.5;oip=192.0.2.7;via=198.51.100.5(nginx/1.20);", words, "ImapSSLServer-1").address,
    "192.0.2.7",
  );
});

test("the remark that an account is locked now is no attempt of its own", () => {
  const line =
    "2026-11-23 08:02:20,100 INFO  [Pop3SSLServer-3] [ip=192.0.2.13;] security - cmd=Auth; account=lena@example.org; error=account lockout due to too many failed logins;";
  assert.equal(lineReader(zimbra)(line).kind, "ignored");
});
