import assert from "node:assert/strict";
import { test } from "node:test";
import { MessageChannel } from "node:worker_threads";
import { Failure } from "./failure.ts";
import { type Connection, connect } from "./thread-calls.ts";

type There = {
  readonly add: (one: number, other: number) => number;
  readonly later: (text: string) => Promise<string>;
  readonly fail: () => never;
  readonly crash: () => never;
  readonly never: () => Promise<void>;
};

const there: There = {
  add: (one, other) => one + other,
  later: (text) => Promise.resolve(`${text}!`),
  fail: () => {
    throw new Failure("file-not-found", "no such file: write its whole path");
  },
  crash: () => {
    throw new TypeError("a bug");
  },
  never: () => new Promise(() => {}),
};

/** Both ends of a channel, connected until the test is over. */
function pair(t: { after: (done: () => void) => void }): Connection<There> {
  const { port1, port2 } = new MessageChannel();
  connect(port2, there);
  t.after(() => port1.close());
  return connect<There>(port1, {});
}

test("the other side's functions answer, in whatever order they are done", async (t) => {
  const { remote, waiting } = pair(t);
  const both = Promise.all([remote.later("yes"), remote.add(1, 2)]);
  assert.equal(waiting(), 2);
  assert.deepEqual(await both, ["yes!", 3]);
  assert.equal(waiting(), 0);
});

test("a failure stays one, with its code; a bug stays a bug", async (t) => {
  const { remote } = pair(t);
  await assert.rejects(remote.fail(), new Failure("file-not-found", "no such file: write its whole path"));
  await assert.rejects(remote.crash(), (error) => !(error instanceof Failure));
});

test("when the other side is gone, those who wait and those who call are told", async (t) => {
  const { remote, close } = pair(t);
  const asked = remote.never();
  close(new Failure("watch-stopped", "the watch has stopped"));
  await assert.rejects(asked, { code: "watch-stopped" });
  await assert.rejects(remote.add(1, 2), { code: "watch-stopped" });
});
