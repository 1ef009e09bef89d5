/** A worker process of the gate's benchmark: takes a job, plays it, sends the outcome, and ends when its parent lets go. */
import { playThroughGate } from "../../sim/through-gate.ts";
import type { GateJob, GateOutcome } from "./gate-plan.ts";
import { benchScenario } from "./variants.ts";

process.on("message", (job: GateJob) => void play(job));

async function play(job: GateJob): Promise<void> {
  const { scenario, campaign } = job;
  const figures = await playThroughGate(benchScenario(scenario), job, { campaign });
  const outcome: GateOutcome = { ...job, figures };
  process.send?.(outcome);
}
