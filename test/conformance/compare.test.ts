/** The comparison itself, on lines of our own: that it can fail is what makes the peers' suites worth running. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { millis } from "#/platform/units.ts";
import { type Expected, type Verdict, verdictOn } from "./compare.ts";
import { joined, readLines } from "./read-log.ts";

const failedFrom = (address: string): Expected => ({ outcome: "failure", address, account: undefined, clock: "" });
const none: Expected = { outcome: "none", address: "", account: undefined, clock: "" };

const when = { zone: "Europe/Zurich", latest: millis(Date.UTC(2026, 10, 23)), only: undefined };

/** The verdict on the last of these lines, which are one sample. */
function verdict(texts: readonly string[], expected: Expected, counted: readonly string[] = []): Verdict {
  const entries = readLines(
    texts.map((text) => `Nov 22 10:00:00 gate sshd[4711]: ${text}`),
    when,
  );
  const entry = entries.at(-1);
  assert.ok(entry !== undefined);
  const signIns = joined(entries);
  return verdictOn({
    peer: "fail2ban",
    software: { name: "test" },
    service: "test",
    entry,
    expected,
    signIns,
    counted,
  });
}

const failed = "Failed password for jane from 192.0.2.7 port 4242 ssh2";

test("a failure is read as they read it only with their address, account and time", () => {
  const theirs = failedFrom("192.0.2.7");
  assert.equal(verdict([failed], theirs), "same");
  assert.equal(verdict([failed], failedFrom("::ffff:192.0.2.7")), "same");
  assert.equal(verdict([failed], failedFrom("192.0.2.66")), "different");
  assert.equal(verdict([failed], { ...theirs, account: "jane" }), "same");
  assert.equal(verdict([failed], { ...theirs, account: "root" }), "different");
  assert.equal(verdict([failed], { ...theirs, clock: "11-22T10:00:00" }), "same");
  assert.equal(verdict([failed], { ...theirs, clock: "11-22T09:00:00" }), "different");
});

test("a line that says nothing to us is read where its attempt is counted, and not otherwise", () => {
  const closed = "Connection closed by 192.0.2.7 port 4242 [preauth]";
  assert.equal(verdict([closed], failedFrom("192.0.2.7")), "different");
  assert.equal(verdict([failed, closed], failedFrom("192.0.2.7")), "joined");
  assert.equal(verdict([failed, closed], failedFrom("192.0.2.66")), "different");
});

test("a failure to us and none to them differs, unless they count it on another line or nobody counts it", () => {
  assert.equal(verdict(["Server listening on 0.0.0.0 port 22."], none), "same");
  assert.equal(verdict([failed], none), "different");
  assert.equal(verdict([failed], none, ["192.0.2.66"]), "different");
  assert.equal(verdict([failed], none, ["192.0.2.7"]), "joined");
});

test("a success is no failure", () => {
  const accepted = "Accepted password for jane from 192.0.2.7 port 4242 ssh2";
  assert.equal(verdict([accepted], failedFrom("192.0.2.7")), "different");
  assert.equal(verdict([accepted], { ...failedFrom("192.0.2.7"), outcome: "success" }), "same");
});
