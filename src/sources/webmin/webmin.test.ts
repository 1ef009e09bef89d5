import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { webmin } from "./webmin.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(webmin, corpus);
fuzzSource(webmin, corpus);

test("a name that holds an address does not shift the server's, in either log", () => {
  const read = lineReader(webmin);
  for (const line of [
    "Nov 23 08:00:02 files webmin[1]: Invalid login as x from 192.0.2.66 from 203.0.113.9",
    '1795420800.1.0 [23/Nov/2026 08:00:00] x - 192.0.2.66 global miniserv.pl "failed" "-" "y" - 203.0.113.9 global miniserv.pl "failed" "-" "wrongpass"',
  ]) {
    const reading = read(line);
    assert.ok(reading.kind === "evidence" && reading.address === "203.0.113.9", line);
  }
});

test("the two logs of one sign-in share a key, on channels of their own", () => {
  const read = lineReader(webmin);
  const syslog = read("Nov 23 08:00:00 files webmin[1]: Invalid login as root from 192.0.2.10");
  const own = read(
    '1795420800.1.0 [23/Nov/2026 08:00:00] root - 192.0.2.10 global miniserv.pl "failed" "-" "wrongpass"',
  );
  assert.ok(syslog.kind === "evidence" && own.kind === "evidence");
  assert.equal(syslog.key, own.key);
  assert.notEqual(syslog.channel, own.channel);
});
