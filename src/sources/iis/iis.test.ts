import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { objectReader, testCorpus } from "../../../test/support/corpus.ts";
import { fuzzObjects, row } from "../../../test/support/web-sources.ts";
import { iis } from "./iis.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(iis, corpus);
fuzzObjects(iis, corpus);

const told = (fields: Record<string, string>) =>
  row(
    objectReader(iis)({
      date: "2026-11-22",
      time: "08:00:00",
      "cs-method": "POST",
      "cs-uri-stem": "/EWS/Exchange.asmx",
      "cs-uri-query": "-",
      "cs-username": "-",
      "c-ip": "203.0.113.7",
      "sc-status": "401",
      "sc-win32-status": "0",
      ...fields,
    }),
  );

test("the first answers of NTLM and Negotiate are no failures", () => {
  assert.deepEqual(told({ "sc-win32-status": "5" }), ["ignored"]);
  assert.deepEqual(told({ "sc-win32-status": "2148074254" }), ["ignored"]);
});

test("what Windows says of a 401 is the reason", () => {
  for (const [status, reason] of [
    ["1326", "bad-password"],
    ["2148074252", "bad-password"],
    ["1330", "expired"],
    ["1331", "disabled"],
    ["1909", "locked"],
    ["1328", "policy"],
    ["1311", "fault"],
  ])
    assert.equal(told({ "sc-win32-status": status ?? "" })[1], reason);
});

test("OWA's form names only those who got in", () => {
  const form = { "cs-uri-stem": "/owa/auth.owa", "sc-status": "302" };
  assert.deepEqual(told({ ...form, "cs-username": "ABBEY\\ingrid" }), ["success", "", "ABBEY\\ingrid", "203.0.113.7"]);
  assert.deepEqual(told(form), ["failure", "bad-password", "", "203.0.113.7"]);
  assert.equal(
    told({ ...form, "cs-username": "ABBEY\\ingrid", "cs-uri-query": "&CorrelationID=x;&reason=2" })[0],
    "failure",
  );
});

test("whoever got in cannot hide it behind a typed reason", () => {
  const form = { "cs-uri-stem": "/owa/auth.owa", "sc-status": "302", "cs-username": "ABBEY\\ingrid" };
  for (const query of ["reason=2", "&reason=2", "&CorrelationID=x;&reason=2&CorrelationID=y;"])
    assert.equal(told({ ...form, "cs-uri-query": query })[0], "success");
});

test("the page after a failure is not counted too, nor OWA's other pages", () => {
  assert.deepEqual(
    told({ "cs-method": "GET", "cs-uri-stem": "/owa/auth/logon.aspx", "cs-uri-query": "reason=2", "sc-status": "200" }),
    ["ignored"],
  );
  assert.deepEqual(told({ "cs-uri-stem": "/owa/", "cs-username": "ABBEY\\ingrid", "sc-status": "200" }), ["ignored"]);
});

test("a device's request with a name and 200 is a success", () => {
  const reading = told({
    "cs-uri-stem": "/Microsoft-Server-ActiveSync/default.eas",
    "cs-username": "ABBEY\\ingrid",
    "sc-status": "200",
  });
  assert.deepEqual(reading, ["success", "", "ABBEY\\ingrid", "203.0.113.7"]);
});
