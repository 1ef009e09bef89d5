import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { Failure } from "#/platform/failure.ts";
import { MovedTime } from "../../test/support/timers.ts";
import type { Batch, Take } from "./input.ts";
import { LiveCopies } from "./live-copies.ts";
import { Outbox } from "./outbox.ts";

const outboxOf = (take: Take, timers: MovedTime): Outbox => new Outbox({ take, timers, copies: new LiveCopies() });

const batch = (position: string): Batch => ({ input: "test", arrivals: [], position });

test("batches go on one after the other, and one that cannot be kept is tried again until it can", async () => {
  const time = new MovedTime();
  const taken: string[] = [];
  let isFull = true;
  const outbox = outboxOf(async ({ position }) => {
    if (isFull) throw new Failure("file-unreadable", "the disk is full");
    taken.push(position ?? "");
    return Promise.resolve();
  }, time);
  const all = Promise.all([outbox.deliver(batch("1")), outbox.deliver(batch("2"))]);
  await setImmediate();
  assert.equal(outbox.trouble, "the disk is full");
  isFull = false;
  assert.deepEqual(taken, []);
  time.move(1_000);
  assert.deepEqual(await all, [true, true]);
  assert.deepEqual(taken, ["1", "2"]);
  assert.equal(outbox.trouble, "");
});

test("at the end what cannot be kept is given up, and what comes after it, too: its position would pass over it", async () => {
  let asked = 0;
  const outbox = outboxOf(async () => {
    asked += 1;
    return asked > 2 ? Promise.resolve() : Promise.reject(new Failure("file-unreadable", "the disk is full"));
  }, new MovedTime());
  const delivered = outbox.deliver(batch("1"));
  await setImmediate();
  await outbox.close();
  assert.equal(await delivered, false);
  assert.equal(await outbox.deliver(batch("2")), false);
  assert.equal(asked, 2);
});

test("a defect is no reason to try again", async () => {
  const outbox = outboxOf(async () => Promise.reject(new TypeError("a defect")), new MovedTime());
  await assert.rejects(outbox.deliver(batch("1")), TypeError);
});
