/** Plays jobs in a few processes and tells how far they are. */
import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";

type Job = { readonly scenario: string; readonly seed: number; readonly accounts: number };

/**
 * Outcomes come back in the order of the jobs, whichever process was faster.
 * @param worker a file beside this one, which answers each job with an outcome
 */
export async function playAll<Made>(
  worker: string,
  jobs: readonly Job[],
  processes: number,
  told: (outcome: Made, done: number) => void,
): Promise<Made[]> {
  const outcomes: Made[] = [];
  let next = 0;
  let done = 0;
  const one = async (): Promise<void> => {
    const child = startWorker(worker);
    try {
      for (let index = next++; index < jobs.length; index = next++) {
        const job = jobs[index];
        if (job === undefined) break;
        const outcome = await ask<Made>(child, job);
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

function startWorker(file: string): ChildProcess {
  return fork(join(import.meta.dirname, file), {
    serialization: "advanced",
    // A year of a large institution needs room.
    execArgv: ["--max-old-space-size=12288"],
  });
}

function ask<Made>(child: ChildProcess, job: Job): Promise<Made> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void =>
      reject(new Error(`${job.scenario} ${job.seed} at ${job.accounts}: the process ended with ${code}`));
    child.once("exit", ended);
    child.once("message", (outcome: Made) => {
      child.off("exit", ended);
      resolve(outcome);
    });
    child.send(job);
  });
}
