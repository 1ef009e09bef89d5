// A process that keeps sign-ins is killed at random moments. What it said is kept is there, once, and it goes on from there.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { type Random, seededRandom } from "#/platform/random.ts";
import { defaults } from "#/store/settings.ts";
import { freshFolder } from "../../../test/support/folders.ts";
import { openStore } from "./open.ts";

const ROUNDS = 10;
const program = join(import.meta.dirname, "../../../test/support/append-until-killed.ts");

/** Runs until it has acknowledged about so much, then kills it. Answers the last that it acknowledged. */
async function killed(folder: string, seed: number, random: Random): Promise<number> {
  const child = spawn(process.execPath, [program, folder, String(seed)], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "close");
  const enough = Math.floor(random() * 3_000);
  let told = "";
  let complaints = "";
  child.stderr.on("data", (part) => (complaints += String(part)));
  child.stdout.on("data", (part) => {
    told += String(part);
    if (told.length > enough) child.kill("SIGKILL");
  });
  await ended;
  assert.equal(complaints, "");
  assert.equal(child.signalCode, "SIGKILL");
  // The last line may be cut off.
  return Number(told.slice(0, told.lastIndexOf("\n")).split("\n").at(-1));
}

test(`nothing acknowledged is lost and nothing counts twice, killed ${ROUNDS} times`, { timeout: 60_000 }, async () => {
  const folder = freshFolder();
  const random = seededRandom(4);
  for (let round = 0; round < ROUNDS; round += 1) {
    const acknowledged = await killed(folder, round, random);
    using store = openStore(folder, defaults);
    const kept = [...store.signIns.readAfter(0)].flat();
    assert.ok(kept.length >= acknowledged, `${kept.length} of ${acknowledged}`);
    assert.equal(store.signIns.position("file"), String(kept.length));
    assert.deepEqual(
      kept.map(({ signIn }) => signIn.account),
      kept.map((_, index) => `user${index}`),
    );
    const snapshot = store.snapshots.newest("1");
    assert.ok(snapshot === undefined || Number(Buffer.from(snapshot.body).toString()) <= kept.length);
  }
});
