import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { uwImap } from "./uw-imap.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(uwImap, corpus);
fuzzSource(uwImap, corpus);

test("a name that holds a host does not shift the server's", () => {
  const line =
    "Nov 23 08:00:11 mail imapd[1]: Login failed user=x host=y [192.0.2.66] auth=x host=y [192.0.2.66] host=c.example.net [203.0.113.9]";
  const reading = lineReader(uwImap)(line);
  assert.ok(reading.kind === "evidence");
  assert.equal(reading.address, "203.0.113.9");
});

test("another imapd's line is left to that one's source", () => {
  const line = "Nov 23 08:00:11 mail imapd[1]: LOGIN FAILED, user=jane, ip=[::ffff:192.0.2.1]";
  assert.equal(lineReader(uwImap)(line).kind, "foreign");
});
