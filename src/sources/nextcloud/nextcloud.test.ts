import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, objectReader, testCorpus } from "../../../test/support/corpus.ts";
import { fuzzObjects, row } from "../../../test/support/web-sources.ts";
import { nextcloud } from "./nextcloud.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(nextcloud, corpus);
fuzzSource(nextcloud, corpus);
fuzzObjects(nextcloud, corpus);

const read = objectReader(nextcloud);
const said = (message: string, app = "core") =>
  read({ reqId: "R1", level: 2, time: "2026-11-22T08:00:00+00:00", remoteAddr: "203.0.113.7", app, message });

test("the server's own field is the address, whatever the name says", () => {
  assert.deepEqual(row(said("Login failed: x (Remote IP: 192.0.2.66) (Remote IP: 203.0.113.7)")), [
    "failure",
    "bad-password",
    "x (Remote IP: 192.0.2.66)",
    "203.0.113.7",
  ]);
});

test("without that field two addresses in the message blame nobody", () => {
  const message = "Login failed: 'x' (Remote IP: '192.0.2.66' (Remote IP: '203.0.113.7', X-Forwarded-For: '')";
  const reading = read({ app: "core", level: 2, time: "2026-11-22T08:00:00+00:00", message });
  assert.equal(row(reading)[3], "");
});

test("log and audit log tell of one attempt under the request's key", () => {
  const log = said("Login failed: ingrid (Remote IP: 203.0.113.7)");
  const audit = said('Login failed: "ingrid"', "admin_audit");
  assert.ok(log.kind === "evidence" && audit.kind === "evidence");
  assert.deepEqual([log.key, log.account], [audit.key, audit.account]);
  assert.notEqual(log.channel, audit.channel);
});

test("an attempt announced is no attempt, its outcome is", () => {
  assert.deepEqual(row(said('Login attempt: "ingrid"', "admin_audit")), ["ignored"]);
  assert.deepEqual(row(said('Login successful: "ingrid"', "admin_audit")), ["success", "", "ingrid", "203.0.113.7"]);
});

test("a wrong second factor names the account, not the display name", () => {
  assert.deepEqual(
    row(said("Failed two factor attempt by user Ingrid (staff) (ingrid) with provider TOTP", "admin_audit")),
    ["failure", "second-factor", "ingrid", "203.0.113.7"],
  );
});

test("objects of other programs are foreign", () => {
  for (const object of [{}, { app: "x" }, { message: "Login failed: a" }, { app: "x", message: "Login failed: a" }])
    assert.equal(read(object).kind, "foreign");
});
