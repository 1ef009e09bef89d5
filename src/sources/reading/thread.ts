// The thread that reads: sends batches on, never more than a few ahead of whoever judges them.
import { parentPort, workerData } from "node:worker_threads";
import { Failure } from "#/platform/failure.ts";
import { type ThreadMessage, type ThreadTask, readHere } from "./reading.ts";
import type { FileReport } from "./report.ts";
import { Encoder } from "./wire.ts";

/** Batches that may wait to be judged. */
const AHEAD_MAX = 8;

const port = parentPort;
if (port === null) throw new Error("thread.ts runs in a worker thread only");

let ahead = 0;
let wake: (() => void) | undefined;
port.on("message", () => {
  ahead -= 1;
  wake?.();
});

const say = (message: ThreadMessage, transfer: readonly ArrayBuffer[] = []): void => port.postMessage(message, [...transfer]);

async function run(task: ThreadTask): Promise<void> {
  const encoder = new Encoder();
  const reports: FileReport[] = [];
  for await (const signIns of readHere(task, (bytes, lines) => say({ kind: "progress", bytes, lines }), reports)) {
    const packet = encoder.encode(signIns);
    say({ kind: "batch", packet }, [packet.times.buffer as ArrayBuffer, packet.fields.buffer as ArrayBuffer]);
    ahead += 1;
    while (ahead >= AHEAD_MAX) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
  say({ kind: "done", reports });
}

try {
  await run(workerData as ThreadTask);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  say({ kind: "failure", code: error.code, message: error.message });
}
port.close();
