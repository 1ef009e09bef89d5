// Only whole snapshots are found.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { seededRandom } from "#/platform/random.ts";
import { freshFolder } from "../../test/support/folders.ts";
import { SnapshotFiles } from "./snapshot-files.ts";

function twoSnapshots(): { snapshots: SnapshotFiles; folder: string; newest: string } {
  const folder = freshFolder();
  const snapshots = new SnapshotFiles(folder);
  snapshots.save(1, "v", Buffer.from("the one before"));
  snapshots.save(2, "v", Buffer.from("the newest of both"));
  return { snapshots, folder, newest: join(folder, "0000000000000002.snapshot") };
}

test("one that is damaged anywhere, or cut off anywhere, gives way to the one before", () => {
  const { snapshots, newest } = twoSnapshots();
  const whole = readFileSync(newest);
  assert.equal(snapshots.newest("v")?.sequence, 2);
  const random = seededRandom(1);
  for (let position = 0; position < whole.length; position += 1) {
    const damaged = Buffer.from(whole);
    damaged[position] = (damaged[position] ?? 0) ^ (1 + Math.floor(random() * 255));
    writeFileSync(newest, damaged);
    assert.equal(snapshots.newest("v")?.sequence, 1, `byte ${position}`);
    writeFileSync(newest, whole.subarray(0, position));
    assert.equal(snapshots.newest("v")?.sequence, 1, `cut at ${position}`);
  }
  writeFileSync(newest, whole);
  assert.equal(snapshots.newest("v")?.sequence, 2);
});

test("where both are damaged there is none", () => {
  const { snapshots, folder } = twoSnapshots();
  for (const name of readdirSync(folder)) writeFileSync(join(folder, name), "no line end");
  assert.equal(snapshots.newest("v"), undefined);
});

test("what an interrupted one left is not found, and is written over", () => {
  const { snapshots, folder } = twoSnapshots();
  writeFileSync(join(folder, "partial"), readFileSync(join(folder, "0000000000000001.snapshot")));
  assert.equal(snapshots.newest("v")?.sequence, 2);
  snapshots.save(3, "v", Buffer.from("three"));
  assert.deepEqual(readdirSync(folder).sort(), ["0000000000000002.snapshot", "0000000000000003.snapshot"]);
});
