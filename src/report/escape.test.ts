import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { cellsOf } from "./cells.ts";
import { escapeCsv, escapeHtml, escapeTerminal, visible } from "./escape.ts";

/** Strings as attackers write them: any characters, spiced with those that each place obeys. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 8 }),
      fc.constantFrom(
        "\u001b[31m",
        "\u001b]8;;https://evil.example\u0007",
        "\u009b2J",
        "\r",
        "\n",
        "\t",
        "\u202e",
        "\u2066",
      ),
      fc.constantFrom(
        "\u200b",
        "\u200d",
        "\ufeff",
        "\u00ad",
        "\ud800",
        "\udc00",
        "\u0301".repeat(30),
        "\u{e0041}",
        "\u2800",
      ),
      fc.constantFrom("<script>", '"', "'", "&amp;", "=", "+", "-", "@", ";=", ';"=', ", ", "＝", "漢字", "👩‍💻", " "),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

const dangerous = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

test("nothing that a terminal obeys or hides is left", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const shown = escapeTerminal(text);
      assert.doesNotMatch(shown, dangerous);
      assert.doesNotMatch(shown, /\p{M}{5}/u);
      assert.doesNotMatch(shown, /^[\p{M}\s]|\s$/u);
    }),
    { numRuns: 2_000 },
  );
});

test("a terminal text never takes more columns than allowed", () => {
  fc.assert(
    fc.property(hostile, fc.integer({ min: 4, max: 80 }), fc.boolean(), (text, cellsMax, ascii) => {
      const shown = escapeTerminal(text, { cellsMax, ascii });
      assert.ok(cellsOf(shown) <= cellsMax);
      if (ascii) assert.match(shown, /^[\x20-\x7e]*$/);
    }),
  );
});

test("plain text is shown as it is, and escaping twice changes nothing", () => {
  for (const text of ["a.meyer", "EXAMPLE\\o'neil", "müller@例え.example", "иван", "שרה", "2001:db8::1"])
    assert.equal(escapeTerminal(text), text);
  fc.assert(fc.property(hostile, (text) => assert.equal(visible(visible(text)), visible(text))));
});

test("what was hidden is written out", () => {
  assert.equal(escapeTerminal("\u001b[2Jroot"), "\\x1b[2Jroot");
  assert.equal(escapeTerminal("nimda\u202e"), "nimda\\u{202e}");
  assert.equal(escapeTerminal(" a\u00a0b "), "\\x20a\\xa0b\\x20");
  assert.equal(escapeTerminal("\ud800"), "\\u{d800}");
  assert.equal(escapeTerminal(`e${"\u0301".repeat(9)}`), "e\u0301\u0301\u0301\u0301\\+5");
  assert.equal(escapeTerminal("müller", { ascii: true }), "m\\xfcller");
});

test("an overlong text ends in an ellipsis, and a huge one takes no time", () => {
  assert.equal(escapeTerminal("abcdefgh", { cellsMax: 5 }), "abcd…");
  assert.equal(escapeTerminal("abcdefgh", { cellsMax: 5, ascii: true }), "ab...");
  assert.equal(escapeTerminal("漢字漢字", { cellsMax: 6 }), "漢字…");
  for (const flood of ["\u0301", "\u202e", ";", "=", '"', "<", " "]) {
    const text = flood.repeat(5_000_000);
    assert.ok(cellsOf(escapeTerminal(text)) <= 600);
    assert.ok(escapeHtml(text).length < 20_000);
    assert.ok(escapeCsv(text).length < 100_000);
  }
});

test("HTML text holds no markup and reads as the visible text", () => {
  const decode = (html: string): string =>
    html
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&quot;", '"')
      .replaceAll("&#39;", "'")
      .replaceAll("&amp;", "&");
  fc.assert(
    fc.property(hostile, (text) => {
      const html = escapeHtml(text);
      assert.doesNotMatch(html, /[<>"']/);
      assert.doesNotMatch(html, /&(?!(?:amp|lt|gt|quot|#39);)/);
      assert.doesNotMatch(html, dangerous);
      assert.equal(decode(html), visible(text));
    }),
    { numRuns: 2_000 },
  );
});

test("a row of CSV reads back as the visible texts, formulas with an apostrophe before them", () => {
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 2, maxLength: 4 }), (row) => {
      const [read = []]: string[][] = parse(`${row.map(escapeCsv).join(",")}\r\n`);
      assert.equal(read.length, row.length);
      for (const [index, field] of read.entries())
        assert.equal(
          field.replace(/^'|(?<=;["\s]*)'/gu, ""),
          visible(row[index] ?? "").replace(/^'|(?<=;["\s]*)'/gu, ""),
        );
    }),
    { numRuns: 2_000 },
  );
});

test("no cell starts a formula, whichever separator the spreadsheet takes", () => {
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 1, maxLength: 4 }), (row) => {
      const line = row.map(escapeCsv).join(",");
      assert.doesNotMatch(line, /[\t\r\n]/);
      for (const cell of line.split(";")) assert.doesNotMatch(cell, /^["\s]*[=+\-@＝＋－＠]/u);
      for (const field of row.map(escapeCsv)) assert.doesNotMatch(field, /^["\s]*[=+\-@＝＋－＠]/u);
    }),
    { numRuns: 2_000 },
  );
});

test("CSV fields are quoted where they must be, and numbers stay numbers", () => {
  assert.equal(escapeCsv("=1+1"), `"'=1+1"`);
  assert.equal(escapeCsv("@SUM(A1)"), `"'@SUM(A1)"`);
  assert.equal(escapeCsv("\t=1"), "\\t=1");
  assert.equal(escapeCsv("x;=1"), `"x;'=1"`);
  assert.equal(escapeCsv('a "b", c'), '"a ""b"", c"');
  assert.equal(escapeCsv(-3), "-3");
  assert.equal(escapeCsv("a.meyer"), "a.meyer");
});
