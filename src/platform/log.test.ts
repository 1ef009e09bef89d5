import assert from "node:assert/strict";
import { test } from "node:test";
import { createLog } from "./log.ts";

function lines(isForPeople: boolean, say: (log: ReturnType<typeof createLog>) => void): string[] {
  const written: string[] = [];
  say(createLog({ write: (line) => written.push(line), isForPeople }));
  return written;
}

test("for machines, each is one line of JSON with its level, time and facts", () => {
  const [line = ""] = lines(false, (log) => log.warn("the disk is full", { path: "/var", freeMb: 0 }));
  const { time, ...rest } = JSON.parse(line) as Record<string, unknown>;
  assert.deepEqual(rest, { level: "warn", msg: "the disk is full", path: "/var", freeMb: 0 });
  assert.match(String(time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assert.equal(line.indexOf("\n"), line.length - 1);
});

test("for people, each is one sentence with its facts behind it", () => {
  const [line = ""] = lines(true, (log) => log.error("the disk is full", { freeMb: 0 }));
  assert.match(line, /^\d\d:\d\d:\d\d ERROR: the disk is full \(freeMb 0\)\n$/);
});

test("nothing that an attacker wrote steers a terminal or begins a line of its own", () => {
  const hostile = 'eve\u001b[2J\r\n12:00:00 all is well\u202e"';
  for (const isForPeople of [true, false]) {
    const [line = "", ...more] = lines(isForPeople, (log) => log.info(`refused ${hostile}`, { account: hostile }));
    assert.equal(more.length, 0);
    assert.doesNotMatch(line.slice(0, -1), /[\p{Cc}]/u);
  }
});
