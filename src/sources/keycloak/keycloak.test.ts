import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { fuzzObjects, row } from "../../../test/support/web-sources.ts";
import { keycloak } from "./keycloak.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(keycloak, corpus);
fuzzSource(keycloak, corpus);
fuzzObjects(keycloak, corpus);

const told = (fields: string) =>
  row(lineReader(keycloak)(`2026-11-22 08:00:00,357 WARN  [org.keycloak.events] (executor-thread-31) ${fields}`));
const plain = (error: string, tail: string, clientId = "portal") =>
  told(
    `type=LOGIN_ERROR, realmId=r, clientId=${clientId}, userId=null, ipAddress=203.0.113.7, error=${error}, ${tail}`,
  );
const quoted = (username: string) =>
  told(
    `type="LOGIN_ERROR", realmId="r", clientId="c", userId="null", ipAddress="203.0.113.7", error="user_not_found", username="${username}"`,
  );

test("each error has its reason, and those that are about no password are left out", () => {
  for (const [error, reason] of [
    ["user_not_found", "unknown-account"],
    ["invalid_user_credentials", "bad-password"],
    ["user_temporarily_disabled", "locked"],
    ["user_disabled", "disabled"],
    ["identity_provider_error", "fault"],
  ])
    assert.deepEqual(plain(error ?? "", "username=ingrid"), ["failure", reason, "ingrid", "203.0.113.7"]);
  for (const error of ["expired_code", "invalid_redirect_uri", "client_not_found"])
    assert.deepEqual(plain(error, "username=ingrid"), ["ignored"]);
});

test("quoted values keep a name that imitates fields", () => {
  assert.deepEqual(quoted('x\\", ipAddress=\\"192.0.2.66'), [
    "failure",
    "unknown-account",
    'x", ipAddress="192.0.2.66',
    "203.0.113.7",
  ]);
});

test("a backslash at a quoted value's end brings no address in", () => {
  const reading = told(
    'type="LOGIN_ERROR", realmId="r", clientId="c\\", userId="null", ipAddress="203.0.113.7", error="user_not_found", username="x, ipAddress=192.0.2.66"',
  );
  assert.notEqual(reading[3], "192.0.2.66");
});

test("unquoted, a made-up client id or name that imitates the address blames nobody", () => {
  assert.equal(plain("user_not_found", "username=x, ipAddress=192.0.2.66")[3], "");
  assert.equal(
    plain("user_not_found", "username=x", "c, userId=null, ipAddress=192.0.2.66, error=user_not_found, y=z")[3],
    "",
  );
});

test("what follows a sign-in is none", () => {
  assert.deepEqual(told("type=CODE_TO_TOKEN, realmId=r, clientId=c, userId=u, ipAddress=192.0.2.1"), ["ignored"]);
});
