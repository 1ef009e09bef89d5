import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { row } from "../../../test/support/web-sources.ts";
import { apache } from "./apache.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(apache, corpus);
fuzzSource(apache, corpus);

const read = lineReader(apache);
const line = (message: string): string =>
  `[Sun Nov 22 08:00:00.123456 2026] [auth_basic:error] [pid 812] [client 203.0.113.7:51386] ${message}`;
const told = (message: string) => row(read(line(message)));

test("a wrong password and an unknown name are told apart, in 2.2 and 2.4", () => {
  const mismatch = 'user ingrid: authentication failure for "/": Password Mismatch';
  for (const message of [mismatch, `AH01617: ${mismatch}`])
    assert.deepEqual(told(message), ["failure", "bad-password", "ingrid", "203.0.113.7"]);
  for (const message of ["user olave not found: /", "AH01618: user olave not found: /"])
    assert.deepEqual(told(message), ["failure", "unknown-account", "olave", "203.0.113.7"]);
});

test("an address that a path or a name imitates is not read", () => {
  assert.equal(told("AH01618: user x [client 192.0.2.66] not found: /")[3], "203.0.113.7");
  assert.deepEqual(told("File does not exist: /srv/[client 192.0.2.66] user root not found"), ["ignored"]);
});

test("an IPv6 client is read with and without brackets and port", () => {
  for (const client of ["[2001:db8::7]:51386", "2001:db8::7"]) {
    const found = read(`[Sun Nov 22 08:00:00 2026] [error] [client ${client}] user olave not found: /`);
    assert.equal(row(found)[3], "2001:db8::7");
  }
});

test("what the provider and the module above it say of one attempt shares a key on two channels", () => {
  const ldap = read(
    line("AH01695: auth_ldap authenticate: user ingrid authentication failed; URI / [x][Invalid credentials]"),
  );
  const basic = read(line('AH01617: user ingrid: authentication failure for "/": Password Mismatch'));
  assert.ok(ldap.kind === "evidence" && basic.kind === "evidence");
  assert.equal(ldap.key, basic.key);
  assert.notEqual(ldap.channel, basic.channel);
});

test("a directory that does not answer is a fault", () => {
  const reading = told(
    "AH01695: auth_ldap authenticate: user ingrid authentication failed; URI / [x][Can't contact LDAP server]",
  );
  assert.deepEqual(reading.slice(0, 2), ["failure", "fault"]);
});

test("a refusal of addresses and paths is no sign-in", () => {
  assert.deepEqual(told("AH01630: client denied by server configuration: /srv/www"), ["ignored"]);
});

test("a stale nonce is everyday, a forged one an attempt", () => {
  assert.deepEqual(told("AH01776: invalid nonce x received - hash is not y"), ["ignored"]);
  assert.deepEqual(told("AH01777: invalid nonce x received - user attempted time travel"), [
    "failure",
    "other",
    "",
    "203.0.113.7",
  ]);
});
