import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { freshFolder } from "../../test/support/folders.ts";
import { digestOf, programDigest } from "./program-digest.ts";

test("a program that differs anywhere has another digest, and its tests are no part of it", () => {
  const folder = freshFolder();
  mkdirSync(join(folder, "room"));
  const digests = [
    ["main.ts", "1"],
    ["room/part.ts", "1"],
    ["room/part.ts", "2"],
    ["room/other.ts", "2"],
  ].map(([name = "", text = ""]) => {
    writeFileSync(join(folder, name), text);
    return digestOf(folder);
  });
  assert.equal(new Set(digests).size, digests.length);
  writeFileSync(join(folder, "room/part.test.ts"), "3");
  assert.equal(digestOf(folder), digests.at(-1));
  assert.match(programDigest(), /^[\da-f]{64}$/);
  assert.equal(programDigest(), programDigest());
});
