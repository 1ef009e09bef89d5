/**
 * Tidiness as a test: the import law, no cycles, the length of files and functions as a ratchet, no clock and no randomness
 * outside platform/. Proves on planted trespasses that it can fail, and that it has looked at files at all.
 */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { test } from "node:test";

const root = join(import.meta.dirname, "..");

/** The rooms in the order of the data: each may import those before it, and its own. */
const rooms = [
  ["platform"],
  ["signin"],
  ["sources", "familiarity"],
  ["inputs", "detectors"],
  ["incidents"],
  ["gate"],
  ["watch"],
  ["store"],
  ["report"],
  ["cli"],
  ["watch-thread.ts"],
  ["main.ts"],
] as const;

/** No file is longer than this; functions likewise. Lower them when you can; raising one needs a reason in the commit. */
const FILE_LINES_MAX = 400;
const FUNCTION_LINES_MAX = 70;

type SourceFile = { readonly path: string; readonly text: string };

function load(): SourceFile[] {
  return globSync("{src,sim,bench,test,scripts}/**/*.{ts,mjs}", { cwd: root })
    .filter((path) => !path.includes("node_modules"))
    .map((path) => ({ path: path.replaceAll("\\", "/"), text: readFileSync(join(root, path), "utf8") }));
}

const files = load();
const sourceFiles = files.filter(({ path }) => path.startsWith("src/"));

const room = (path: string): string => path.split("/")[1] ?? "";
const level = (path: string): number => rooms.findIndex((names) => names.some((name) => name === room(path)));

function importsOf({ path, text }: SourceFile): { target: string; typeOnly: boolean }[] {
  const found: { target: string; typeOnly: boolean }[] = [];
  for (const [statement, specifier = ""] of text.matchAll(
    /^(?:import|export)\s[^;]*?from\s+"([^"]+)"|^import\s+"[^"]+"/gm,
  )) {
    const target = specifier.startsWith("#/")
      ? `src/${specifier.slice(2)}`
      : specifier.startsWith(".")
        ? relative(root, join(root, dirname(path), specifier)).replaceAll("\\", "/")
        : "";
    if (target !== "") found.push({ target, typeOnly: /^(?:import|export)\s+type\s/.test(statement) });
  }
  return found;
}

function lawBreaks(all: readonly SourceFile[]): string[] {
  const breaks: string[] = [];
  for (const file of all.filter(({ path }) => path.startsWith("src/") && !path.endsWith(".test.ts"))) {
    if (level(file.path) < 0) breaks.push(`${file.path}: the room ${room(file.path)} is not in the law`);
    for (const { target } of importsOf(file)) {
      const isOwn = room(target) === room(file.path);
      if (!target.startsWith("src/") && file.path !== "src/main.ts")
        breaks.push(`${file.path} imports ${target}, outside src`);
      else if (!isOwn && level(target) >= level(file.path))
        breaks.push(`${file.path} imports ${target}, which comes later or beside it`);
    }
  }
  return breaks;
}

function cycles(all: readonly SourceFile[]): string[] {
  const edges = new Map(
    all.map((file) => [
      file.path,
      importsOf(file)
        .filter(({ typeOnly }) => !typeOnly)
        .map(({ target }) => target),
    ]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      found.push([...trail.slice(trail.indexOf(path)), path].join(" -> "));
      return;
    }
    if (done.has(path)) return;
    done.add(path);
    for (const target of edges.get(path) ?? []) visit(target, [...trail, path]);
  };
  for (const path of edges.keys()) visit(path, []);
  return found;
}

const forbidden =
  /\bDate\.now\b|new Date\(\)|\bMath\.random\b|(?<!\bsocket\.)\bsetTimeout\b|\bsetInterval\b|\bperformance\.now\b|\bprocess\.hrtime\b|\bTemporal\.Now\b/;

function clockReads(all: readonly SourceFile[]): string[] {
  return all
    .filter(
      ({ path }) => /^(?:src|sim)\//.test(path) && !path.startsWith("src/platform/") && !path.endsWith(".test.ts"),
    )
    .flatMap(({ path, text }) =>
      text
        .split("\n")
        .flatMap((line, index) =>
          forbidden.test(line.replace(/\/\/.*|^\s*\*.*/, "")) ? [`${path}:${index + 1}: ${line.trim()}`] : [],
        ),
    );
}

