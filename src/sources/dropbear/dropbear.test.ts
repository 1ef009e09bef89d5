import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { Evidence } from "#/sources/source.ts";
import { fuzzSource, lineReader, testCorpus } from "../../../test/support/corpus.ts";
import { dropbear } from "./dropbear.ts";

const corpus = join(import.meta.dirname, "corpus");
testCorpus(dropbear, corpus);
fuzzSource(dropbear, corpus);

function witness(text: string): Evidence {
  const reading = lineReader(dropbear)(`Nov 23 08:00:00 router dropbear[4711]: ${text}`);
  assert.ok(reading.kind === "evidence", text);
  return reading;
}

test("the exit line adds none to the failed passwords before it", () => {
  const bad = witness("Bad password attempt for 'root' from 192.0.2.1:60588");
  const exit = witness(
    "Exit before auth (user 'root', 10 fails): Max auth tries reached - user 'root' from 192.0.2.1:60588",
  );
  assert.equal(bad.key, exit.key);
  assert.notEqual(bad.channel, exit.channel);
  assert.equal(exit.count, 1);
  assert.equal(exit.hold, true);
});

test("the port is taken off IPv6 addresses that stand without brackets", () => {
  assert.equal(witness("Bad password attempt for 'root' from 2001:db8::1:60588").address, "2001:db8::1");
  assert.equal(witness("Bad password attempt for 'root' from ::ffff:192.0.2.1:60588").address, "::ffff:192.0.2.1");
});

test("a password that is only the first of two factors is no sign-in yet", () => {
  const read = lineReader(dropbear);
  const line =
    "Nov 23 08:00:00 router dropbear[1]: Password auth succeeded for 'jane' from 192.0.2.1:1, extra auth required";
  assert.equal(read(line).kind, "ignored");
});

test("a connection that ends without having asked for an account is no sign-in", () => {
  const read = lineReader(dropbear);
  for (const why of ["Bad buf_getptr", "Timeout before auth", "Disconnect received"]) {
    assert.equal(read(`Nov 23 08:00:00 router dropbear[1]: Exit before auth from <192.0.2.1:1>: ${why}`).kind, "ended");
  }
});

test("a command that somebody runs cannot pass for an attempt", () => {
  const read = lineReader(dropbear);
  const line =
    "Nov 23 08:00:00 router dropbear[1]: User jane executing 'Bad password attempt for 'root' from 192.0.2.66:5";
  assert.equal(read(line).kind, "ignored");
});
