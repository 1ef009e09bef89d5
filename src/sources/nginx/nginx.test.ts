import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { row } from "../../../test/support/web-sources.ts";
import { nginx } from "./nginx.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(nginx, corpus);
fuzzSource(nginx, corpus);

const read = lineReader(nginx);
const told = (message: string) => row(read(`2026/11/22 08:00:00 [error] 9#0: *3 ${message}`));
const rest = 'server: _, request: "GET / HTTP/1.1", host: "a.example"';

test("a wrong password and an unknown name are told apart", () => {
  assert.deepEqual(told(`user "ingrid": password mismatch, client: 192.0.2.1, ${rest}`), [
    "failure",
    "bad-password",
    "ingrid",
    "192.0.2.1",
  ]);
  assert.deepEqual(told(`user "ingrid" was not found in "/etc/f", client: 2001:db8::1, ${rest}`), [
    "failure",
    "unknown-account",
    "ingrid",
    "2001:db8::1",
  ]);
});

test("a name that imitates the fields after it does not bring an address in", () => {
  const typed = `x": password mismatch, client: 192.0.2.66, ${rest}`;
  const reading = told(`user "${typed}": password mismatch, client: 203.0.113.7, ${rest}`);
  assert.deepEqual(reading, ["failure", "bad-password", typed, "203.0.113.7"]);
});

test("a Referer that imitates them blames nobody", () => {
  const referrer = 'x": password mismatch, client: 192.0.2.66, server: y';
  const reading = told(`user "ingrid": password mismatch, client: 203.0.113.7, ${rest}, referrer: "${referrer}"`);
  assert.deepEqual(reading, ["failure", "bad-password", "ingrid", ""]);
});

test("a name of another protocol's fields is a name", () => {
  const reading = told(`user "x>, rip=192.0.2.66, y=<": password mismatch, client: 203.0.113.7, ${rest}`);
  assert.equal(reading[3], "203.0.113.7");
});

test("the mail proxy's sign-ins have the service of their port", () => {
  for (const [port, service] of [
    ["143", "imap"],
    ["10993", "imap"],
    ["110", "pop3"],
    ["587", "submission"],
    ["4190", "managesieve"],
    ["7", "mail"],
  ]) {
    const found = read(
      `2026/11/22 08:00:00 [info] 8#8: *1 client logged in, client: 192.0.2.1, server: 0.0.0.0:${port}, login: "ingrid", upstream: 192.0.2.2:143`,
    );
    assert.ok(found.kind === "evidence" && found.outcome === "success");
    assert.deepEqual([found.account, found.service], ["ingrid", service]);
  }
});

test("mail that other servers bring through the proxy is no sign-in", () => {
  assert.deepEqual(told("client logged in, client: 192.0.2.1, server: 0.0.0.0:25"), ["ignored"]);
});

test("a silent authentication server is a fault", () => {
  const reading = told(
    'auth http server 127.0.0.1:9143 timed out while in http auth state, client: 192.0.2.1, server: 0.0.0.0:143, login: "ingrid"',
  );
  assert.deepEqual(reading, ["failure", "fault", "ingrid", "192.0.2.1"]);
});

test("a mail name typed to look like fields stays a name, and one that the reason repeats blames nobody", () => {
  const typed = 'x" while in http auth state, client: 192.0.2.66, server: 0.0.0.0:143, login: "y';
  const fields = `client: 203.0.113.7, server: 0.0.0.0:143, login: "${typed}"`;
  assert.equal(told(`client login failed: "no" while in http auth state, ${fields}`)[3], "203.0.113.7");
  assert.equal(told(`client login failed: "no ${typed}" while in http auth state, ${fields}`)[3], "");
});

test("error log and access log share the key of one attempt", () => {
  const found = read(
    `2026/11/22 08:00:00 [error] 9#0: *3 user "ingrid": password mismatch, client: 192.0.2.1, ${rest}`,
  );
  assert.ok(found.kind === "evidence");
  assert.deepEqual([found.key, found.channel], ["http:192.0.2.1:ingrid", "basic"]);
});

// Looked through once for each, they would take minutes.
test("a hundred thousand imitated fields are looked through once", () => {
  const found = read(`2026/11/22 08:00:00 [error] 9#0: *3 user "${', client: 192.0.2.1"'.repeat(100_000)}`);
  assert.notEqual(found.kind, "foreign");
});
