import { simulate } from "./sim/simulate.ts";
import { scenarios } from "./sim/scenarios/scenarios.ts";
import { play } from "./sim/pipeline.ts";
const [name, seed, accounts, days] = process.argv.slice(2);
const sc = scenarios.find((s) => s.name === name)!;
const p = play(simulate(sc, { seed: +seed!, accounts: +accounts!, days: +days! }));
for (const c of p.conclusion.campaigns) console.log(c.kind, new Date(c.firstAttempt).toISOString(), new Date(c.lastAttempt).toISOString(), "det", new Date(c.detectedAt).toISOString(), c.attempts, c.origins.length, c.origins.slice(0,2).map(o=>o.address), c.targets.length, c.targets.filter(t=>t.exists).length, c.confidence, c.why);
for (const f of p.conclusion.faults) console.log(f.kind, f.why);
