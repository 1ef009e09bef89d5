// `npm run fuzz -- [ROUNDS] [FILE...]`: tries every property, or those of FILEs, on fresh examples, ROUNDS times (10). A
// failure names the seed: `FUZZ_SEED=... npm test` shows it again.
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, runnerArgs, testFiles } from "./runner.mjs";

const [rounds = "10", ...only] = process.argv.slice(2);
const tests = only.length > 0 ? only : testFiles();
const files = tests.filter((name) => /fast-check|fuzzSource/.test(readFileSync(join(root, name), "utf8")));
let failed = 0;
for (let round = 1; round <= Number(rounds); round += 1) {
  const seed = randomInt(2 ** 31);
  process.stdout.write(`round ${round} of ${rounds}, seed ${seed}\n`);
  const run = spawnSync(process.execPath, [...runnerArgs, ...files], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, FUZZ_SEED: String(seed) },
  });
  if (run.status === 0) continue;
  failed += 1;
  process.stdout.write(`${run.stdout}${run.stderr}\nround ${round} failed: FUZZ_SEED=${seed}\n`);
}
process.stdout.write(`${rounds} rounds, ${failed} failed\n`);
process.exit(failed > 0 ? 1 : 0);
