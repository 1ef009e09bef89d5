import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { row } from "../../../test/support/web-sources.ts";
import { sogo } from "./sogo.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(sogo, corpus);
fuzzSource(sogo, corpus);

const told = (message: string) => row(lineReader(sogo)(`Nov 22 08:00:00 sogod [812]: SOGoRootPage ${message}`));
const policy = (number: number) =>
  `might not have worked - password policy: ${number}  grace: -1  expire: -1  bound: 0`;

test("failures and successes are read with address and name", () => {
  assert.deepEqual(told(`Login from '192.0.2.1' for user 'ingrid' ${policy(65535)}`), [
    "failure",
    "bad-password",
    "ingrid",
    "192.0.2.1",
  ]);
  assert.deepEqual(told("successful login from '192.0.2.1' for user 'ingrid' - expire = -1  grace = -1"), [
    "success",
    "",
    "ingrid",
    "192.0.2.1",
  ]);
});

test("the directory's policy says more than that it failed", () => {
  assert.equal(told(`Login from '192.0.2.1' for user 'ingrid' ${policy(1)}`)[1], "locked");
  assert.equal(told(`Login from '192.0.2.1' for user 'ingrid' ${policy(0)}`)[1], "expired");
});

test("behind forwarders the last address that is not private counts, so what a client types before it does not", () => {
  const from = (list: string) => told(`Login from '${list}' for user 'ingrid' ${policy(65535)}`)[3];
  assert.equal(from("198.51.100.4, 10.0.0.1"), "198.51.100.4");
  assert.equal(from("192.0.2.66, 198.51.100.4, 10.0.0.1"), "198.51.100.4");
  assert.equal(from("10.1.2.3, 10.0.0.1"), "10.1.2.3");
});

test("a name that imitates the line shifts nothing", () => {
  const name = "x' might not have worked' for user 'y', from '192.0.2.66";
  assert.deepEqual(told(`Login from '203.0.113.7' for user '${name}' ${policy(65535)}`), [
    "failure",
    "bad-password",
    name,
    "203.0.113.7",
  ]);
});

test("its own access lines are not attempts of their own", () => {
  const reading = lineReader(sogo)(
    '192.0.2.1 - - [22/Nov/2026:08:00:05 GMT] "POST /SOGo/connect HTTP/1.1" 403 34/38 0.311 - - 2M',
  );
  assert.equal(reading.kind, "ignored");
});
