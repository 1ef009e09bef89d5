// What a store says when its disk is in trouble, and that it goes on by itself when the trouble has ended.
import assert from "node:assert/strict";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Batch } from "#/inputs/input.ts";
import { defaults } from "#/store/settings.ts";
import type { Store } from "#/store/store.ts";
import { freshFolder } from "../../../test/support/folders.ts";
import { MONDAY, success } from "../../../test/support/signins.ts";
import { noMounting, tinyDisk } from "../../../test/support/tiny-disk.ts";
import { Database } from "./database.ts";
import { openStore } from "./open.ts";
import { SqliteSignIns } from "./sign-ins.ts";

const batchFrom = (from: number, count = 1_000): Batch => ({
  input: "file",
  arrivals: Array.from({ length: count }, (_, index) => ({
    id: `i:${from + index}`,
    signIn: success(MONDAY + from + index, `user${from + index}`, "192.0.2.1", { client: "x".repeat(100) }),
  })),
  position: String(from + count),
});

const count = (signIns: SqliteSignIns | Store["signIns"]): number => [...signIns.readAfter(0)].flat().length;

const full = { code: "store-full", message: /No room is left for .*portcullis\.db\. Make room/ };
const unwritable = { code: "store-unwritable", message: /portcullis\.db cannot be written: .* Make sure that/ };

/** Appends until it fails. Answers how many sign-ins were acknowledged. */
function fill(store: Store): number {
  let kept = 0;
  assert.throws(() => {
    for (; kept < 1_000_000; kept += 1_000) store.signIns.append([batchFrom(kept)]);
  }, full);
  return kept;
}

test("a full disk is a Failure that says so; what was kept is there, and with room again all goes on", (context) => {
  using disk = tinyDisk(6);
  if (disk === undefined) {
    context.skip(noMounting);
    return;
  }
  const ballast = join(disk.folder, "ballast");
  writeFileSync(ballast, Buffer.alloc(2 << 20));
  using store = openStore(join(disk.folder, "data"), defaults);
  const kept = fill(store);
  assert.ok(kept > 0);
  assert.throws(() => store.snapshots.save(1, "1", Buffer.alloc(8 << 20)), { code: "store-full", message: /snapshot/ });
  assert.throws(() => store.signIns.append([batchFrom(kept, 20_000)]), full);
  assert.equal(count(store.signIns), kept);
  rmSync(ballast);
  assert.equal(count(store.signIns), kept);
  assert.equal(store.signIns.position("file"), String(kept));
  assert.equal(store.signIns.append([batchFrom(kept)]).length, 1_000);
  store.snapshots.save(1, "1", Buffer.from("x"));
  assert.equal(count(store.signIns), kept + 1_000);
});

test("a database that may not grow is full, and nothing of the batch is kept", () => {
  using database = new Database(freshFolder(), "process");
  const signIns = new SqliteSignIns(database);
  signIns.append([batchFrom(0)]);
  database.read(() => database.prepare("PRAGMA max_page_count = 100").get());
  assert.throws(() => signIns.append([batchFrom(0, 10_000)]), full);
  assert.throws(() => signIns.append([batchFrom(0, 10_000)]), full);
  assert.deepEqual([count(signIns), signIns.position("file")], [1_000, "1000"]);
  database.read(() => database.prepare("PRAGMA max_page_count = 100000").get());
  assert.equal(signIns.append([batchFrom(0, 10_000)]).length, 9_000);
  assert.equal(count(signIns), 10_000);
});

test("a disk that is mounted for reading only can be read, and written to once it is again", (context) => {
  using disk = tinyDisk(20);
  if (disk === undefined) {
    context.skip(noMounting);
    return;
  }
  {
    using store = openStore(disk.folder, defaults);
    store.signIns.append([batchFrom(0)]);
  }
  disk.readOnly();
  assert.throws(() => openStore(disk.folder, defaults), { code: "store-unwritable" });
  disk.writable();
  using store = openStore(disk.folder, defaults);
  assert.equal(store.signIns.append([batchFrom(1_000)]).length, 1_000);
});

test("a folder that was deleted is a Failure until there is one again, and numbers go on", () => {
  const folder = join(freshFolder(), "data");
  using store = openStore(folder, defaults);
  const last = store.signIns.append([batchFrom(0)]).at(-1)?.sequence ?? 0;
  rmSync(folder, { recursive: true });
  assert.throws(() => store.signIns.append([batchFrom(1_000)]), unwritable);
  assert.throws(() => store.signIns.append([batchFrom(1_000)]), unwritable);
  assert.throws(() => store.snapshots.save(1, "1", Buffer.from("x")), { code: "store-unwritable" });
  assert.throws(() => store.postures.all(), unwritable);
  mkdirSync(folder);
  const [next] = store.signIns.append([batchFrom(1_000, 1)]);
  assert.equal(next?.sequence, last + 1);
});

test("a folder that was away for a while is read again", () => {
  const folder = join(freshFolder(), "data");
  using store = openStore(folder, defaults);
  store.signIns.append([batchFrom(0)]);
  renameSync(folder, `${folder}.away`);
  assert.throws(() => store.signIns.append([batchFrom(1_000)]), unwritable);
  renameSync(`${folder}.away`, folder);
  assert.equal(store.signIns.append([batchFrom(0, 1_500)]).length, 500);
});

test("a file in the folder's place says which", () => {
  const path = join(freshFolder(), "data");
  writeFileSync(path, "");
  assert.throws(() => openStore(path, defaults), { code: "store-unwritable" });
});

test("a file that is no database is damage, and is left as it is", () => {
  const folder = freshFolder();
  writeFileSync(join(folder, "portcullis.db"), "no database at all, ".repeat(500));
  assert.throws(() => openStore(folder, defaults), { code: "store-damaged", message: /move the file .* away/ });
});
