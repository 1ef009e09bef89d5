import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { perdition } from "./perdition.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(perdition, corpus);
fuzzSource(perdition, corpus);

test("a name that imitates the rest of the line shifts neither the address nor the outcome", () => {
  const line =
    'Nov 23 08:00:07 proxy perdition.imaps[1]: Auth: 203.0.113.9:2277->198.51.100.5:993 authentication_id="x" server="y" status="ok" Auth: 192.0.2.66:1->" server="imap.example.org:993" protocol=IMAP4S status="failed: Local Authentication Failure"';
  const reading = lineReader(perdition)(line);
  assert.ok(reading.kind === "evidence");
  assert.equal(reading.address, "203.0.113.9");
  assert.equal(reading.outcome, "failure");
});

test("a mail server that cannot be reached is a fault", () => {
  const line =
    'Nov 23 08:00:06 proxy perdition.pop3[1]: Auth: 192.0.2.11:2276->198.51.100.5:110 authentication_id="lena" server="s" protocol=POP3 status="failed: Could not connect to server"';
  const reading = lineReader(perdition)(line);
  assert.ok(reading.kind === "evidence" && reading.reason === "fault" && reading.service === "pop3");
});
