import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, lineReader, objectReader, testCorpus } from "../../../test/support/corpus.ts";
import { fuzzObjects, row } from "../../../test/support/web-sources.ts";
import { exchange } from "./exchange.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(exchange, corpus);
fuzzSource(exchange, corpus);
fuzzObjects(exchange, corpus);

const read = lineReader(exchange);
const imap = (port: number, user: string, rest: string) =>
  row(
    read(`2026-11-22T08:00:00.530Z,000000000000000E,2,192.0.2.20:${port},203.0.113.7:35070,${user},168,31,31,${rest},`),
  );
const smtp = (rest: string) =>
  read(`2026-11-22T08:00:00.271Z,EX1\\Default EX1,08DA4F7C11473A61,9,192.0.2.20:25,203.0.113.7:53722,${rest}`);

test("a name with commas and quotes in it moves no column", () => {
  const reading = imap(993, '"x,192.0.2.66:1,""y"""', 'login,"x *****","R=""a2 NO LOGIN failed."""');
  assert.deepEqual(reading, ["failure", "bad-password", 'x,192.0.2.66:1,"y"', "203.0.113.7"]);
});

test("the back end's repetition of a sign-in is left out", () => {
  assert.deepEqual(imap(993, "ingrid", "login,ingrid *****,R=OK"), ["success", "", "ingrid", "203.0.113.7"]);
  assert.deepEqual(imap(1993, "ingrid", "authenticate,PLAIN,R=OK"), ["ignored"]);
});

test("POP3's name alone is no sign-in", () => {
  assert.deepEqual(imap(995, "", "user,ingrid,R=ok"), ["ignored"]);
  assert.deepEqual(imap(995, "ingrid", "pass,*****,R=ok"), ["success", "", "ingrid", "203.0.113.7"]);
});

test("a back end that cannot be reached is a fault", () => {
  assert.equal(imap(993, "ingrid", 'login,ingrid *****,"R=""a NO"";ErrMsg=ProxyFailed"')[1], "fault");
});

test("the remark with the name and the answer after it are one failure, by key and channel", () => {
  const remark = smtp("*,,Username: ABBEY\\ingrid");
  const answer = smtp(">,535 5.7.3 Authentication unsuccessful,");
  assert.ok(remark.kind === "evidence" && answer.kind === "evidence");
  assert.deepEqual([remark.account, remark.key], ["ABBEY\\ingrid", answer.key]);
  assert.notEqual(remark.channel, answer.channel);
});

test("a tarpit's remark that quotes the answer is not counted too", () => {
  assert.equal(smtp("*,Tarpit for '0.00:00:05' due to '535 5.7.3 Authentication unsuccessful',").kind, "ignored");
});

test("servers that sign in to each other are nobody", () => {
  assert.equal(smtp("*,ABBEY\\EX2$,authenticated").kind, "ignored");
  assert.deepEqual(row(smtp("*,ABBEY\\ingrid,authenticated")), ["success", "", "ABBEY\\ingrid", "203.0.113.7"]);
});

test("rows keyed by the header are read like lines", () => {
  const reading = objectReader(exchange)({
    "date-time": "2026-11-22T08:00:00.271Z",
    "session-id": "08DA4F7C11473A61",
    "remote-endpoint": "203.0.113.7:53722",
    event: ">",
    data: "535 5.7.3 Authentication unsuccessful",
    context: "",
  });
  assert.deepEqual(reading, smtp(">,535 5.7.3 Authentication unsuccessful,"));
});
