// `npm test`: the check, then every test. Prints the runner's closing lines, and what was skipped and why.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root, runnerArgs, testFiles } from "./runner.mjs";

const only = process.argv.slice(2);
let failed = false;
if (only.length === 0)
  failed = spawnSync(process.execPath, [join(root, "scripts", "check.mjs")], { stdio: "inherit" }).status !== 0;
const files = only.length > 0 ? only : testFiles();
const run = spawnSync(process.execPath, [...runnerArgs, ...files], {
  cwd: only.length > 0 ? process.cwd() : root,
  stdio: "inherit",
});
process.exit(failed || run.status !== 0 ? 1 : 0);
