/** Plays jobs in a few processes and tells how far they are. */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Job, Outcome } from "./outcome.ts";

/** Outcomes come back in the order of the jobs, whichever process was faster. */
export async function playAll(
  jobs: readonly Job[],
  processes: number,
  told: (outcome: Outcome, done: number) => void,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  let done = 0;
  const one = async (): Promise<void> => {
    const child = startWorker();
    try {
      for (let index = next++; index < jobs.length; index = next++) {
        const job = jobs[index];
        if (job === undefined) break;
        const outcome = await ask(child, job);
        outcomes[index] = outcome;
        done += 1;
        told(outcome, done);
      }
    } finally {
      child.disconnect();
    }
  };
  await Promise.all(Array.from({ length: Math.min(processes, jobs.length) }, one));
  return outcomes;
}

function startWorker(): ChildProcess {
  return fork(join(import.meta.dirname, "worker.ts"), {
    serialization: "advanced",
    // A year of a large institution needs room.
    execArgv: ["--max-old-space-size=12288"],
  });
}

function ask(child: ChildProcess, job: Job): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void =>
      reject(new Error(`${job.scenario} ${job.seed} at ${job.accounts}: the process ended with ${code}`));
    child.once("exit", ended);
    child.once("message", (outcome: Outcome) => {
      child.off("exit", ended);
      resolve(outcome);
    });
    child.send(job);
  });
}
