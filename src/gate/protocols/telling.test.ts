import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "#/platform/failure.ts";
import type { Batch } from "#/inputs/input.ts";
import { at, failure } from "../../../test/support/signins.ts";
import { Telling } from "./telling.ts";

const signIn = failure(at(0), "anna", "203.0.113.9");

test("what is told while a batch becomes durable goes together in the next", async () => {
  const batches: Batch[] = [];
  const ends: (() => void)[] = [];
  const telling = new Telling("dovecot", (batch) => {
    batches.push(batch);
    return new Promise((resolve) => ends.push(resolve));
  });
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
  const telling = new Telling("dovecot", async () => {
    await Promise.resolve();
    if (isFull) throw new Failure("store-full", "the disk is full");
  });
  const results = await Promise.allSettled([telling.tell(signIn, "run:1"), telling.tell(signIn, "run:2")]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ["rejected", "rejected"],
  );
  isFull = false;
  await telling.tell(signIn, "run:3");
});
