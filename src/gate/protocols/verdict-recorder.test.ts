import assert from "node:assert/strict";
import { test } from "node:test";
import { millis } from "#/platform/units.ts";
import { refuse } from "../../../test/support/desk.ts";
import type { RecordedVerdict } from "../attempt.ts";
import { VerdictRecorder, recorderDefaults } from "./verdict-recorder.ts";

const verdict = (number: number): RecordedVerdict => ({
  ...refuse,
  at: millis(number),
  account: "anna",
  address: "203.0.113.9",
  service: "imap",
  protocol: "dovecot",
});

/** Time that passes when it is told to. */
function hourglass() {
  let tasks: (() => void)[] = [];
  return {
    timer: {
      after(_delay: number, task: () => void) {
        tasks.push(task);
        return {
          [Symbol.dispose]() {
            tasks = tasks.filter((one) => one !== task);
          },
        };
      },
    },
    async turn(): Promise<void> {
      const due = tasks;
      tasks = [];
      for (const task of due) task();
      // What was begun comes to its end in a few turns of the promises.
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    },
    running: () => tasks.length,
  };
}

test("verdicts are kept later, together and in order, in batches of bounded size", async () => {
  const glass = hourglass();
  const batches: number[][] = [];
  const keep = (batch: readonly RecordedVerdict[]): void => void batches.push(batch.map(({ at }) => at));
  const recorder = new VerdictRecorder(keep, glass.timer, { ...recorderDefaults, batchMax: 3 });
  for (let number = 1; number <= 5; number += 1) recorder.record(verdict(number));
  assert.deepEqual([batches.length, glass.running()], [0, 1]);
  await glass.turn();
  await glass.turn();
  assert.deepEqual(batches, [
    [1, 2, 3],
    [4, 5],
  ]);
  assert.equal(glass.running(), 0, "with nothing to do, nothing is done");
});

test("what cannot be kept is tried again, and what is too much is left out and counted", async () => {
  const glass = hourglass();
  let isFull = true;
  const kept: number[] = [];
  const recorder = new VerdictRecorder(
    async (batch) => {
      await Promise.resolve();
      if (isFull) throw new Error("the disk is full");
      kept.push(...batch.map(({ at }) => at));
    },
    glass.timer,
    { ...recorderDefaults, waitingMax: 2 },
  );
  for (let number = 1; number <= 3; number += 1) recorder.record(verdict(number));
  await glass.turn();
  assert.deepEqual(recorder.report(), { waiting: 2, kept: 0, dropped: 1, trouble: "the disk is full" });
  isFull = false;
  await glass.turn();
  assert.deepEqual(recorder.report(), { waiting: 0, kept: 2, dropped: 1, trouble: "" });
  assert.deepEqual(kept, [1, 2]);
});

test("at the end, what waits is handed on, and what then cannot be kept is counted as lost", async () => {
  const kept: number[] = [];
  const { timer } = hourglass();
  const recorder = new VerdictRecorder((batch) => void kept.push(batch.length), timer);
  recorder.record(verdict(1));
  await recorder[Symbol.asyncDispose]();
  assert.deepEqual(kept, [1]);
  const failing = new VerdictRecorder(() => {
    throw new Error("the disk is full");
  }, timer);
  failing.record(verdict(1));
  await failing[Symbol.asyncDispose]();
  assert.deepEqual([failing.report().dropped, failing.report().waiting], [1, 0]);
});
