import assert from "node:assert/strict";
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { Failure } from "#/platform/failure.ts";
import { seconds } from "#/platform/units.ts";
import { Kept, allSources, contextOf, failure, until, weakFailure } from "../../../test/support/inputs.ts";
import { MovedTime } from "../../../test/support/timers.ts";
import { Follow } from "./follow.ts";
import { readPosition } from "./position.ts";

type Scene = {
  readonly folder: string;
  readonly log: string;
  readonly time: MovedTime;
  readonly kept: Kept;
  readonly start: (entries?: readonly string[], rotatedIn?: readonly string[]) => Follow;
  readonly has: (...accounts: readonly string[]) => Promise<void>;
  readonly isThere: (message: string) => boolean;
};

async function scene(run: (scene: Scene) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-follow-"));
  const log = join(folder, "auth.log");
  const time = new MovedTime();
  const kept = new Kept();
  const running: Follow[] = [];
  try {
    await run({
      folder,
      log,
      time,
      kept,
      start(entries = [log], rotatedIn = []) {
        const options = { follow: entries, rotatedIn, sources: allSources, every: seconds(1) };
        const follow = new Follow(options, contextOf(kept, time), (error) => {
          throw error;
        });
        running.push(follow);
        return follow;
      },
      has: async (...accounts) => {
        await until(time, () => kept.accounts.length >= accounts.length, `only ${kept.accounts.join(" ")}`);
        assert.deepEqual(kept.accounts, accounts);
      },
      isThere: (message) => running.some((follow) => follow.reports().some(({ trouble }) => trouble.includes(message))),
    });
  } finally {
    await Promise.all(running.map(async (follow) => follow[Symbol.asyncDispose]()));
    rmSync(folder, { recursive: true });
  }
}

test("a log is read from its beginning and as it grows", async () =>
  scene(async ({ log, start, has }) => {
    writeFileSync(log, failure("anna"));
    start();
    await has("anna");
    appendFileSync(log, failure("bert", 1));
    await has("anna", "bert");
  }));

test("a log that is not there yet is read when it comes, and its absence is told meanwhile", async () =>
  scene(async ({ log, start, has, time, isThere }) => {
    start();
    await until(time, () => isThere("auth.log is not there (yet)"), "no word of it");
    writeFileSync(log, failure("anna"));
    await has("anna");
    await until(time, () => !isThere("not there"), "the trouble goes on");
  }));

test("a line counts when it is whole, however it came", async () =>
  scene(async ({ log, start, has, time, kept }) => {
    const line = failure("bert", 1);
    writeFileSync(log, failure("anna") + line.slice(0, 40));
    start();
    await has("anna");
    for (let at = 40; at < line.length - 1; at += 7) {
      appendFileSync(log, line.slice(at, Math.min(at + 7, line.length - 1)));
      await until(time, () => true, "");
    }
    assert.deepEqual(kept.accounts, ["anna"]);
    appendFileSync(log, "\n");
    await has("anna", "bert");
  }));

test("rotation by renaming: the old file is read to its end, then the new one", async () =>
  scene(async ({ log, start, has, time, kept }) => {
    writeFileSync(log, failure("anna"));
    start();
    await has("anna");
    renameSync(log, `${log}.1`);
    // The server has not heard of it yet.
    appendFileSync(`${log}.1`, failure("bert", 1));
    await has("anna", "bert");
    writeFileSync(log, failure("carl", 2));
    appendFileSync(`${log}.1`, failure("dora", 2));
    await until(time, () => kept.accounts.length === 4, kept.accounts.join(" "));
    assert.deepEqual(kept.accounts, ["anna", "bert", "dora", "carl"]);
  }));

test("several rotations at once, one after the other", async () =>
  scene(async ({ log, start, has }) => {
    writeFileSync(log, failure("anna"));
    start();
    await has("anna");
    renameSync(log, `${log}.2`);
    writeFileSync(`${log}.1`, failure("bert", 1));
    writeFileSync(log, failure("carl", 2));
    await has("anna", "bert", "carl");
  }));

test("the last line of a rotated file counts without its end, as in any file that is done with", async () =>
  scene(async ({ log, start, has }) => {
    writeFileSync(log, failure("anna"));
    start();
    await has("anna");
    appendFileSync(log, failure("bert", 1).trimEnd());
    renameSync(log, `${log}.1`);
    writeFileSync(log, failure("carl", 2));
    await has("anna", "bert", "carl");
  }));