/** Functions longer than the maximum, found by their indentation: formatted code closes a block where it opened it. */
function longFunctions(all: readonly SourceFile[]): string[] {
  const found: string[] = [];
  for (const { path, text } of all.filter((file) => !file.path.endsWith(".test.ts"))) {
    const lines = text.split("\n");
    for (const [index, line] of lines.entries()) {
      const opens =
        /^(\s*)(?:export )?(?:async )?(?:function\b|(?:static |readonly |private |#)*[\w#]+\([^;]*\)(?:: [^;=]+)? \{$|(?:export )?const \w+ = (?:async )?\()/.exec(
          line,
        );
      if (opens === null || !line.trimEnd().endsWith("{") || /^\s*(?:if|for|while|switch|catch)\b/.test(line)) continue;
      const close = lines.findIndex((other, at) => at > index && other.startsWith(`${opens[1] ?? ""}}`));
      if (close - index + 1 > FUNCTION_LINES_MAX) found.push(`${path}:${index + 1}: ${close - index + 1} lines`);
    }
  }
  return found;
}

const longFiles = (all: readonly SourceFile[]): string[] =>
  all
    .map(({ path, text }) => [path, text.split("\n").length - 1] as const)
    .filter(([, lines]) => lines > FILE_LINES_MAX)
    .map(([path, lines]) => `${path}: ${lines} lines`);

test("tidy has looked at the files", () => {
  assert.ok(sourceFiles.length > 30, `only ${sourceFiles.length} files`);
  assert.ok(sourceFiles.flatMap(importsOf).length > 50);
});

test("imports go one way", () => assert.deepEqual(lawBreaks(files), []));
test("no file imports itself in the end", () => assert.deepEqual(cycles(files), []));
test("nobody but platform reads a clock or draws lots", () => assert.deepEqual(clockReads(files), []));
test(`no file is longer than ${FILE_LINES_MAX} lines`, () => assert.deepEqual(longFiles(files), []));
test(`no function is longer than ${FUNCTION_LINES_MAX} lines`, () => assert.deepEqual(longFunctions(files), []));

/** What the page of a detector says, under these headings. */
const aboutHeadings = ["What it detects", "What it cannot see", "What could be mistaken for it", "State", "Settings"];

const detectors = globSync("src/detectors/*/", { cwd: root })
  .map((path) => path.replaceAll("\\", "/").replace(/\/$/, ""))
  .filter((path) => !path.endsWith("/toolbox"));

/** What is wrong with a detector's page. @param settings docs/settings.md, which has every section and setting that the page may name. */
function aboutFaults(path: string, about: string, settings: string): string[] {
  const missing = aboutHeadings
    .filter((heading) => !about.includes(`\n## ${heading}\n`))
    .map((heading) => `${path}: no ${heading}`);
  const paragraph = about.slice(about.indexOf("\n## Settings"));
  const [section, ...named] = [...paragraph.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name);
  const page = settings.split(/^## /m).find((one) => one.startsWith(`${section ?? "none"}\n`));
  if (page === undefined) return [...missing, `${path}: no section ${section}`];
  return [...missing, ...named.filter((name) => !page.includes(`\`${name}\``)).map((name) => `${path}: no ${name}`)];
}

const readIfThere = (path: string): string =>
  globSync(path, { cwd: root })
    .map((one) => readFileSync(join(root, one), "utf8"))
    .join("");

test("every detector has a page that says what it does and does not, and names settings that exist", () => {
  assert.ok(detectors.length >= 8, `${detectors.length}`);
  const settings = readIfThere("docs/settings.md");
  assert.deepEqual(
    detectors.flatMap((path) => aboutFaults(path, readIfThere(`${path}/about.md`), settings)),
    [],
  );
});

test("every planted trespass is caught", () => {
  const planted = (path: string, text: string): SourceFile[] => [...files, { path, text }];
  assert.equal(lawBreaks(planted("src/platform/bad.ts", 'import { Judge } from "#/incidents/judge.ts";\n')).length, 1);
  assert.equal(
    lawBreaks(planted("src/familiarity/bad.ts", 'import type { Source } from "#/sources/source.ts";\n')).length,
    1,
  );
  assert.equal(lawBreaks(planted("src/attic/bad.ts", "export const bad = 1;\n")).length, 1);
  assert.equal(
    lawBreaks(planted("src/signin/bad.ts", 'import { simulate } from "../../sim/simulate.ts";\n')).length,
    1,
  );
  const round = [
    { path: "src/signin/a.ts", text: 'import { b } from "./b.ts";\n' },
    { path: "src/signin/b.ts", text: 'import { a } from "./a.ts";\n' },
  ];
  assert.equal(cycles(round).length, 1);
  assert.equal(clockReads(planted("src/signin/bad.ts", "export const now = () => Date.now();\n")).length, 1);
  assert.equal(clockReads(planted("sim/bad.ts", "export const lot = () => Math.random();\n")).length, 1);
  assert.equal(longFiles(planted("src/signin/bad.ts", "\n".repeat(FILE_LINES_MAX + 1))).length, 1);
  assert.equal(longFiles(planted("src/signin/good.ts", "\n".repeat(FILE_LINES_MAX))).length, 0);
  const body = "  step();\n".repeat(FUNCTION_LINES_MAX);
  assert.equal(longFunctions(planted("src/signin/bad.ts", `export function long(): void {\n${body}}\n`)).length, 1);
  const page = aboutHeadings.map((heading) => `\n## ${heading}\n`).join("");
  const settings = "## oneSection\n| `some` |\n## another\n| `other` |\n";
  assert.equal(aboutFaults("detector", `${page}\`oneSection\`, of which \`some\`.`, settings).length, 0);
  assert.equal(aboutFaults("detector", `${page}\`oneSection\`, of which \`other\`.`, settings).length, 1);
  assert.equal(aboutFaults("detector", `${page}\`none\`.`, settings).length, 1);
  assert.equal(aboutFaults("detector", `${page.replace("State", "Stat")}\`oneSection\``, settings).length, 1);
  assert.equal(aboutFaults("detector", "", settings).length, 6);
});
