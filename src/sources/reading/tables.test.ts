import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { JsonObject } from "#/sources/source.ts";
import { rowLengthMax } from "./table-rows.ts";
import { Table, splitCsvLine } from "./tables.ts";

type Got = { readonly rows: JsonObject[]; readonly lines: number[]; readonly broken: string[] };

async function read(text: string, delimiter = ",", size = Math.max(text.length, 1)): Promise<Got> {
  const got: Got = { rows: [], lines: [], broken: [] };
  const table = new Table(delimiter, {
    record(value, line) {
      got.rows.push({ ...value });
      got.lines.push(line);
    },
    broken: (why, line, start) => got.broken.push(`${line}: ${why}: ${start.slice(0, 40)}`),
  });
  for (let at = 0; at < text.length; at += size) await table.write(text.slice(at, at + size));
  await table.end();
  return got;
}

const texts = ({ rows }: Got): string[] => rows.map((row) => Object.values(row).map(String).join("|"));
const header = "time,who,how\n";

test("a quoted field may hold the separator, quotes and line ends, and a row is told with the line that it ends on", async () => {
  const got = await read(`${header}1,"a, b",x\n2,"say ""hi""",x\r\n3,"two\nlines",x\n4,,\n`);
  assert.deepEqual(texts(got), ["1|a, b|x", '2|say "hi"|x', "3|two\nlines|x", "4||"]);
  assert.deepEqual(got.lines, [2, 3, 5, 6]);
  assert.deepEqual(got.broken, []);
});

test("any separator is taken, with a byte order mark or a line of PowerShell's before the header", async () => {
  for (const [delimiter, before] of [
    [",", "\ufeff"],
    [";", ""],
    ["\t", "#TYPE System.Data.DataRow\r\n"],
  ] as const) {
    const got = await read(`${before}${'time,who,how\r\n1,"x",y\r\n'.replaceAll(",", delimiter)}`, delimiter);
    assert.deepEqual(got.rows, [{ time: "1", who: "x", how: "y" }], JSON.stringify(delimiter));
  }
});

test("rows with more or fewer fields than the header count, and empty lines do not", async () => {
  assert.deepEqual(texts(await read(`${header}1,anna\n\n2,bert,x,more,and more\n\r\n3,carl,x`)), [
    "1|anna",
    "2|bert|x",
    "3|carl|x",
  ]);
});

test("a quote in the midst of a field is a character like others", async () => {
  assert.deepEqual(texts(await read(`${header}1,a"b,x\n2,"a"b",x\n3,c,x\n`)), ['1|a"b|x', '2|"a"b"|x', "3|c|x"]);
});

test("a quote that is never closed costs its own row and no other", async () => {
  for (const after of ["2,bert,x\n3,carl,x\n", '2,"bert",x\n3,"carl",x\n', '"2","bert","x"\r\n"3","carl","x"\r\n']) {
    const got = await read(`${header}0,"zoe",x\n1,"anna,x\n${after}`);
    assert.deepEqual(texts(got), ["0|zoe|x", "2|bert|x", "3|carl|x"], after);
    assert.deepEqual(got.lines, [2, 4, 5]);
    assert.deepEqual(got.broken, ['3: a quote that is not closed: 1,"anna,x']);
  }
  const last = await read(`${header}1,anna,x\n2,"bert`);
  assert.deepEqual(texts(last), ["1|anna|x"]);
  assert.equal(last.broken.length, 1);
});

test("a quote that is never closed does not swallow a table that is longer than any row", async () => {
  const rows = Array.from({ length: 100_000 }, (_, index) => `${index},user number ${index},x`).join("\n");
  const got = await read(`${header}0,"anna,x\n${rows}\n`, ",", 65_536);
  assert.equal(got.rows.length, 100_000);
  assert.equal(got.lines[0], 3);
  assert.equal(got.broken.length, 1);
});

test("a row of the greatest length is read, and one beyond it is passed over", async () => {
  const long = (length: number): string => `1,${"x".repeat(length - 3)}\n`;
  for (const size of [100_000, 4 << 20]) {
    assert.equal((await read(`${header}${long(rowLengthMax)}2,b,x\n`, ",", size)).rows.length, 2);
    const beyond = await read(`${header}${long(rowLengthMax + 1)}${long(3 * rowLengthMax)}2,b,x\n"`, ",", size);
    assert.deepEqual(texts(beyond), ["2|b|x"]);
    assert.deepEqual(beyond.lines, [4]);
    assert.deepEqual(
      beyond.broken.map((text) => text.slice(0, 28)),
      ["2: a row of more than 1 MiB:", "3: a row of more than 1 MiB:", "5: a quote that is not closed".slice(0, 28)],
    );
  }
});

test("a file of nothing but swallowed rows takes no longer than others", async () => {
  // Read from the first quote these rows never end, and from each row's own beginning neither.
  const got = await read(`${header}${'x","\n'.repeat(1_000_000)}`, ",", 262_144);
  assert.ok(got.broken.length < 1_000, String(got.broken.length));
});

const field = fc.oneof(
  fc.stringMatching(/^[a-z0-9 ]{0,6}$/),
  fc.constantFrom('"', '""', ",", "\n", "\r\n", '"x', 'a"b', "é", "😀", "a\nb,c"),
);
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

test("what a program wrote is read back, however the text is chunked", async () => {
  const table = fc.array(fc.tuple(field, field, field), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(table, fc.integer({ min: 1, max: 9 }), fc.constantFrom("\n", "\r\n"), async (rows, size, end) => {
      const written = rows.map((row) => `x${row.map((text) => `,${quoted(text)}`).join("")}${end}`).join("");
      const got = await read(`first,one,two,three${end}${written}`, ",", size);
      assert.deepEqual(
        got.rows,
        rows.map(([one, two, three]) => ({ first: "x", one, two, three })),
      );
      assert.deepEqual(got.broken, []);
    }),
    { numRuns: 300 },
  );
});

test("whatever is in it, a table is the same however it is chunked, and no line is lost without a word", async () => {
  const text = fc.string({ unit: fc.constantFrom('"', '"', ",", "\n", "\n", "\r", "a", "b"), maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (body, size) => {
      const whole = await read(`${header}${body}`);
      assert.deepEqual(await read(`${header}${body}`, ",", size), whole);
      const broken = await read(`${header}${body}\n1,"swallowing,x\n2,anna,x\n`);
      assert.ok(texts(broken).includes("2|anna|x"), JSON.stringify(broken));
    }),
    { numRuns: 1_000 },
  );
});

test("one line is cut into its fields, quotes undone", () => {
  assert.deepEqual(splitCsvLine("a,b,,c"), ["a", "b", "", "c"]);
  assert.deepEqual(splitCsvLine('a,"b, ""c""",,"d"'), ["a", 'b, "c"', "", "d"]);
  assert.deepEqual(splitCsvLine('"a",'), ["a", ""]);
  assert.deepEqual(splitCsvLine('"never closed, b'), ["never closed, b"]);
  assert.deepEqual(splitCsvLine(""), [""]);
  fc.assert(
    fc.property(fc.array(field, { minLength: 1, maxLength: 6 }), (fields) => {
      assert.deepEqual(splitCsvLine(fields.map((text) => quoted(text)).join(",")), fields);
    }),
  );
});
