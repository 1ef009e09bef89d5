/**
 * Golden corpora and fuzzing for sources: each source's folder has a `corpus/` of logs of our own writing, and beside
 * each log a `.golden.json` with what must be read from it. `UPDATE_GOLDEN=1 npm test` rewrites them; nothing else does.
 */
import assert from "node:assert/strict";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { LocalTime } from "#/sources/local-time.ts";
import type { Context, Entry, JsonObject, Reading, Source } from "#/sources/source.ts";
import { SyslogHeader } from "#/sources/wrappers/syslog.ts";
import { millis } from "#/platform/units.ts";

/** The moment from which years are inferred in corpora: 2026-11-23T12:00:00Z. */
const NOW = millis(Date.UTC(2026, 10, 23, 12));

/** Reads lines with one source, as the real reader does: header off, `message` where the program is its own, else `line`. */
export function lineReader(source: Source): (line: string) => Reading {
  const time = new LocalTime("UTC", NOW);
  const header = new SyslogHeader(time);
  const context: Context = { time };
  return (line) => {
    const entry: Entry = { at: undefined, host: "", program: "", pid: "", text: line };
    if (!header.unwrap(line, entry))
      Object.assign(entry, { at: undefined, host: "", program: "", pid: "", text: line });
    entry.program = entry.program.toLowerCase();
    if (source.message !== undefined && isFor(source, entry.program)) return source.message(entry, context);
    if (source.line !== undefined) {
      const own = source.line({ at: undefined, host: "", program: "", pid: "", text: line }, context);
      return own.kind === "foreign" && entry.at !== undefined ? source.line(entry, context) : own;
    }
    return { kind: "foreign" };
  };
}

export function objectReader(source: Source): (value: JsonObject) => Reading {
  const context: Context = { time: new LocalTime("UTC", NOW) };
  return (value) => source.object?.(value, context) ?? { kind: "foreign" };
}

function isFor(source: Source, program: string): boolean {
  return source.programs.some((name) =>
    name.endsWith("*") ? program.startsWith(name.slice(0, -1)) : program === name,
  );
}

/** Tests every `*.log` (lines) and `*.jsonl` (one JSON object per line) in `folder` against the golden file beside it. */
export function testCorpus(source: Source, folder: string): void {
  const files = readdirSync(folder).filter((name) => name.endsWith(".log") || name.endsWith(".jsonl"));
  assert.ok(files.length > 0, `${folder} holds no corpus`);
  for (const name of files) {
    test(`${source.id} reads its corpus ${name} as recorded`, () => {
      const readings = readCorpus(source, join(folder, name));
      const goldenFile = join(folder, name.replace(/\.(log|jsonl)$/, ".golden.json"));
      if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(goldenFile, `${JSON.stringify(readings, null, 1)}\n`);
      assert.deepEqual(readings, JSON.parse(readFileSync(goldenFile, "utf8")));
    });
  }
}

function readCorpus(source: Source, file: string): unknown[] {
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "");
  const readLine = lineReader(source);
  const readObject = objectReader(source);
  return lines.map((line) => {
    const reading = file.endsWith(".jsonl") ? readObject(JSON.parse(line) as JsonObject) : readLine(line);
    return { line, reading: plain(reading) };
  });
}

/** A reading as it stands in a golden file: times readable, neutral values left out. */
function plain(reading: Reading): unknown {
  if (reading.kind !== "evidence") return reading.kind === "malformed" ? `malformed: ${reading.why}` : reading.kind;
  const entries = Object.entries({ ...reading, at: new Date(reading.at).toISOString() });
  return Object.fromEntries(
    entries.filter(
      ([name, value]) => name !== "kind" && value !== "" && value !== false && !(name === "count" && value === 1),
    ),
  );
}

/**
 * Feeds the corpus, mutated, to the source: it must answer every time, never throw, and never with a time that is no
 * number, an empty count, or an address that does not stand in the line.
 */
export function fuzzSource(source: Source, folder: string): void {
  const logs = readdirSync(folder).filter((name) => name.endsWith(".log"));
  const lines = logs
    .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"))
    .filter((line) => line !== "");
  if (lines.length === 0) return;
  test(`${source.id} answers every mutated line of its corpus`, () => {
    const read = lineReader(source);
    const mutated = fc
      .tuple(
        fc.constantFrom(...lines),
        fc.constantFrom(...lines),
        fc.nat(400),
        fc.nat(400),
        fc.string({ maxLength: 40, unit: "binary" }),
      )
      .map(([line, other, from, to, junk]) => line.slice(0, from) + junk + other.slice(to));
    fc.assert(
      fc.property(mutated, (line) => {
        const reading = read(line);
        if (reading.kind !== "evidence") return;
        assert.ok(Number.isFinite(reading.at));
        assert.ok(Number.isInteger(reading.count) && reading.count >= 1);
        assert.ok((reading.outcome === "success") === (reading.reason === ""));
        assert.ok(reading.address === "" || line.includes(reading.address));
      }),
      { numRuns: 2_000 },
    );
  });
}
