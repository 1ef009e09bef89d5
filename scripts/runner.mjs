// How the test files are run: their names, and what Node is told. For `npm test` and `npm run fuzz`.
import { globSync } from "node:fs";
import { join } from "node:path";

export const root = join(import.meta.dirname, "..");

export const testFiles = () => globSync("{src,sim,bench,test}/**/*.test.ts", { cwd: root }).sort();

export const runnerArgs = [
  "--import",
  join(root, "test", "support", "seed.ts"),
  "--test",
  `--test-reporter=${join(root, "scripts", "reporter.mjs")}`,
];
