// The thread that reads: sends batches on, never more than a few ahead of whoever judges them.
import { parentPort, workerData } from "node:worker_threads";
import { Failure } from "#/platform/failure.ts";
import { readHere } from "./read-here.ts";
import type { FileReport } from "./report.ts";
import { Signal } from "./signal.ts";
import type { ThreadMessage, ThreadTask } from "./task.ts";
import { Encoder } from "./wire.ts";

/** Batches that may wait to be judged. */
const AHEAD_MAX = 8;

const port = parentPort;
if (port === null) throw new Error("thread.ts runs in a worker thread only");

const ahead = { batches: 0, signal: new Signal() };
port.on("message", () => {
  ahead.batches -= 1;
  ahead.signal.wake();
});

const say = (message: ThreadMessage, transfer: readonly ArrayBuffer[] = []): void =>
  port.postMessage(message, [...transfer]);

async function run(task: ThreadTask): Promise<void> {
  const encoder = new Encoder();
  const reports: FileReport[] = [];
  for await (const signIns of readHere(task, (bytes, lines) => say({ kind: "progress", bytes, lines }), reports)) {
    const packet = encoder.encode(signIns);
    say({ kind: "batch", packet }, [packet.times.buffer, packet.fields.buffer]);
    ahead.batches += 1;
    while (ahead.batches >= AHEAD_MAX) await ahead.signal.wait();
  }
  say({ kind: "done", reports });
}

try {
  // What reading.ts gave to the thread.
  await run(workerData as ThreadTask);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  say({ kind: "failure", code: error.code, message: error.message });
}
port.close();
