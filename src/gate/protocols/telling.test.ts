import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "#/platform/failure.ts";
import type { Batch } from "#/inputs/input.ts";
import { at, failure } from "../../../test/support/signins.ts";
import { MovedTime } from "../../../test/support/timers.ts";
import { Telling } from "./telling.ts";

const signIn = failure(at(0), "anna", "203.0.113.9");

test("what is told while a batch becomes durable goes together in the next", async () => {
  const batches: Batch[] = [];
  const ends: (() => void)[] = [];
  const telling = new Telling(
    "dovecot",
    (batch) => {
      batches.push(batch);
      return new Promise((resolve) => ends.push(resolve));
    },
    new MovedTime(),
  );
  const first = telling.tell(signIn, "run:1");
  await new Promise(setImmediate);
  const rest = Array.from({ length: 2_001 }, (_, index) => telling.tell(signIn, `run:${index + 2}`));
  assert.deepEqual(batches[0], { input: "gate:dovecot", arrivals: [{ signIn, id: "run:1" }], position: undefined });
  ends[0]?.();
  await first;
  ends[1]?.();
  await rest[0];
  ends[2]?.();
  await Promise.all(rest);
  assert.deepEqual(
    batches.map(({ arrivals }) => arrivals.length),
    [1, 2_000, 1],
  );
  void telling.tell(signIn, "run:9000");
  await new Promise(setImmediate);
  assert.equal(batches.length, 4);
});

test("a batch that cannot be kept fails for those in it, and the next is tried", async () => {
  let isFull = true;
  const telling = new Telling(
    "dovecot",
    async () => {
      await Promise.resolve();
      if (isFull) throw new Failure("store-full", "the disk is full");
    },
    new MovedTime(),
  );
  const results = await Promise.allSettled([telling.tell(signIn, "run:1"), telling.tell(signIn, "run:2")]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ["rejected", "rejected"],
  );
  isFull = false;
  await telling.tell(signIn, "run:3");
});

test("where nothing can be kept for a while, nobody waits for it, and what was told is kept once it can be", async () => {
  const taken: string[] = [];
  let end: () => void = () => undefined;
  const time = new MovedTime();
  const telling = new Telling(
    "dovecot",
    ({ arrivals }) => {
      taken.push(...arrivals.map(({ id }) => id));
      return taken.length > 1 ? Promise.resolve() : new Promise((resolve) => (end = resolve));
    },
    time,
    2,
  );
  const codeOf = (told: Promise<void>): Promise<unknown> =>
    told.then(
      () => "kept",
      (error: unknown) => (error instanceof Failure ? error.code : error),
    );
  const first = codeOf(telling.tell(signIn, "run:1"));
  await new Promise(setImmediate);
  const second = codeOf(telling.tell(signIn, "run:2"));
  time.move(500);
  assert.deepEqual([await first, await second], ["report-late", "report-late"]);
  // Nobody is kept waiting even for the half second any more; and no more than two are held.
  assert.equal(await codeOf(telling.tell(signIn, "run:3")), "report-late");
  assert.equal(await codeOf(telling.tell(signIn, "run:4")), "report-lost");
  end();
  await new Promise(setImmediate);
  assert.deepEqual(taken, ["run:1", "run:2", "run:3"]);
  assert.equal(await codeOf(telling.tell(signIn, "run:5")), "kept");
});
