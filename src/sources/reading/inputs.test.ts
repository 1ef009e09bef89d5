import assert from "node:assert/strict";
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, test } from "node:test";
import { Failure } from "#/platform/failure.ts";
import { findLogs } from "./inputs.ts";

const root = mkdtempSync(join(tmpdir(), "portcullis-inputs-"));
after(() => rmSync(root, { recursive: true }));

let folders = 0;

/** A directory of its own with these files. */
function folder(...names: readonly string[]): string {
  const path = join(root, String((folders += 1)));
  for (const name of names) {
    mkdirSync(join(path, name, ".."), { recursive: true });
    writeFileSync(join(path, name), `${name}\n`);
  }
  return path;
}

const found = (path: string, ...paths: readonly string[]): string[][] =>
  findLogs(paths.length === 0 ? [path] : paths).map((log) => log.map((file) => relative(path, file.path)));

test("a directory gives every regular file in it, rotated ones before their log", () => {
  const path = folder("auth.log", "auth.log.1", "auth.log.2.gz", "mail/mail.log", "mail/mail.log-20260101", "web.log");
  assert.deepEqual(found(path), [
    ["auth.log.2.gz", "auth.log.1", "auth.log"],
    ["mail/mail.log-20260101", "mail/mail.log"],
    ["web.log"],
  ]);
});

test("the age of a file is in its name, not in its times, which copying changes", () => {
  const path = folder("auth.log", "auth.log.1");
  utimesSync(join(path, "auth.log"), 1, 1);
  assert.deepEqual(found(path), [["auth.log.1", "auth.log"]]);
});

test("a copy with a name like a rotated file's is no forerunner of its log", () => {
  const path = folder("auth.log.2");
  const text = "Nov 23 10:00:00 mx1 sshd[7]: Server listening on 0.0.0.0 port 22.\n";
  for (const name of ["auth.log", "auth.log.1", "auth.log.old"]) writeFileSync(join(path, name), text);
  writeFileSync(join(path, "auth.log"), `${text}${text.replace("10:00", "11:00")}`);
  assert.deepEqual(found(path), [["auth.log.2", "auth.log.1"], ["auth.log.old"], ["auth.log"]]);
});

test("files of one name in two directories are two logs", () => {
  const path = folder("mx1/mail.log", "mx2/mail.log");
  assert.deepEqual(found(path), [["mx1/mail.log"], ["mx2/mail.log"]]);
});

test("a file that is named twice, linked or found as well is read once", () => {
  const path = folder("auth.log");
  const file = join(path, "auth.log");
  linkSync(file, join(path, "hard.log"));
  symlinkSync(file, join(path, "soft.log"));
  assert.equal(
    findLogs([file, path, `${path}/../${relative(root, path)}/auth.log`, join(path, "soft.log")]).flat().length,
    1,
  );
  assert.equal(findLogs([path, file]).flat()[0]?.isFound, false);
});

test("links in a directory are not followed, and the reader is told", () => {
  const elsewhere = folder("secret.log");
  const path = folder("auth.log");
  symlinkSync(elsewhere, join(path, "folder"));
  symlinkSync(join(elsewhere, "secret.log"), join(path, "file.log"));
  const [log] = findLogs([path]);
  assert.deepEqual(
    log?.map(({ notes }) => notes),
    [[`2 symbolic links in ${path} were not followed`]],
  );
});

test("the compressed copy that an interrupted rotation left is not read", () => {
  const path = folder("auth.log.1", "auth.log.1.gz", "auth.log");
  assert.deepEqual(found(path), [["auth.log.1", "auth.log"]]);
  assert.deepEqual(findLogs([path])[0]?.[0]?.notes, ["auth.log.1.gz is its compressed copy and was not read"]);
});

test("a directory gives as many files and levels as the limits allow, and says that there are more", () => {
  const path = folder("a.log", "b.log", "c.log", "deep/er/d.log");
  const [first, ...others] = findLogs([path], { filesMax: 2, depthMax: 2 });
  assert.equal(others.length, 1);
  assert.match(first?.[0]?.notes.join() ?? "", /holds more than 2 files/);
  assert.match(findLogs([path], { filesMax: 9, depthMax: 2 })[0]?.[0]?.notes.join() ?? "", /nested too deeply/);
  assert.equal(findLogs([path], { filesMax: 3, depthMax: 2 }).flat().length, 3);
});

const isFailure = (code: string, message: RegExp) => (error: unknown) =>
  error instanceof Failure && error.code === code && message.test(error.message);

test("a path that leads nowhere, or to an empty directory, is said to", () => {
  assert.throws(
    () => findLogs([join(root, "none.log")]),
    isFailure("file-not-found", /none\.log: there is no such file/),
  );
  const path = folder();
  mkdirSync(path, { recursive: true });
  assert.throws(() => findLogs([path]), isFailure("file-empty", /no file in this directory/));
});

test(
  "a directory that may not be read is said to",
  { skip: process.getuid?.() === 0 && "root may read everything" },
  () => {
    const path = folder("auth.log");
    const outer = folder("outer/mail.log", "outer/inner/x.log");
    const inner = join(outer, "outer", "inner");
    for (const closed of [path, inner]) chmodSync(closed, 0);
    assert.throws(() => findLogs([path]), isFailure("file-unreadable", /Try with sudo/));
    assert.match(findLogs([outer])[0]?.[0]?.notes.join() ?? "", /inner: you may not read it/);
    for (const closed of [path, inner]) chmodSync(closed, 0o700);
  },
);

test("standard input is one log of its own, read once", () => {
  assert.deepEqual(
    findLogs(["-", "-"]).map((log) => log.map(({ path }) => path)),
    [["-"]],
  );
});
