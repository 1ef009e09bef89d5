import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { JsonObject } from "#/sources/source.ts";
import { JsonDocuments, recordLengthMax, wholeLengthMax } from "./json-documents.ts";

type Got = {
  readonly records: JsonObject[];
  readonly lines: number[];
  readonly broken: string[];
  readonly isWhole: boolean;
};

function read(text: string, size = Math.max(text.length, 1)): Got {
  const records: JsonObject[] = [];
  const lines: number[] = [];
  const broken: string[] = [];
  const documents = new JsonDocuments({
    record(value, line) {
      records.push(value);
      lines.push(line);
    },
    broken(why, line) {
      broken.push(`${line}: ${why}`);
    },
  });
  for (let at = 0; at < text.length; at += size) documents.write(text.slice(at, at + size));
  return { records, lines, broken, isWhole: documents.end() };
}

const value = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.constantFrom('"', "\\", '\\"', "{[", "]}", "a:b", '","'),
  fc.integer(),
  fc.constant(null),
  fc.array(fc.constantFrom("[", "{}", '"'), { maxLength: 3 }),
);
const record = fc.dictionary(
  fc.stringMatching(/^[a-z"\\:{}[\]]{1,8}$/),
  fc.oneof(value, fc.dictionary(fc.string({ maxLength: 4 }), value)),
  {
    maxKeys: 5,
    noNullPrototype: true,
  },
);

for (const [name, write] of [
  ["an array at the top", (records: readonly object[]) => JSON.stringify(records)],
  ["an array laid out over lines", (records: readonly object[]) => JSON.stringify(records, undefined, 2)],
  ["objects one after the other", (records: readonly object[]) => records.map((one) => JSON.stringify(one)).join("\n")],
  [
    "objects laid out over lines",
    (records: readonly object[]) => records.map((one) => JSON.stringify(one, undefined, 2)).join("\n"),
  ],
] as const) {
  test(`${name} gives each record, however the text is chunked`, () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 6 }), fc.integer({ min: 1, max: 30 }), (records, size) => {
        const got = read(write(records), size);
        assert.deepEqual(got.records, JSON.parse(JSON.stringify(records)));
        assert.deepEqual(got.broken, []);
        assert.ok(got.isWhole);
      }),
      { numRuns: 300 },
    );
  });
}

test("a record is told with the line that it begins on", () => {
  assert.deepEqual(read('[\n{"a":1},\n\n{"b":\n2},{"c":3}]').lines, [2, 4, 5]);
});

test("an object with a list in it is handed on whole where it is small: it may be a record itself", () => {
  const whole = { kind: "audit", events: [{ name: "one" }, { name: "two" }] };
  assert.deepEqual(read(JSON.stringify(whole)).records, [whole]);
});

const padding = (length: number): string => "x".repeat(length);

test("an object too large for a record is taken for the wrapper of a list, in the memory of one record", () => {
  for (const size of [1_000, 65_536, 1 << 22]) {
    const records = Array.from({ length: 300 }, (_, index) => ({ index, text: padding(5_000), value: [{ inner: 1 }] }));
    const document = {
      "@odata.context": 'https://x/"value":[',
      other: [{ no: 1 }],
      value: records,
      more: { value: [{ no: 2 }] },
    };
    const got = read(JSON.stringify(document, undefined, size === 1_000 ? 1 : undefined), size);
    assert.deepEqual(got.records, records, String(size));
    assert.deepEqual(got.broken, []);
    assert.ok(got.isWhole);
  }
});

test("after a large wrapper the next document is read", () => {
  const wrapper = { records: [{ text: padding(wholeLengthMax) }, { last: true }] };
  const got = read(`${JSON.stringify(wrapper)}\n{"next":1}\n${JSON.stringify(wrapper)}`, 100_000);
  assert.deepEqual(
    got.records.map((one) => Object.keys(one)[0]),
    ["text", "last", "next", "text", "last"],
  );
});

test("an object of the greatest length is a record, one beyond it without a list is reported", () => {
  const object = (length: number): string => `{"a":"${padding(length - 8)}"}`;
  assert.equal(read(object(wholeLengthMax), 100_000).records.length, 1);
  const beyond = read(`\n${object(wholeLengthMax + 1)}\n{"b":1}`, 100_000);
  assert.deepEqual(beyond.records, [{ b: 1 }]);
  assert.deepEqual(beyond.broken, ["2: an object of more than 1 MiB without a list of records"]);
});

test("an element that is too long is reported and passed over", () => {
  const long = `{"a":"${padding(recordLengthMax)}"}`;
  const got = read(`[{"b":1},\n${long},{"c":1}]`, 100_000);
  assert.deepEqual(got.records, [{ b: 1 }, { c: 1 }]);
  assert.deepEqual(got.broken, ["2: a record of more than 4 MiB"]);
});

test("a record that is not valid is reported, and the next one read", () => {
  const got = read('[{"a":1},{"b":oops},{"c":1}]');
  assert.deepEqual(got.records, [{ a: 1 }, { c: 1 }]);
  assert.match(got.broken.join(), /^1: not valid JSON/);
});

test("a document that is cut short gives the records before its end, and is not whole", () => {
  const got = read('[{"a":1},{"b":2},{"c"');
  assert.deepEqual(got.records, [{ a: 1 }, { b: 2 }]);
  assert.ok(!got.isWhole);
});
