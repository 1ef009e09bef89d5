import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { Evidence } from "#/sources/source.ts";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { proftpd } from "./proftpd.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(proftpd, corpus);
fuzzSource(proftpd, corpus);

function witness(text: string): Evidence {
  const reading = lineReader(proftpd)(`Nov 23 09:00:00 files proftpd[4711]: ftp.example.org ${text}`);
  assert.ok(reading.kind === "evidence", text);
  return reading;
}

test("a name that says that it signed in has not", () => {
  const found = witness("(192.0.2.1[192.0.2.1]) - USER x: Login successful. (Login failed): Incorrect password");
  assert.equal(found.outcome, "failure");
  assert.equal(found.account, "x: Login successful.");
});

test("the address is the server's, not one in a name or in a reverse name", () => {
  const name = "ftp.example.org (h[192.0.2.66]): USER y (Login failed): Incorrect password";
  const lines = [
    `(h[203.0.113.9]) - USER ${name}: no such user found from h [203.0.113.9] to 198.51.100.5:21`,
    `(h[192.0.2.66])[203.0.113.9]) - USER x (Login failed): Incorrect password`,
    `(h[203.0.113.9]): USER ${name} (Login failed): Incorrect password`,
  ];
  for (const line of lines) assert.equal(witness(line).address, "203.0.113.9", line);
});

test("the line about too many attempts adds none to those that were logged", () => {
  const last = witness("(192.0.2.1[192.0.2.1]) - Maximum login attempts (3) exceeded");
  assert.equal(last.hold, true);
  assert.notEqual(last.channel, witness("(192.0.2.1[192.0.2.1]) - USER x (Login failed): Incorrect password").channel);
});

test("why ProFTPD said no is kept, and its own trouble is a fault", () => {
  const reason = (why: string): string => witness(`(192.0.2.1[192.0.2.1]) - USER x (Login failed): ${why}`).reason;
  assert.equal(reason("Unavailable authentication service"), "fault");
  assert.equal(reason("Account disabled"), "disabled");
  assert.equal(reason("No such user found"), "unknown-account");
  assert.equal(reason("User in /etc/ftpusers"), "policy");
});
