// A watch over a real store is killed at random moments, also while it starts and while it writes a snapshot. In the end it has found what one that was
// never killed has found.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { attackedWeek } from "../../test/support/attacked-week.ts";
import { freshFolder } from "../../test/support/folders.ts";
import { MovedTime } from "../../test/support/timers.ts";
import { defaults as judgeDefaults } from "#/incidents/settings.ts";
import { seededRandom } from "#/platform/random.ts";
import { days } from "#/platform/units.ts";
import { openMemoryStore } from "#/store/memory/open.ts";
import { defaults } from "./settings.ts";
import { Watch } from "./watch.ts";

const KILLS = 6;
const program = join(import.meta.dirname, "../../test/support/watch-until-killed.ts");

/** Enough for a snapshot, and too few for the whole log. */
const BATCHES = 50;

/** Runs it until it has taken so many batches, and perhaps a few more, then kills it. Answers all that it said. */
async function run(folder: string, enough: number): Promise<string> {
  const life = enough < Number.POSITIVE_INFINITY ? BATCHES : enough;
  const child = spawn(process.execPath, [program, folder, String(life)], { stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "close");
  let told = "";
  let complaints = "";
  child.stderr.on("data", (part) => (complaints += String(part)));
  child.stdout.on("data", (part) => {
    told += String(part);
    if (told.split("\n").length > enough) child.kill("SIGKILL");
  });
  await ended;
  assert.equal(complaints, "");
  return told;
}

async function foundWithoutKills(): Promise<unknown> {
  const { signIns: log, snapshots } = openMemoryStore();
  const time = new MovedTime();
  const quiet = { changed: () => undefined, say: () => undefined };
  const options = { settings: defaults, judge: judgeDefaults, retention: days(90), program: "this" };
  const watch = new Watch({ log, snapshots, clock: time, timers: time, ...quiet }, options);
  await watch.catchUp(() => undefined);
  const arrivals = attackedWeek().map((signIn, index) => ({ signIn, id: `file:${index}` }));
  await watch.take({ input: "file", arrivals, position: "end" });
  // As JSON, in which it was said.
  return JSON.parse(JSON.stringify({ conclusion: watch.conclusion(), status: watch.status() }));
}

test(
  `killed ${KILLS} times, it finds in the end what it finds when it is not killed`,
  { timeout: 120_000 },
  async () => {
    const folder = freshFolder();
    const random = seededRandom(11);
    const snapshots: number[] = [];
    for (let kill = 0; kill < KILLS; kill += 1) {
      const told = await run(folder, Math.floor(random() * BATCHES));
      assert.ok(!told.includes("found "), "it was killed before the end");
      snapshots.push(Number(/^from (\d+)$/m.exec(told)?.[1] ?? 0));
    }
    const last = await run(folder, Number.POSITIVE_INFINITY);
    const found = /^found (.*)$/m.exec(last)?.[1] ?? "";
    assert.deepEqual(JSON.parse(found), await foundWithoutKills());
    // They went on from snapshots that those before had written.
    assert.ok(new Set(snapshots).size > 2, snapshots.join());
  },
);
