import assert from "node:assert/strict";
import { test } from "node:test";
import { MONDAY, success } from "../../../test/support/signins.ts";
import type { SignIn } from "#/signin/signin.ts";
import { inOrder } from "./order.ts";

const day = Array.from({ length: 10_000 }, (_, index) =>
  success(MONDAY + Math.floor(index / 3) * 1_000, `user${index}`, "192.0.2.1"),
);

async function* batchesOf(signIns: readonly SignIn[]): AsyncGenerator<readonly SignIn[]> {
  for (let from = 0; from < signIns.length; from += 1_000) yield signIns.slice(from, from + 1_000);
}

async function through(signIns: readonly SignIn[], max?: number): Promise<{ names: string[]; note: string }> {
  const order = inOrder(batchesOf(signIns), max);
  const names: string[] = [];
  for await (const batch of order.batches) for (const { account } of batch) names.push(account);
  return { names, note: order.note() };
}

const names = day.map(({ account }) => account);

test("a log in order passes through as it is, small steps back included", async () => {
  assert.deepEqual(await through(day), { names, note: "" });
  const swapped = [...day];
  for (let index = 0; index + 9 < swapped.length; index += 50)
    [swapped[index], swapped[index + 9]] = [day[index + 9] ?? day[0], day[index] ?? day[0]] as [SignIn, SignIn];
  assert.equal((await through(swapped)).note, "");
});

test("an export that is newest first comes out oldest first, ties in the order in which they happened", async () => {
  const { names: turned, note } = await through([...day].reverse());
  assert.deepEqual(turned, names);
  assert.match(note, /sorted/);
});

test("an export in no order is sorted", async () => {
  const mixed = day.map((_, index) => day[(index * 7_919) % day.length] ?? day[0]) as SignIn[];
  const times = (await through(mixed)).names.map((name) => Math.floor(Number(name.slice(4)) / 3));
  assert.deepEqual(
    times,
    [...times].sort((left, right) => left - right),
  );
});

test("a log in disorder that is too long is judged as it comes, and says so", async () => {
  const { names: all, note } = await through([...day].reverse(), 5_000);
  assert.equal(all.length, day.length);
  assert.match(note, /too long to be sorted/);
});
