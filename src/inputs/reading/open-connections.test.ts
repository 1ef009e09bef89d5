import assert from "node:assert/strict";
import { test } from "node:test";
import { millis } from "#/platform/units.ts";
import { type Evidence, evidence } from "#/sources/source.ts";
import { OpenConnections } from "./open-connections.ts";

const said = (key: string, ends = false): Evidence =>
  Object.assign(evidence(millis(0), "failure", "anna", "192.0.2.7", "imap"), { key, ends });
const never = (): boolean => false;

test("the oldest line is the first of the oldest connection that is still open", () => {
  const open = new OpenConnections<number>();
  open.add(said("a"), 1, 0);
  open.add(said("b"), 2, 1_000);
  open.add(said("a"), 3, 2_000);
  assert.equal(open.oldest(2_000, never), 1);
  open.ended("a", 2_000);
  assert.equal(open.oldest(12_000, never), 1, "others may still be compared with it");
  assert.equal(open.oldest(12_001, never), 2);
});

test("a connection that has been silent for ten minutes is over, and its key begins anew", () => {
  const open = new OpenConnections<number>();
  open.add(said("a"), 1, 0);
  assert.equal(open.oldest(600_000, never), 1);
  open.add(said("a"), 2, 600_001);
  assert.equal(open.oldest(600_001, never), 2);
});

test("a line that is an attempt by itself is needed for some seconds", () => {
  const open = new OpenConnections<number>();
  open.add(said(""), 1, 0);
  open.add(said("a", true), 2, 0);
  assert.equal(open.oldest(10_000, never), 1);
  assert.equal(open.oldest(10_001, never), undefined);
});

test("however many connections are open, only so many are remembered; what is too old is given up", () => {
  const open = new OpenConnections<number>();
  for (let index = 0; index < 32_768; index += 1) open.add(said(`k${index}`), index, 0);
  assert.equal(open.oldest(0, never), 0);
  open.add(said("one more"), 40_000, 0);
  assert.equal(open.oldest(0, never), 1);
  assert.equal(
    open.oldest(0, (place) => place < 30_000),
    30_000,
  );
});