test("copytruncate: what was not read yet is found in the copy, also where the file has grown beyond it since", async () =>
  scene(async ({ log, start, has, time, kept }) => {
    writeFileSync(log, failure("anna"));
    const first = start();
    await has("anna");
    await first[Symbol.asyncDispose]();
    appendFileSync(log, failure("bert", 1));
    copyFileSync(log, `${log}.1`);
    truncateSync(log);
    writeFileSync(log, failure("carl", 2) + failure("dora", 3) + failure("emil", 4));
    start();
    await has("anna", "bert", "carl", "dora", "emil");
    copyFileSync(log, `${log}.1`);
    truncateSync(log);
    await until(time, () => true, "");
    appendFileSync(log, failure("fred", 5));
    await has("anna", "bert", "carl", "dora", "emil", "fred");
    assert.equal(kept.again, 0);
  }));

test("copytruncate twice before anybody looks: the copy of what was being read, the next copy, and what is there now", async () =>
  scene(async ({ log, start, has }) => {
    writeFileSync(log, failure("anna"));
    start();
    await has("anna");
    appendFileSync(log, failure("bert", 1));
    copyFileSync(log, `${log}.2`);
    writeFileSync(log, failure("carl", 2));
    copyFileSync(log, `${log}.1`);
    writeFileSync(log, failure("dora", 3));
    await has("anna", "bert", "carl", "dora");
  }));

test("the next file is copied and cut off while the old one is still watched", async () =>
  scene(async ({ log, start, has, time, kept }) => {
    writeFileSync(log, failure("anna"));
    start();
    await has("anna");
    renameSync(log, `${log}.1`);
    writeFileSync(log, failure("bert", 1));
    await until(time, () => true, "");
    time.move(1_000);
    await setTimeout(20);
    assert.deepEqual(kept.accounts, ["anna"]);
    renameSync(`${log}.1`, `${log}.2`);
    copyFileSync(log, `${log}.1`);
    truncateSync(log);
    appendFileSync(log, failure("carl", 2));
    await has("anna", "bert", "carl");
  }));

test("a file that was cut off without a copy is begun anew", async () =>
  scene(async ({ log, start, has }) => {
    writeFileSync(log, failure("anna") + failure("bert", 1));
    start();
    await has("anna", "bert");
    writeFileSync(log, failure("carl", 2));
    await has("anna", "bert", "carl");
  }));

test("after a restart it goes on where it was, and nothing counts twice", async () =>
  scene(async ({ log, start, has, kept }) => {
    writeFileSync(log, failure("anna") + failure("bert", 1));
    const first = start();
    await has("anna", "bert");
    await first[Symbol.asyncDispose]();
    appendFileSync(log, failure("carl", 2));
    start();
    await has("anna", "bert", "carl");
    assert.equal(kept.again, 0);
  }));

for (const [name, rotate] of [
  ["numbered", (log: string) => renameSync(log, `${log}.1`)],
  ["dated", (log: string) => renameSync(log, `${log}-20261123`)],
  [
    "compressed",
    (log: string) => {
      writeFileSync(`${log}.2.gz`, gzipSync(readFileSync(log)));
      unlinkSync(log);
      writeFileSync(`${log}.1`, failure("middle", 30));
    },
  ],
] as const)
  test(`a file that was rotated while nobody followed is found again: ${name}`, async () =>
    scene(async ({ log, start, has, kept }) => {
      writeFileSync(log, failure("anna"));
      const first = start();
      await has("anna");
      await first[Symbol.asyncDispose]();
      appendFileSync(log, failure("bert", 1));
      rotate(log);
      writeFileSync(log, failure("carl", 40));
      start();
      await (name === "compressed" ? has("anna", "bert", "middle", "carl") : has("anna", "bert", "carl"));
      assert.equal(kept.again, 0);
    }));

test("a file that rotation put into another directory is found there", async () =>
  scene(async ({ folder, log, start, has }) => {
    const old = join(folder, "old");
    mkdirSync(old);
    writeFileSync(log, failure("anna"));
    const first = start([log], [old]);
    await has("anna");
    await first[Symbol.asyncDispose]();
    appendFileSync(log, failure("bert", 1));
    renameSync(log, join(old, "auth.log.1"));
    writeFileSync(log, failure("carl", 2));
    start([log], [old]);
    await has("anna", "bert", "carl");
  }));

test("a file that is there no more after a restart: what changed since is read, and counts once", async () =>
  scene(async ({ log, start, has }) => {
    writeFileSync(log, failure("anna"));
    const first = start();
    await has("anna");
    await first[Symbol.asyncDispose]();
    unlinkSync(log);
    writeFileSync(log, failure("bert", 1));
    start();
    await has("anna", "bert");
  }));

test("logs of a directory are found as they come, and files with days in their names follow one another", async () =>
  scene(async ({ folder, start, has }) => {
    writeFileSync(join(folder, "mail-2026-11-22.log"), failure("anna"));
    start([folder]);
    await has("anna");
    writeFileSync(join(folder, "mail-2026-11-23.log"), failure("bert", 1));
    await has("anna", "bert");
    writeFileSync(join(folder, "secure"), failure("carl", 2));
    await has("anna", "bert", "carl");
  }));

