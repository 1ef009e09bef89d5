/** What tests of sources that read web servers and web applications share: readings in one row, and fuzzing of JSON. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { JsonObject, Reading, Source } from "#/sources/source.ts";
import { objectReader } from "./corpus.ts";

/**
 * Outcome, reason, account and address of evidence; the kind of any other reading, with the reason if it is malformed.
 */
export function row(reading: Reading): readonly string[] {
  if (reading.kind === "malformed") return [reading.kind, reading.why];
  if (reading.kind !== "evidence") return [reading.kind];
  return [reading.outcome, reading.reason, reading.account, reading.address];
}

/**
 * Feeds the objects of `*.jsonl` corpora with values replaced, dropped and swapped: an answer every time, and a sane
 * one.
 */
export function fuzzObjects(source: Source, folder: string): void {
  const objects = readdirSync(folder)
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"))
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as JsonObject);
  test(`${source.id} answers every mutated object of its corpus`, () => {
    const read = objectReader(source);
    const value = fc.oneof(
      fc.string({ maxLength: 60, unit: "binary" }),
      fc.integer(),
      fc.double(),
      fc.jsonValue(),
      fc.constant(undefined),
    );
    const mutated = fc
      .tuple(fc.constantFrom(...objects), fc.nat(), fc.nat(), value)
      .map(([object, which, inner, replacement]) => {
        const names = Object.keys(object);
        const name = names[which % names.length] ?? "";
        const old = object[name];
        const nested = typeof old === "object" && old !== null && !Array.isArray(old) ? Object.keys(old) : [];
        const innerName = nested[inner % (nested.length + 1)];
        const changed = innerName === undefined ? replacement : { ...(old as JsonObject), [innerName]: replacement };
        return Object.assign(structuredClone(object), { [name]: changed });
      });
    fc.assert(
      fc.property(mutated, (object) => {
        const reading = read(object);
        if (reading.kind !== "evidence") return;
        assert.ok(Number.isFinite(reading.at));
        assert.equal(reading.outcome === "success", reading.reason === "");
        assert.ok(reading.address === "" || JSON.stringify(object).includes(reading.address));
      }),
      { numRuns: 2_000 },
    );
  });
}
