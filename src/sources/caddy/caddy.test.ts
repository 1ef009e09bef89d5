import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { objectReader, testCorpus } from "../../../test/support/corpus.ts";
import { fuzzObjects, row } from "../../../test/support/web-sources.ts";
import { caddy } from "./caddy.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(caddy, corpus);
fuzzObjects(caddy, corpus);

const told = (status: number, user: string, headers: Record<string, string[]>) =>
  row(
    objectReader(caddy)({
      ts: 1795334400,
      logger: "http.log.access.log0",
      msg: "handled request",
      request: { client_ip: "203.0.113.7", remote_ip: "192.0.2.20", method: "GET", uri: "/", headers },
      user_id: user,
      status,
    }),
  );

test("a 401 counts only where a password came along", () => {
  assert.deepEqual(told(401, "", {}), ["ignored"]);
  assert.deepEqual(told(401, "", { Authorization: ["REDACTED"] }), ["failure", "bad-password", "", "203.0.113.7"]);
});

test("the name that Caddy verified proves a success, and the client behind trusted forwarders is the address", () => {
  assert.deepEqual(told(200, "ingrid", {}), ["success", "", "ingrid", "203.0.113.7"]);
});

test("a forwarder's header is never the address", () => {
  assert.equal(told(401, "", { Authorization: ["x"], "X-Forwarded-For": ["192.0.2.66"] })[3], "203.0.113.7");
});
