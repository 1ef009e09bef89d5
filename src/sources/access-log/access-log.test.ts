import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { row } from "../../../test/support/web-sources.ts";
import type { SignIn } from "#/signin/signin.ts";
import { nginx } from "#/sources/nginx/nginx.ts";
import { Join } from "#/sources/reading/join.ts";
import { accessLog } from "./access-log.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(accessLog, corpus);
fuzzSource(accessLog, corpus);

const read = lineReader(accessLog);
const line = (user: string, request: string, status: number): string =>
  `203.0.113.7 - ${user} [22/Nov/2026:08:00:00 +0000] "${request}" ${status} 17 "-" "agent"`;
const told = (user: string, request: string, status: number) => row(read(line(user, request, status)));

test("a 401 without a name is the server's question, one with a name an attempt", () => {
  assert.deepEqual(told("-", "GET /private/ HTTP/1.1", 401), ["ignored"]);
  assert.deepEqual(told("ingrid", "GET /private/ HTTP/1.1", 401), ["failure", "bad-password", "ingrid", "203.0.113.7"]);
});

test("a name on an answer of 200 is no success where nginx may have asked for none", () => {
  assert.deepEqual(told("ingrid", "GET /index.html HTTP/1.1", 200), ["ignored"]);
  assert.deepEqual(told("ingrid", "GET /remote.php/dav/public-files/x HTTP/1.1", 200), ["ignored"]);
  assert.deepEqual(told("ingrid", "PROPFIND /remote.php/dav/ HTTP/1.1", 207), ["success", "", "ingrid", "203.0.113.7"]);
  assert.deepEqual(told("ingrid", "OPTIONS /SOGo/dav/ingrid/ HTTP/1.1", 200), ["ignored"]);
});

test("a redirect after a form is a success only for applications that redirect nobody else", () => {
  assert.deepEqual(told("-", "POST /wp-login.php HTTP/1.1", 302), ["success", "", "", "203.0.113.7"]);
  assert.deepEqual(told("-", "POST /wp-login.php HTTP/1.1", 200), ["failure", "bad-password", "", "203.0.113.7"]);
  assert.deepEqual(told("-", "POST /index.php/login HTTP/1.1", 303), ["ignored"]);
  assert.deepEqual(told("-", "POST /login HTTP/1.1", 403), ["failure", "bad-password", "", "203.0.113.7"]);
});

test("an encoded dot, a parameter and a second slash do not hide a form", () => {
  for (const target of [
    "/wp-login%2Ephp",
    "//wp-login.php",
    "/wp-login.php/",
    "/WP-LOGIN.php;x=y",
    "/wp-login.php?xaction=rp",
  ])
    assert.equal(told("-", `POST ${target} HTTP/1.1`, 200)[0], "failure", target);
  assert.deepEqual(told("-", "POST /wp-login.php?a=b&action=rp HTTP/1.1", 302), ["ignored"]);
});

test("a form that the server could not serve is a fault", () => {
  assert.deepEqual(told("-", "POST /SOGo/connect HTTP/1.1", 503), ["failure", "fault", "", "203.0.113.7"]);
});

test("a name that imitates the rest of the line shifts nothing", () => {
  const found = read(
    '203.0.113.66 - a [22/Nov/2026:08:00:00 +0000] \\x22GET /\\x22 200 1 192.0.2.66 - b [22/Nov/2026:08:00:01 +0000] "GET / HTTP/1.1" 401 5',
  );
  assert.equal(found.kind === "evidence" && found.address, "203.0.113.66");
  assert.equal(found.kind === "evidence" && new Date(found.at).toISOString(), "2026-11-22T08:00:01.000Z");
});

test("a request and an agent with quotes in them end where the server says", () => {
  const found = read('203.0.113.66 - a [22/Nov/2026:08:00:00 +0000] "GET /\\" 200 1 HTTP/1.1" 401 5 "-" "x\\"y"');
  assert.deepEqual(row(found), ["failure", "bad-password", "a", "203.0.113.66"]);
  assert.equal(found.kind === "evidence" && found.client, 'x"y');
});

test("a list of forwarders in the place of the address is not taken for one", () => {
  assert.deepEqual(row(read('192.0.2.66, 203.0.113.66 - a [22/Nov/2026:08:00:00 +0000] "GET / HTTP/1.1" 401 5')), [
    "malformed",
    "no client address",
  ]);
});

test("the error log may tell the same attempt: the key is shared and the access log waits", () => {
  const found = read(line("ingrid", "GET / HTTP/1.1", 401));
  assert.ok(found.kind === "evidence" && found.hold);
  assert.deepEqual([found.key, found.channel], ["http:203.0.113.7:ingrid", "access"]);
});

test("what error log and access log say of one refused name is one sign-in, and the next two are two", () => {
  const signIns: SignIn[] = [];
  const join = new Join((signIn) => signIns.push(signIn));
  const error = lineReader(nginx);
  const mismatch = 'user "ingrid" was not found in "/etc/f", client: 203.0.113.7, server: _, request: "GET / HTTP/1.1"';
  for (const second of ["00", "20", "40"]) {
    const one = error(`2026/11/22 08:00:${second} [error] 9#0: *3 ${mismatch}`);
    const other = read(`203.0.113.7 - ingrid [22/Nov/2026:08:00:${second} +0000] "GET / HTTP/1.1" 401 17 "-" "agent"`);
    assert.ok(one.kind === "evidence" && other.kind === "evidence");
    join.add(one, nginx);
    join.add(other, accessLog);
  }
  join.end();
  assert.deepEqual(
    signIns.map(({ reason, count }) => [reason, count]),
    [
      ["unknown-account", 1],
      ["unknown-account", 1],
      ["unknown-account", 1],
    ],
  );
});

test("lines of other formats are foreign", () => {
  for (const text of [
    "Nov 22 08:00:00 host sshd[1]: Accepted password for a from 192.0.2.1 port 1 ssh2",
    '2026/11/22 08:00:00 [error] 1#1: *1 user "a": password mismatch, client: 192.0.2.1, server: a',
    "",
    '] "',
  ])
    assert.equal(read(text).kind, "foreign");
});
