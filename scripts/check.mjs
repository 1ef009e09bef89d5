// `npm run check`: format, lint with typed rules, types, dead code, tidy. All at once, since they do not depend on each other.
import { spawn } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const paths = ["src", "sim", "bench", "test", "scripts"];
const steps = [
  ["format", "oxfmt", ["--check", ...paths]],
  ["lint", "oxlint", ["--type-aware", "--deny-warnings", ...paths]],
  ["types", "tsc", ["--noEmit"]],
  ["dead code", "knip", ["--no-progress"]],
  ["tidy", process.execPath, ["--test", "--test-reporter=dot", "test/tidy.test.ts"]],
];

const results = await Promise.all(
  steps.map(
    ([name, command, args]) =>
      new Promise((done) => {
        const binary = command === process.execPath ? command : join(root, "node_modules", ".bin", command);
        const child = spawn(binary, args, { cwd: root });
        let output = "";
        child.stdout.on("data", (part) => (output += part));
        child.stderr.on("data", (part) => (output += part));
        child.on("error", (error) => done([name, 1, String(error)]));
        child.on("close", (code) => done([name, code, output]));
      }),
  ),
);
let failed = false;
for (const [name, code, output] of results) {
  process.stdout.write(`${code === 0 ? "ok    " : "FAILED"} ${name}\n`);
  if (code !== 0) {
    failed = true;
    process.stdout.write(`${output}\n`);
  }
}
process.exit(failed ? 1 : 0);
