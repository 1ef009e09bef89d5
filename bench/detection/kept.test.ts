import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { keptIn } from "./kept.ts";
import { measure } from "./measure.ts";
import { benchScenario } from "./variants.ts";

test("a run that was stopped finds what it had played, and half a line does not hurt", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "kept.jsonl");
  const job = { scenario: "quiet", seed: 1, accounts: 50, days: 2 };
  const outcome = measure(benchScenario(job.scenario), job, []);
  keptIn(file, false).add(outcome);
  appendFileSync(file, '{"scenario":"qui');

  assert.equal(JSON.stringify(keptIn(file, true).get(job)), JSON.stringify(outcome));
  assert.equal(keptIn(file, true).get({ ...job, seed: 2 }), undefined);
  assert.equal(keptIn(file, false).get(job), undefined, "another run begins anew");
  assert.equal(keptIn(file, true).get(job), undefined, "and leaves nothing of the old one");
});
