import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cellsOf, cut, padEnd, padStart, wrap } from "./cells.ts";

test("columns are counted as a terminal takes them", () => {
  assert.equal(cellsOf("a.meyer"), 7);
  assert.equal(cellsOf("漢字"), 4);
  assert.equal(cellsOf("e\u0301"), 1);
  assert.equal(cellsOf("🙂"), 2);
  assert.equal(cellsOf("▇"), 1);
});

test("padding and cutting go by columns", () => {
  assert.equal(padEnd("漢", 4), "漢  ");
  assert.equal(padStart("7", 3), "  7");
  assert.equal(cut("漢字", 3), "漢");
  assert.equal(cut("abc", 0), "");
});

test("wrapped lines fit, and hold every word in its order", () => {
  const words = fc.array(fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }), { maxLength: 20 });
  fc.assert(
    fc.property(words, fc.integer({ min: 2, max: 60 }), (parts, cells) => {
      const text = parts.join(" ");
      const lines = wrap(text, cells);
      for (const line of lines) assert.ok(cellsOf(line) <= cells, line);
      assert.equal(lines.join("").replaceAll(" ", ""), text.replaceAll(" ", ""));
    }),
  );
});
