import assert from "node:assert/strict";
import { test } from "node:test";
import { millis } from "#/platform/units.ts";
import { LocalTime } from "#/sources/local-time.ts";
import type { Entry } from "#/sources/source.ts";
import { DockerLines } from "./docker.ts";
import { unwrapJournald } from "./journald.ts";
import { joinedLengthMax } from "./partials.ts";
import { SupervisorPrefix } from "./prefixes.ts";
import { lastRepeated, repeatedMax, unwrapRepeated } from "./repeated.ts";

const time = (): LocalTime => new LocalTime("UTC", millis(Date.UTC(2026, 10, 23)));
const blank = (): Entry => ({ at: undefined, host: "", program: "", pid: "", text: "" });
const AT = Date.UTC(2026, 10, 23, 10, 0, 0, 123);

test("a journal entry gives its time, host, program, process and message", () => {
  const entry = blank();
  const value = {
    __REALTIME_TIMESTAMP: `${AT}456`,
    _HOSTNAME: "mx1",
    SYSLOG_IDENTIFIER: "SSHD-session",
    _PID: "77",
    MESSAGE: "Failed password",
  };
  assert.ok(unwrapJournald(value, entry));
  assert.deepEqual(entry, { at: AT, host: "mx1", program: "sshd-session", pid: "77", text: "Failed password" });
});

test("a journal message of bytes is decoded, of several takes the first, of null is empty", () => {
  const read = (message: string | number[] | string[] | null): string => {
    const entry = blank();
    assert.ok(unwrapJournald({ __REALTIME_TIMESTAMP: "1", _COMM: "x", MESSAGE: message }, entry));
    return entry.text;
  };
  assert.equal(read([72, 195, 164, 255]), "Hä\ufffd");
  assert.equal(read(["first", "second"]), "first");
  assert.equal(read(null), "");
});

test("an object without the journal's time, or with a broken one, is no journal entry", () => {
  assert.equal(unwrapJournald({ MESSAGE: "x" }, blank()), false);
  assert.equal(unwrapJournald({ MESSAGE: "x", __REALTIME_TIMESTAMP: "x" }, blank()), false);
  assert.equal(unwrapJournald({ __REALTIME_TIMESTAMP: "1" }, blank()), false);
});

test("a Docker line is unwrapped, and a line in parts is joined for each stream", () => {
  const docker = new DockerLines(time());
  const entry = blank();
  const stamp = "2026-11-23T10:00:00.123456789Z";
  assert.equal(docker.unwrap({ log: "one\n", stream: "stdout", time: stamp }, entry), "whole");
  assert.deepEqual(entry, { ...blank(), at: AT, text: "one" });
  assert.equal(docker.unwrap({ log: "two ", stream: "stdout", time: stamp }, entry), "part");
  assert.equal(docker.unwrap({ log: "error\r\n", stream: "stderr", time: stamp }, entry), "whole");
  assert.equal(entry.text, "error");
  assert.equal(docker.unwrap({ log: "halves\n", stream: "stdout", time: stamp }, entry), "whole");
  assert.equal(entry.text, "two halves");
  assert.equal(docker.unwrap({ log: "x" }, entry), "other");
});

test("a line in parts is joined up to its maximum and no further", () => {
  const docker = new DockerLines(time());
  const entry = blank();
  const part = "x".repeat(16_384);
  for (let count = 0; count < 10; count += 1)
    assert.equal(docker.unwrap({ log: part, stream: "stdout" }, entry), "part");
  assert.equal(docker.unwrap({ log: "end\n", stream: "stdout" }, entry), "whole");
  assert.equal(entry.text.length, joinedLengthMax);
});

test("container, TAI64N and svlogd prefixes are taken off", () => {
  const prefix = new SupervisorPrefix(time());
  const entry = blank();
  const label = `@${(2n ** 62n + 10n + BigInt(Math.floor(AT / 1000))).toString(16)}${(123_456_789).toString(16).padStart(8, "0")}`;
  for (const before of [
    "2026-11-23T10:00:00.123456789Z stdout F",
    "2026-11-23T11:00:00.123+01:00 stderr F",
    label,
    "2026-11-23_10:00:00.12345",
  ]) {
    assert.equal(prefix.unwrap(`${before} text`, entry), "whole", before);
    assert.deepEqual(entry, { ...blank(), at: AT, text: "text" }, before);
  }
  assert.equal(prefix.unwrap("2026-11-23T10:00:00.1Z stdout P two ", entry), "part");
  assert.equal(prefix.unwrap("2026-11-23T10:00:00.1Z stdout F halves", entry), "whole");
  assert.equal(entry.text, "two halves");
});

test("what only resembles a prefix is left alone", () => {
  const prefix = new SupervisorPrefix(time());
  const lines = [
    "",
    "@",
    "@4000",
    `@${"4".repeat(23)}z x`,
    `@4${"f".repeat(23)} x`,
    "2026-11-23T10:00:00Z mx1 sshd[1]: x",
    "2026-11-23T10:00:00Z stdout X x",
    "2026-99-23_10:00:00.1 x",
    "nonsense_T stdout F x",
  ];
  for (const line of lines) assert.equal(prefix.unwrap(line, blank()), "other", line);
});

test("a repeated message is taken out with its count, up to what is believed", () => {
  assert.deepEqual(unwrapRepeated("message repeated 5 times: [ Failed ]x] ]"), { times: 5, text: "Failed ]x] " });
  assert.deepEqual(unwrapRepeated("message repeated 5 times: [ Failed x]"), { times: 5, text: "Failed x" });
  assert.deepEqual(unwrapRepeated("message repeated 999999999 times: [x]"), { times: repeatedMax, text: "x" });
  for (const text of [
    "message repeated",
    "message repeated x times: [ y]",
    "message repeated 0 times: [ y]",
    "x message repeated 2 times: [ y]",
  ]) {
    assert.equal(unwrapRepeated(text), undefined, text);
  }
  assert.equal(lastRepeated("last message repeated 3 times"), 3);
  assert.equal(lastRepeated("--- last message repeated 1 time ---"), 1);
  assert.equal(lastRepeated("last message repeated 999999999 times"), repeatedMax);
  assert.equal(lastRepeated("last message repeated often"), 0);
  assert.equal(lastRepeated("the last message repeated 3 times"), 0);
});
