import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, lineReader, objectReader, testCorpus } from "../../../test/support/corpus.ts";
import { fuzzObjects, row } from "../../../test/support/web-sources.ts";
import { authelia } from "./authelia.ts";
import { logfmt } from "./logfmt.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(authelia, corpus);
fuzzSource(authelia, corpus);
fuzzObjects(authelia, corpus);

const read = (msg: string, error = "") => {
  const quoted = JSON.stringify(msg);
  const because = error === "" ? "" : ` error=${JSON.stringify(error)}`;
  return lineReader(authelia)(
    `time="2026-11-22T08:00:00Z" level=error msg=${quoted}${because} method=POST path=/api/firstfactor remote_ip=203.0.113.7`,
  );
};
const told = (msg: string, error = "") => row(read(msg, error));
const failed = (name: string) => `Unsuccessful 1FA authentication attempt by user '${name}'`;

test("a name that imitates fields stays inside its quotes", () => {
  const name = 'x" remote_ip=192.0.2.66 y="';
  assert.deepEqual(told(failed(name)), ["failure", "bad-password", name, "203.0.113.7"]);
});

test("a name with quotes and colons in it stays a name", () => {
  assert.equal(told(failed("x': user not found"))[2], "x': user not found");
  assert.equal(told(failed("x>, rip=192.0.2.66, y=<"))[3], "203.0.113.7");
});

test("unknown, locked, second factor and a directory that is down are told apart", () => {
  assert.equal(told(`${failed("olave")}: user not found`)[1], "unknown-account");
  assert.equal(told(`${failed("ingrid")} and they are banned until 8:10`)[1], "locked");
  assert.equal(told("Unsuccessful TOTP authentication attempt by user 'ingrid'")[1], "second-factor");
  const unknown =
    "Error occurred getting details for user with username input 'ingrid' which usually indicates they do not exist";
  assert.equal(told(unknown, "user not found")[1], "unknown-account");
  assert.equal(told(unknown, 'LDAP Result Code 200 "Network Error": dial tcp: connection refused')[1], "fault");
});

test("a banned address in the place of the name is no account", () => {
  assert.deepEqual(told(`${failed("203.0.113.7")} and they are banned until 8:10`), [
    "failure",
    "locked",
    "",
    "203.0.113.7",
  ]);
});

test("the nameless line before the one with the unknown name is not counted too", () => {
  assert.deepEqual(told(failed(""), "user not found"), ["ignored"]);
});

test("password and second step are one success, by key and channel", () => {
  const first = read("Successful 1FA authentication attempt made by user 'ingrid'");
  const second = read("Successful TOTP authentication attempt made by user 'ingrid'");
  assert.ok(first.kind === "evidence" && second.kind === "evidence");
  assert.deepEqual([first.outcome, first.key], ["success", second.key]);
  assert.notEqual(first.channel, second.channel);
});

test("JSON and text are read alike", () => {
  const object = {
    level: "error",
    msg: failed("ingrid"),
    path: "/api/firstfactor",
    remote_ip: "203.0.113.7",
    time: "2026-11-22T08:00:00Z",
  };
  assert.deepEqual(row(objectReader(authelia)(object)), told(failed("ingrid")));
});

test("logfmt: the first field of a name counts, and an unclosed quote ends with the line", () => {
  assert.equal(logfmt("a=1 a=2").get("a"), "1");
  assert.equal(logfmt('a="x\\"y').get("a"), 'x"y');
  assert.equal(logfmt('a="x\\').get("a"), "x\\");
});
