// Opening a data folder: migrations, the lock, and snapshots that know more than the log.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { defaults } from "#/store/settings.ts";
import { freshFolder } from "../../../test/support/folders.ts";
import { MONDAY, success } from "../../../test/support/signins.ts";
import { migrate } from "./migrations.ts";
import { openStore } from "./open.ts";

const versionOf = (connection: DatabaseSync): unknown =>
  connection.prepare("PRAGMA user_version").get()?.["user_version"];

test("steps are taken once, in order, and those that were taken are not taken again", () => {
  using connection = new DatabaseSync(":memory:");
  migrate(connection, "db", ["CREATE TABLE a (x)", "CREATE TABLE b (x)"]);
  migrate(connection, "db", ["CREATE TABLE a (x)", "CREATE TABLE b (x)", "INSERT INTO b VALUES (1)"]);
  assert.equal(versionOf(connection), 3);
  assert.equal(connection.prepare("SELECT count(*) AS count FROM b").get()?.["count"], 1);
});

test("a step that fails leaves nothing of itself", () => {
  using connection = new DatabaseSync(":memory:");
  assert.throws(() => migrate(connection, "db", ["CREATE TABLE a (x)", "CREATE TABLE b (x); CREATE TABLE a (x)"]));
  assert.equal(versionOf(connection), 1);
  assert.throws(() => connection.prepare("SELECT * FROM b"), /no such table/);
});

test("in a folder that others can look into, nothing that is kept is theirs to read", () => {
  const folder = freshFolder();
  chmodSync(folder, 0o755);
  using store = openStore(folder, defaults);
  store.signIns.append([
    { input: "test", arrivals: [{ id: "1", signIn: success(MONDAY, "ana", "198.18.3.4") }], position: "" },
  ]);
  store.snapshots.save(1, "this", new Uint8Array(1));
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  assert.ok(files.length >= 4);
  for (const { parentPath, name } of files) assert.equal(statSync(join(parentPath, name)).mode & 0o077, 0, name);
});

test("a database of a newer Portcullis is refused and left as it is", () => {
  const folder = freshFolder();
  openStore(folder, defaults)[Symbol.dispose]();
  const path = join(folder, "portcullis.db");
  using connection = new DatabaseSync(path);
  connection.exec("PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)");
  const before = readFileSync(path);
  assert.throws(() => openStore(folder, defaults), {
    code: "store-newer",
    message: /newer Portcullis \(format 99; .*Start the newer one again/,
  });
  assert.deepEqual(readFileSync(path), before);
});

test("the settings are checked before anything is made", () => {
  assert.throws(() => openStore(freshFolder(), { ...defaults, flush: "never" }), { code: "settings-invalid" });
});

test("a second one in the same process is told which lock is held, and gets in once the first is closed", () => {
  const folder = freshFolder();
  {
    using _first = openStore(folder, defaults);
    assert.throws(() => openStore(folder, defaults), { code: "store-locked", message: /portcullis\.lock/ });
  }
  openStore(folder, defaults)[Symbol.dispose]();
});

test("of four processes that start at once on a new folder, one gets it", { timeout: 60_000 }, async () => {
  const folder = freshFolder();
  const program = `
    const { openStore } = await import(${JSON.stringify(join(import.meta.dirname, "open.ts"))});
    try { openStore(process.argv[1], ${JSON.stringify(defaults)}); console.log("opened"); } catch (error) { console.log(error.code); }
    process.stdin.resume();`;
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ["--input-type=module", "-e", program, folder], { stdio: ["pipe", "pipe", "inherit"] }),
  );
  const told = await Promise.all(
    children.map(async ({ stdout }) => {
      for await (const part of stdout) return String(part).trim();
      return "";
    }),
  );
  for (const child of children) child.kill("SIGKILL");
  assert.deepEqual(told.sort(), ["opened", "store-locked", "store-locked", "store-locked"]);
});

test("a snapshot of sign-ins that a power cut took is not found any more", () => {
  const folder = freshFolder();
  const arrivals = [1, 2, 3].map((offset) => ({ id: `i:${offset}`, signIn: success(MONDAY, "anna", "192.0.2.1") }));
  {
    using store = openStore(folder, defaults);
    store.signIns.append([{ input: "file", arrivals, position: "3" }]);
    store.snapshots.save(2, "1", Buffer.from("two"));
    store.snapshots.save(4, "1", Buffer.from("four"));
  }
  using store = openStore(folder, defaults);
  assert.equal(store.snapshots.newest("1")?.sequence, 2);
  store.signIns.append([{ input: "other", arrivals, position: undefined }]);
  assert.equal(store.snapshots.newest("1")?.sequence, 2);
});
