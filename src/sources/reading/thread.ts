// The thread that reads: sends batches on, never more than a few ahead of whoever judges them.
import { once } from "node:events";
import { parentPort } from "node:worker_threads";
import { Failure } from "#/platform/failure.ts";
import { readHere } from "./read-here.ts";
import type { FileReport } from "./report.ts";
import { Signal } from "./signal.ts";
import type { Advance, ThreadAnswer, ThreadMessage, ThreadTask } from "./task.ts";
import { Encoder } from "./wire.ts";

/** Batches that may wait to be judged. */
const AHEAD_MAX = 8;
/** Bytes after which progress is told; more often costs more than it shows. */
const PROGRESS_BYTES = 4 << 20;

const port = parentPort;
if (port === null) throw new Error("thread.ts runs in a worker thread only");

// The first thing said is what to read.
const [task] = (await once(port, "message")) as [ThreadTask];

const ahead = { batches: 0, isWanted: true, signal: new Signal() };
port.on("message", (answer: ThreadAnswer) => {
  if (answer === "taken") ahead.batches -= 1;
  else ahead.isWanted = false;
  ahead.signal.wake();
});

const say = (message: ThreadMessage, transfer: readonly ArrayBuffer[] = []): void =>
  port.postMessage(message, [...transfer]);

/** Nobody wants to know any more. Thrown from within the reading, it closes the files on its way. */
class NotWanted extends Error {}

async function run(task: ThreadTask): Promise<void> {
  const encoder = new Encoder();
  const reports: FileReport[] = [];
  let told = { bytes: 0, lines: 0 };
  const tell = (): void => {
    say({ kind: "progress", ...told });
    told = { bytes: 0, lines: 0 };
  };
  const onProgress: Advance = (bytes, lines) => {
    if (!ahead.isWanted) throw new NotWanted();
    told.bytes += bytes;
    told.lines += lines;
    if (told.bytes >= PROGRESS_BYTES) tell();
  };
  for await (const signIns of readHere(task, onProgress, reports)) {
    const packet = encoder.encode(signIns);
    say({ kind: "batch", packet }, [packet.times.buffer, packet.fields.buffer]);
    ahead.batches += 1;
    while (ahead.batches >= AHEAD_MAX && ahead.isWanted) await ahead.signal.wait();
    if (!ahead.isWanted) return;
  }
  tell();
  say({ kind: "done", reports });
}

try {
  await run(task);
} catch (error) {
  if (error instanceof Failure) say({ kind: "failure", code: error.code, message: error.message });
  else if (!(error instanceof NotWanted)) throw error;
}
port.close();
