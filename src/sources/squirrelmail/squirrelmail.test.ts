import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { squirrelmail } from "./squirrelmail.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(squirrelmail, corpus);
fuzzSource(squirrelmail, corpus);

test("a name that holds an address does not shift the server's", () => {
  const line =
    "11/23/2026 08:00:06 [LOGIN_ERROR] x from 192.0.2.66: y (example.org) from 203.0.113.9: Unknown user or password incorrect.";
  const reading = lineReader(squirrelmail)(line);
  assert.ok(reading.kind === "evidence");
  assert.equal(reading.address, "203.0.113.9");
  assert.equal(reading.account, "x from 192.0.2.66: y");
});

test("a mail server that cannot be reached is a fault", () => {
  const line =
    "11/23/2026 08:00:07 [LOGIN_ERROR] jane (example.org) from 192.0.2.10: Error connecting to IMAP server: mail.example.org.";
  const reading = lineReader(squirrelmail)(line);
  assert.ok(reading.kind === "evidence" && reading.reason === "fault");
});
