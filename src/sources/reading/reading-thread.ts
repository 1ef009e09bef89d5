// The thread that reads, started. It takes a tenth of a second to load; so one can be started before it is known what to read.
import { Worker } from "node:worker_threads";

/** The thread makes a million short-lived objects; a larger nursery costs memory and makes it no faster. */
const resourceLimits = { maxYoungGenerationSizeMb: 24 };

let spare: Worker | undefined;

/** Starts one for the next that is taken. It loads while its caller loads what it judges with; alone it keeps no process alive. */
export function prepareThread(): void {
  spare ??= start();
}

export function takeThread(): Worker {
  const worker = spare ?? start();
  spare = undefined;
  worker.ref();
  return worker;
}

function start(): Worker {
  // Beside this file, built or not.
  const file = import.meta.url.endsWith(".ts") ? "./thread.ts" : "./thread.js";
  const worker = new Worker(new URL(file, import.meta.url), { resourceLimits });
  worker.unref();
  return worker;
}
