import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { objectReader, testCorpus } from "../../../test/support/corpus.ts";
import { fuzzObjects, row } from "../../../test/support/web-sources.ts";
import { m365 } from "./m365.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(m365, corpus);
fuzzObjects(m365, corpus);

const read = objectReader(m365);
const failed = {
  CreationTime: "2026-11-22T08:00:00",
  Operation: "UserLoginFailed",
  ResultStatus: "Success",
  UserId: "anna@council.example",
  UserType: 0,
  ClientIP: "203.0.113.7",
  ErrorNumber: "50126",
  LogonError: "InvalidUserNameOrPassword",
};
const loggedIn = { ...failed, Operation: "UserLoggedIn", ErrorNumber: "0", LogonError: "" };
const failure = ["failure", "bad-password", "anna@council.example", "203.0.113.7"];

test("a failed sign-in is one although its result status is Success", () => {
  assert.deepEqual(row(read(failed)), failure);
  assert.deepEqual(row(read(loggedIn)), ["success", "", "anna@council.example", "203.0.113.7"]);
  assert.equal(row(read({ ...loggedIn, ResultStatus: "Succeeded" }))[0], "success");
  assert.equal(row(read({ ...loggedIn, ResultStatus: "Failed" }))[0], "failure");
});

test("the number of the error says why, else its name", () => {
  const told = (ErrorNumber: string, LogonError: string) => row(read({ ...failed, ErrorNumber, LogonError }))[1];
  assert.equal(told("500121", "AuthenticationFailedSasError"), "second-factor");
  assert.equal(told("", "UserAccountNotFound"), "unknown-account");
  assert.equal(told("", "IdsLocked"), "locked");
  assert.equal(told("", "BlockedByConditionalAccess"), "policy");
  assert.equal(told("", "SomethingThatIsNew"), "other");
  assert.equal(told("", ""), "bad-password");
  assert.equal(told("50140", "KmsiInterrupt"), undefined);
});

test("addresses come with ports and brackets", () => {
  for (const [ClientIP, address] of [
    ["203.0.113.7:8085", "203.0.113.7"],
    ["[2001:db8::7]:8085", "2001:db8::7"],
    ["[2001:db8::7]", "2001:db8::7"],
    ["2001:db8::7", "2001:db8::7"],
    ["<null>", ""],
  ])
    assert.equal(row(read({ ...failed, ClientIP }))[3], address);
});

test("a name that was wrong is not in this log, and its placeholder is no account", () => {
  assert.deepEqual(row(read({ ...failed, ErrorNumber: "50034", UserId: "Not Available" })), [
    "failure",
    "unknown-account",
    "",
    "203.0.113.7",
  ]);
});

test("the export's column of JSON is read, and one that a spreadsheet cut off is told", () => {
  const exported = { Operation: "UserLoginFailed", UserId: "anna@council.example" };
  assert.deepEqual(row(read({ ...exported, AuditData: JSON.stringify(failed) })), failure);
  assert.equal(read({ ...exported, AuditData: JSON.stringify(failed).slice(0, 40) }).kind, "malformed");
  assert.equal(read({ ...exported, Operation: "FileDeleted", AuditData: "{" }).kind, "ignored");
});

test("times are UTC although they do not say so", () => {
  const reading = read(failed);
  assert.ok(reading.kind === "evidence");
  assert.equal(reading.at, Date.UTC(2026, 10, 22, 8));
});

test("programs and everything but sign-ins are ignored", () => {
  assert.equal(read({ ...failed, UserType: 6 }).kind, "ignored");
  assert.equal(read({ ...failed, Operation: "Add member to role." }).kind, "ignored");
  assert.equal(read({ Operation: "login" }).kind, "foreign");
});

test("a name that imitates the record stays a name", () => {
  assert.equal(row(read({ ...failed, UserId: '","ClientIP":"192.0.2.66' }))[3], "203.0.113.7");
});
