#!/usr/bin/env node
// The way in. Plain JavaScript that any Node from 20 on can run: it installs what is missing, finds a Node that is new
// enough for the program itself, and hands over. Everything it says goes to standard error, so that the program's
// standard output stays the program's own.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { programIn } from "./build.mjs";

/** The oldest Node that runs the program: type stripping without a warning, `#/` imports, node:sqlite, zstd. */
const NODE_MIN = [24, 16];

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const say = (text) => process.stderr.write(`portcullis: ${text}\n`);

/** Installs from the lock file in `folder`, unless what that lock file names is there already. */
function install(folder, what, args) {
  const stampFile = join(folder, "node_modules", ".portcullis-stamp");
  const stamp = createHash("sha256")
    .update(readFileSync(join(folder, "package-lock.json")))
    .update(args.join(" "))
    .digest("hex");
  const stampFull = createHash("sha256")
    .update(readFileSync(join(folder, "package-lock.json")))
    .digest("hex");
  const found = existsSync(stampFile) ? readFileSync(stampFile, "utf8") : "";
  if (found === stamp || found === stampFull) return;
  say(`installing ${what} (once) ...`);
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const done = spawnSync(npm, ["install", "--no-save", "--no-audit", "--no-fund", "--loglevel=error", ...args], {
    cwd: folder,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
    env: Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^npm_config_(omit|include|silent|loglevel)$/i.test(name)),
    ),
  });
  if (done.status !== 0) {
    say(`installing ${what} failed. Is the npm registry reachable from here? Try: npm install --prefix "${folder}"`);
    process.exit(1);
  }
  mkdirSync(join(folder, "node_modules"), { recursive: true });
  writeFileSync(stampFile, stamp);
}

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]);
}

/** The user's own Node where it is new enough, else one from the npm registry that lives in runtime/ and touches nothing. */
function findNode() {
  if (isNewEnough(process.versions.node)) return process.execPath;
  const folder = join(root, "runtime");
  install(folder, `Node ${NODE_MIN.join(".")} or newer, beside your own ${process.versions.node}`, []);
  const modules = join(folder, "node_modules");
  for (const name of readdirSync(modules)) {
    for (const binary of ["bin/node", "bin/node.exe"]) {
      const path = join(modules, name, binary);
      if (name.startsWith("node-") && existsSync(path)) return path;
    }
  }
  say(
    `no Node ${NODE_MIN.join(".")} for ${process.platform}-${process.arch} in the npm registry: ` +
      "install a newer Node yourself and start again",
  );
  return process.exit(1);
}

/** Runs it to its end. Who stops this process stops that one: a service is told by its process id. */
function hand(node, args) {
  // Stripping types and compiling takes longer than many a scan: the second start finds it done.
  const env = { NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "compile"), ...process.env };
  const child = spawn(node, args, { stdio: "inherit", env });
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  // From the keyboard it reaches both.
  process.on("SIGINT", () => {});
  child.once("error", (error) => {
    say(`cannot run ${node}: ${error.message}`);
    process.exit(1);
  });
  child.once("exit", (status, signal) => {
    if (signal === null) process.exit(status ?? 1);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

const [first, ...rest] = process.argv.slice(2);
const forDevelopers = first === "--test" || first === "--check" || first === "--dev";
install(root, forDevelopers ? "what the tests need" : "what Portcullis needs", forDevelopers ? [] : ["--omit=dev"]);
const node = findNode();
// `npm start` runs in the project's folder; the paths the user typed are relative to where they typed them.
if (process.env.npm_lifecycle_event === "start" && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);

if (first === "--test") hand(node, [join(root, "scripts", "test.mjs"), ...rest]);
else if (first === "--check") hand(node, [join(root, "scripts", "check.mjs"), ...rest]);
else if (first === "--dev") hand(node, rest);
// A scan's records only ever grow: with room from the start, no time goes into looking for what could be thrown away. Beyond
// that, memory is dearer than the time to look.
else
  hand(node, [
    "--max-semi-space-size=16",
    "--initial-old-space-size=320",
    "--heap-growing-percent=40",
    await programIn(root),
    ...process.argv.slice(2),
  ]);
