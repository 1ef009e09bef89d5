/**
 * Follows a log in a process of its own, for tests that end it at any moment: `following.ts LOG KEPT`. Every batch is a line of KEPT, on disk
 * before it is acknowledged, with what is to be kept and the position in one piece, as the store does it.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { Follow } from "#/inputs/follow/follow.ts";
import type { Batch } from "#/inputs/input.ts";
import { LiveCopies } from "#/inputs/live-copies.ts";
import { systemClock } from "#/platform/clock.ts";
import { systemTimers } from "#/platform/timers.ts";
import type { Duration } from "#/platform/units.ts";
import { allSources } from "./inputs.ts";

/** The batches that are whole: of the last one only half may have come to the disk. */
export function batchesIn(path: string): Batch[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, "utf8");
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line.endsWith("}"))
    .map((line) => JSON.parse(line) as Batch);
}

if (import.meta.main) {
  const [log = "", kept = ""] = process.argv.slice(2);
  const position = batchesIn(kept).findLast((batch) => batch.position !== undefined)?.position ?? "";
  const file = openSync(kept, "a");
  // Half a line of the one that was killed ends here.
  writeSync(file, "\n");
  const take = async (batch: Batch): Promise<void> => {
    writeSync(file, `${JSON.stringify(batch)}\n`);
    fsyncSync(file);
    return Promise.resolve();
  };
  const options = { follow: [log], rotatedIn: [], sources: allSources, every: 50 as Duration };
  const time = { clock: systemClock, timers: systemTimers, timezone: "UTC" };
  const context = { take, position: () => position, ...time, copies: new LiveCopies() };
  const follow = new Follow(options, context, (error) => {
    throw error;
  });
  process.on("SIGTERM", () => {
    void follow[Symbol.asyncDispose]().then(() => closeSync(file));
  });
}
