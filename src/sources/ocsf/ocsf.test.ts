import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { objectReader, testCorpus } from "../../../test/support/corpus.ts";
import { fuzzObjects, row } from "../../../test/support/web-sources.ts";
import { millis } from "#/platform/units.ts";
import { normaliseAccount } from "#/signin/account.ts";
import { canonicalAddress } from "#/signin/address.ts";
import { toOcsf } from "#/signin/ocsf.ts";
import { type SignIn, reasons, services } from "#/signin/signin.ts";
import type { JsonObject } from "#/sources/source.ts";
import { ocsf } from "./ocsf.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(ocsf, corpus);
fuzzObjects(ocsf, corpus);

const read = objectReader(ocsf);
const logon = {
  class_uid: 3002,
  activity_id: 1,
  time: 1795334400000,
  status_id: 2,
  user: { name: "ingrid" },
  src_endpoint: { ip: "203.0.113.7" },
};

test("a failure without a word on why is a wrong password", () => {
  assert.deepEqual(row(read(logon)), ["failure", "bad-password", "ingrid", "203.0.113.7"]);
  assert.equal(row(read({ ...logon, status_detail: "Account locked" }))[1], "locked");
  assert.equal(row(read({ ...logon, status_detail: "something" }))[1], "other");
});

test("logons and pre-authentications count; tickets, log-offs and other classes do not", () => {
  assert.equal(read({ ...logon, activity_id: 6 }).kind, "evidence");
  for (const activity_id of [0, 2, 3, 4, 5, 7, 99]) assert.equal(read({ ...logon, activity_id }).kind, "ignored");
  assert.equal(read({ ...logon, class_uid: 4001, type_uid: 400101 }).kind, "ignored");
  assert.equal(read({ class_uid: "economy" }).kind, "foreign");
});

test("an address that is none is told, a name that is none blames nobody", () => {
  assert.equal(read({ ...logon, src_endpoint: { ip: "192.0.2.66 or so" } }).kind, "malformed");
  assert.equal(row(read({ ...logon, src_endpoint: { hostname: 'x", "ip": "192.0.2.66' } }))[3], "");
});

test("an outcome that nobody gave is told, one that stands only in words is read", () => {
  assert.equal(read({ ...logon, status_id: 0 }).kind, "malformed");
  assert.equal(row(read({ ...logon, status_id: 99, status: "Failure" }))[0], "failure");
});

const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain(), fc.constant("")).map(canonicalAddress);
const signIns: fc.Arbitrary<SignIn> = fc
  .record({
    at: fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2100, 0) }),
    reason: fc.option(fc.constantFrom(...reasons), { nil: "" as const }),
    accountGiven: fc.oneof(fc.string(), fc.emailAddress(), fc.constant('x", "src_endpoint": {"ip": "192.0.2.66"}')),
    address,
    service: fc.constantFrom(...services),
    server: fc.oneof(fc.domain(), fc.constant("")),
    client: fc.string(),
    count: fc.integer({ min: 1, max: 100_000 }),
  })
  .map(({ at, reason, ...some }) => {
    const outcome = reason === "" ? "success" : "failure";
    return Object.assign(some, {
      at: millis(at),
      reason,
      outcome,
      account: normaliseAccount(some.accountGiven),
      passwordFingerprint: "",
      source: "dovecot",
    } as const);
  });

const written = (signIn: SignIn): JsonObject => JSON.parse(JSON.stringify(toOcsf(signIn))) as JsonObject;

test("every sign-in that is written is read back as it was", () => {
  fc.assert(
    fc.property(signIns, (signIn) => {
      const reading = read(written(signIn));
      assert.ok(reading.kind === "evidence", JSON.stringify(reading));
      assert.deepEqual(
        {
          at: reading.at,
          outcome: reading.outcome,
          reason: reading.reason,
          account: normaliseAccount(reading.account),
          accountGiven: reading.account,
          address: canonicalAddress(reading.address),
          service: reading.service,
          server: reading.server,
          client: reading.client,
          count: reading.count,
          passwordFingerprint: reading.passwordFingerprint,
          source: "dovecot",
        },
        signIn,
      );
    }),
    { numRuns: 1_000 },
  );
});
