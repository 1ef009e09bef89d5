import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { millis } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";
import { Copies } from "./copies.ts";
import { merge } from "./merge.ts";

/** Each log is another server's, so that none tells of another's. */
const signIn = (at: number, account: string): SignIn => ({
  at: millis(at),
  outcome: "failure",
  reason: "bad-password",
  account,
  accountGiven: account,
  address: "192.0.2.1",
  service: "imap",
  server: account,
  client: "",
  count: 1,
  passwordFingerprint: "",
  source: "test",
});

async function* log(name: string, times: readonly number[], size: number): AsyncGenerator<readonly SignIn[]> {
  for (let at = 0; at < times.length; at += size) {
    await Promise.resolve();
    yield times.slice(at, at + size).map((time) => signIn(time, name));
  }
}

async function merged(
  logs: readonly (readonly number[])[],
  size: number,
  batchLength: number,
): Promise<readonly SignIn[][]> {
  const batches: SignIn[][] = [];
  const streams = logs.map((times, index) => log(String(index), times, size));
  for await (const batch of merge(streams, batchLength, new Copies(() => assert.fail()))) batches.push([...batch]);
  return batches;
}

const said = (batches: readonly SignIn[][]): string[] => batches.flat().map(({ account, at }) => `${account}@${at}`);

test("logs are merged by time, the one named first going first where two are at the same time", async () => {
  assert.deepEqual(said(await merged([[1, 5, 5], [2, 5], [], [0]], 2, 10)), ["3@0", "0@1", "1@2", "0@5", "0@5", "1@5"]);
});

test("a log's own order is kept, and what comes late in it is not held against the others", async () => {
  assert.deepEqual(
    said(
      await merged(
        [
          [1, 9, 3],
          [2, 4, 10],
        ],
        1,
        10,
      ),
    ),
    ["0@1", "1@2", "1@4", "0@9", "0@3", "1@10"],
  );
});

test("one log alone is passed on as it is", async () => {
  assert.deepEqual(said(await merged([[3, 1, 2]], 2, 1)), ["0@3", "0@1", "0@2"]);
});

test("whatever the sizes of batches, the merged order is the same, complete, and by time where each log is", async () => {
  const times = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 30 });
  const size = fc.integer({ min: 1, max: 9 });
  await fc.assert(
    fc.asyncProperty(fc.array(times, { minLength: 2, maxLength: 6 }), size, size, async (logs, one, other) => {
      const batches = await merged(logs, one, other);
      const all = said(batches);
      assert.deepEqual(all, said(await merged(logs, other, one)));
      for (const [index, own] of logs.entries()) {
        assert.deepEqual(
          all.filter((text) => text.startsWith(`${index}@`)),
          own.map((at) => `${index}@${at}`),
        );
      }
      for (const batch of batches) assert.ok(batch.length <= other);
      const sorted = logs.map((own) => own.toSorted((left, right) => left - right));
      const order = (await merged(sorted, one, other)).flat().map(({ at }) => at);
      assert.deepEqual(
        order,
        order.toSorted((left, right) => left - right),
      );
    }),
    { numRuns: 200 },
  );
});
