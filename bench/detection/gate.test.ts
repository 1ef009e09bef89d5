import assert from "node:assert/strict";
import { test } from "node:test";
import { playThroughGate } from "../../sim/through-gate.ts";
import { gatePage } from "./gate-page.ts";
import { type GateOutcome, gatePlan, variants } from "./gate-plan.ts";
import { benchScenario } from "./variants.ts";

const size = { accounts: 300, days: 8 };

test("the page is the same for the same outcomes, and has a row for every scenario in every variant", async () => {
  const jobs = gatePlan({ seeds: 1, only: /^(?:spray-classic|quiet)$/, ...size });
  const outcomes: GateOutcome[] = [];
  for (const job of jobs) {
    const figures = await playThroughGate(benchScenario(job.scenario), job, { campaign: job.campaign });
    outcomes.push({ ...job, figures });
  }
  const page = gatePage(outcomes, "test");
  assert.equal(gatePage(outcomes, "test"), page);
  assert.equal(page.match(/^\| spray-classic \|/gm)?.length, 2 * variants.length);
  assert.equal(page.match(/^\| quiet \|/gm)?.length, variants.length);
  assert.doesNotMatch(page, /NaN|undefined|Infinity/);
});

test("every scenario is played in every variant on seeds of its own", () => {
  const jobs = gatePlan({ seeds: 2, only: /./, ...size });
  assert.ok(jobs.every(({ seed }) => seed === 3_001 || seed === 3_002));
  for (const { scenario } of jobs) assert.equal(benchScenario(scenario).name, scenario);
  assert.equal(new Set(jobs.map((job) => JSON.stringify(job))).size, jobs.length);
});
