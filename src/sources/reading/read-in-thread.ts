// The reading in a thread of its own, so that this one can judge meanwhile.
import type { Worker } from "node:worker_threads";
import { Failure } from "#/platform/failure.ts";
import type { SignIn } from "#/signin/signin.ts";
import { takeThread } from "./reading-thread.ts";
import type { FileReport } from "./report.ts";
import { Signal } from "./signal.ts";
import type { Advance, ThreadAnswer, ThreadMessage, ThreadTask } from "./task.ts";
import { Decoder } from "./wire.ts";

/** @throws Failure as `readHere` does. */
export async function* readInThread(
  task: ThreadTask,
  onProgress: Advance,
  reports: FileReport[],
): AsyncGenerator<readonly SignIn[]> {
  const worker = takeThread();
  const decoder = new Decoder();
  const say = (answer: ThreadTask | ThreadAnswer): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage(answer);
  };
  const ended = new Promise<void>((resolve) => {
    worker.once("exit", () => resolve());
  });
  say(task);
  try {
    for await (const message of messagesOf(worker)) {
      switch (message.kind) {
        case "batch":
          say("taken");
          yield decoder.decode(message.packet);
          break;
        case "progress":
          onProgress(message.bytes, message.lines);
          break;
        case "failure":
          throw new Failure(message.code, message.message);
        case "done":
          reports.push(...message.reports);
          return;
        default:
          message satisfies never;
      }
    }
  } finally {
    // It closes its files itself.
    say("enough");
    await ended;
  }
}

async function* messagesOf(worker: Worker): AsyncGenerator<ThreadMessage> {
  const state: { readonly waiting: ThreadMessage[]; error: unknown; hasEnded: boolean } = {
    waiting: [],
    error: undefined,
    hasEnded: false,
  };
  const signal = new Signal();
  worker.on("message", (message: ThreadMessage) => {
    state.waiting.push(message);
    signal.wake();
  });
  worker.on("error", (error) => {
    state.error = error;
    signal.wake();
  });
  worker.on("exit", () => {
    state.hasEnded = true;
    signal.wake();
  });
  for (;;) {
    const message = state.waiting.shift();
    if (message !== undefined) yield message;
    else if (state.error !== undefined) throw state.error;
    else if (state.hasEnded) throw new Error("the thread that reads ended before it was done");
    else await signal.wait();
  }
}