test("a pattern takes what fits it, and no rotated files for logs", async () =>
  scene(async ({ folder, start, has }) => {
    writeFileSync(join(folder, "auth.log.1"), failure("old"));
    writeFileSync(join(folder, "auth.log"), failure("anna"));
    writeFileSync(join(folder, "other.txt"), failure("other"));
    start([join(folder, "*.log*")]);
    await has("anna");
  }));

test("a weak witness speaks when it has waited long enough, though the log falls silent", async () =>
  scene(async ({ log, start, has, time, kept }) => {
    writeFileSync(log, failure("anna") + weakFailure("bert", 1, 5_000));
    start();
    await has("anna");
    await until(time, () => kept.accounts.length === 2, "it waits for ever");
    assert.deepEqual(kept.accounts, ["anna", "bert"]);
  }));

test("a restart between two lines of one attempt: it counts once, with what both say", async () =>
  scene(async ({ log, start, has, time, kept }) => {
    writeFileSync(log, failure("anna") + weakFailure("bert", 1, 5_000));
    const first = start();
    await has("anna");
    await first[Symbol.asyncDispose]();
    const position = readPosition([...kept.positions.values()][0] ?? "");
    assert.ok((position?.from?.offset ?? 1e9) < (position?.read.offset ?? 0), "begins after what waits");
    appendFileSync(log, failure("bert", 2, 5_000));
    start();
    await has("anna", "bert");
    time.move(60_000);
    await until(time, () => true, "");
    assert.deepEqual(kept.accounts, ["anna", "bert"]);
  }));

test("a connection that was counted before the restart is not counted again by its closing line", async () =>
  scene(async ({ log, start, has, kept, time }) => {
    const session = "session=<a1ZCRrXkHoDGM2QU>";
    writeFileSync(
      log,
      "2026-11-23T10:00:00Z mx1 dovecot: auth: passwd-file(anna,192.0.2.9,<a1ZCRrXkHoDGM2QU>): Password mismatch\n",
    );
    const first = start();
    await has("anna");
    await first[Symbol.asyncDispose]();
    appendFileSync(
      log,
      `2026-11-23T10:00:52Z mx1 dovecot: imap-login: Disconnected: Connection closed (auth failed, 1 attempts in 52 secs): user=<anna>, method=PLAIN, rip=192.0.2.9, lip=192.0.2.1, ${session}\n${failure("bert", 53)}`,
    );
    start();
    await until(time, () => kept.accounts.includes("bert"), "");
    assert.deepEqual(kept.accounts, ["anna", "bert"]);
  }));

test("overlong lines and NULs are passed over, and what follows counts", async () =>
  scene(async ({ log, start, has }) => {
    writeFileSync(log, failure("anna"));
    const follow = start();
    await has("anna");
    appendFileSync(log, `${"x".repeat(3 << 20)}\n${"\0".repeat(4_096)}${failure("bert", 1)}`);
    await has("anna", "bert");
    assert.equal(follow.reports()[0]?.malformed, 1);
  }));

test("what cannot be kept is not lost: the reading waits, says why, and goes on", async () =>
  scene(async ({ log, start, has, kept, time, isThere }) => {
    const { take } = kept;
    kept.take = async () => Promise.reject(new Failure("file-unreadable", "the disk is full: make room"));
    writeFileSync(log, failure("anna"));
    start();
    await until(time, () => isThere("the disk is full: make room"), "nothing is said of it");
    appendFileSync(log, failure("bert", 1));
    kept.take = take;
    await has("anna", "bert");
  }));

test("a table goes on with its header after a restart", async () =>
  scene(async ({ folder, start, has }) => {
    const table = join(folder, "export.csv");
    writeFileSync(table, "time,user,ip,result\n2026-11-23T10:00:00Z,anna,192.0.2.7,failure\n");
    const first = start([table]);
    await has("anna");
    await first[Symbol.asyncDispose]();
    appendFileSync(table, "2026-11-23T10:00:01Z,bert,192.0.2.7,failure\n");
    start([table]);
    await has("anna", "bert");
  }));

test("what holds no text is told, and what rotation puts in its place is read", async () =>
  scene(async ({ log, start, has, time, isThere }) => {
    writeFileSync(log, Buffer.concat([Buffer.from("SQLite format 3\0"), Buffer.alloc(2_000, 10)]));
    start();
    await until(time, () => isThere("holds no text (sqlite)"), "nothing is said of it");
    renameSync(log, `${log}.1`);
    writeFileSync(log, failure("anna"));
    await has("anna");
  }));
