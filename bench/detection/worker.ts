/** A worker process of the benchmark: takes a job, measures it, sends the outcome, and ends when its parent lets go. */
import { measure } from "./measure.ts";
import type { Job } from "./outcome.ts";
import { peers } from "./peers/all.ts";
import { benchScenario } from "./variants.ts";

process.on("message", (job: Job) => {
  process.send?.(measure(benchScenario(job.scenario), job, peers));
});
