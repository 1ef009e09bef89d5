// The program as a few files that load quickly: a hundred small TypeScript files take a quarter of a second to find, strip and link,
// which is longer than many a scan. Built when first started and again whenever a source has changed; where it cannot be
// built, the program runs from its sources, as it does in the tests.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

/** Where the builds lie, each in a folder that is named after what it was built from. */
const FOLDER = "build";
/** Earlier builds that are kept: a process that was started from one may yet open more of its files. */
const KEPT = 3;

/** The file to start: of the build of the sources as they are now or, where there can be none, the source itself. */
export async function programIn(root) {
  const program = join(root, FOLDER, stampOf(root), "main.js");
  if (existsSync(program)) return program;
  try {
    await build(root, join(program, ".."));
    return program;
  } catch {
    // Another user's installation, perhaps, in which nothing may be written.
    return join(root, "src", "main.ts");
  }
}

/** Changes with every file that may be in the build. */
function stampOf(root) {
  const hash = createHash("sha256");
  for (const folder of ["src", "sim"]) {
    for (const name of readdirSync(join(root, folder), { recursive: true }).sort()) {
      if (!name.endsWith(".ts") || name.endsWith(".test.ts")) continue;
      const { size, mtimeMs } = statSync(join(root, folder, name));
      hash.update(`${folder}/${name} ${size} ${mtimeMs}\n`);
    }
  }
  for (const name of ["package.json", "package-lock.json", join("scripts", "build.mjs")]) {
    const { size, mtimeMs } = statSync(join(root, name));
    hash.update(`${name} ${size} ${mtimeMs}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}

async function build(root, folder) {
  const esbuild = await import("esbuild");
  const unfinished = mkdtempSync(join(root, "node_modules", ".build-"));
  try {
    await esbuild.build({
      absWorkingDir: root,
      entryPoints: ["src/main.ts", "src/watch-thread.ts", "src/sources/reading/thread.ts"],
      entryNames: "[name]",
      outdir: unfinished,
      bundle: true,
      splitting: true,
      platform: "node",
      format: "esm",
      target: "node24",
      // Packages of before modules look for `require`.
      banner: {
        js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
      },
      logLevel: "silent",
    });
    forget(join(root, FOLDER));
    place(unfinished, folder);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Whole or not at all: somebody else may be building the same. */
function place(unfinished, folder) {
  mkdirSync(join(folder, ".."), { recursive: true });
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  }
}

function forget(builds) {
  if (!existsSync(builds)) return;
  const oldest = readdirSync(builds)
    .map((name) => ({ path: join(builds, name), made: statSync(join(builds, name)).mtimeMs }))
    .sort((left, right) => right.made - left.made);
  for (const { path } of oldest.slice(KEPT)) rmSync(path, { recursive: true, force: true });
}
