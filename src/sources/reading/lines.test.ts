import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ToUtf8 } from "./encoding.ts";
import { LineCutter, jsonLineLengthMax, lineLengthMax } from "./lines.ts";

type Cut = { readonly lines: readonly string[]; readonly overlong: readonly string[]; readonly rest: string };

function cut(bytes: Buffer, size = bytes.length, endsWithReturn = false): Cut {
  const lines: string[] = [];
  const overlong: string[] = [];
  const sink = { line: (text: string) => lines.push(text), overlong: (start: string) => overlong.push(start) };
  const cutter = new LineCutter(sink, endsWithReturn);
  const encoding = new ToUtf8();
  for (let at = 0; at < bytes.length; at += size) cutter.write(encoding.convert(bytes.subarray(at, at + size)));
  const rest = cutter.end();
  return { lines, overlong, rest };
}

const cutText = (text: string, size?: number): Cut => cut(Buffer.from(text), size);

test("lines are the same however the bytes are chunked", () => {
  const line = fc.oneof(
    fc.stringMatching(/^[ -~]{0,30}$/),
    fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => text.replace(/[\r\n\0\ufeff\ud800-\udfff]/g, "")),
  );
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 40 }), (lines, size) => {
      const { lines: found, rest } = cutText(lines.join("\n"), size);
      assert.deepEqual([...found, rest], lines);
    }),
    { numRuns: 500 },
  );
});

test("both kinds of line end are taken off, and a lone carriage return is a character", () => {
  assert.deepEqual(cutText("one\r\ntwo\nthr\ree\n\r\n"), {
    lines: ["one", "two", "thr\ree", ""],
    overlong: [],
    rest: "",
  });
});

test("a file of lone carriage returns is cut at them where the reader says so", () => {
  assert.deepEqual(cut(Buffer.from("one\rtwo\rthree"), 4, true).lines, ["one", "two"]);
});

test("a half-written last line is told apart", () => {
  assert.deepEqual(cutText("one\ntw"), { lines: ["one"], overlong: [], rest: "tw" });
  assert.equal(cutText("one\ntwo\r").rest, "two");
});

test("what is not UTF-8 is replaced, and does not touch other lines", () => {
  const bytes = Buffer.concat([Buffer.from("één\n"), Buffer.from([0xc3, 0x28, 0xff, 10]), Buffer.from("two\n")]);
  assert.deepEqual(cut(bytes).lines, ["één", "\ufffd(\ufffd", "two"]);
});

test("NULs at the ends of a line are taken off, however many, and those within kept", () => {
  const hole = Buffer.alloc(3 * lineLengthMax);
  const bytes = Buffer.concat([Buffer.from("one\n"), hole, Buffer.from("two\0\0\nth\0ree\n"), hole]);
  assert.deepEqual(cut(bytes, 10_000), { lines: ["one", "two", "th\0ree"], overlong: [], rest: "" });
});

test("a line of the greatest length is read, and one beyond it is passed over to its end", () => {
  const longest = "x".repeat(lineLengthMax);
  for (const size of [1_000, 70_000, 1 << 20]) {
    assert.deepEqual(cutText(`${longest}\nnext\n`, size).lines, [longest, "next"], String(size));
    const beyond = cutText(`first\n${longest}y\nnext\n${longest}${longest}${longest}\nlast\n`, size);
    assert.deepEqual(beyond.lines, ["first", "next", "last"], String(size));
    assert.deepEqual(beyond.overlong, ["x".repeat(400), "x".repeat(400)], String(size));
  }
  assert.deepEqual(cutText(`${longest}y`, 1_000), { lines: [], overlong: ["x".repeat(400)], rest: "" });
});

test("a line of JSON may be longer than others, and has its maximum too", () => {
  const json = (length: number): string => `{${"x".repeat(length - 1)}`;
  for (const size of [10_000, 4 << 20]) {
    assert.equal(cutText(`${json(jsonLineLengthMax)}\n`, size).lines.length, 1);
    assert.equal(cutText(`${json(jsonLineLengthMax + 1)}\nnext\n`, size).overlong.length, 1);
  }
});

test("UTF-16 is decoded, with a byte order mark of either order or none, over borders of chunks", () => {
  const text = "één\r\ntwo 😀\r\n";
  const little = Buffer.from(text, "utf16le");
  const big = Buffer.from(little).swap16();
  const plain = Buffer.from("plain\nsecond é\n", "utf16le");
  for (const size of [4, 5, 7, 100]) {
    assert.deepEqual(cut(Buffer.concat([Buffer.from([0xff, 0xfe]), little]), size).lines, ["één", "two 😀"]);
    assert.deepEqual(cut(Buffer.concat([Buffer.from([0xfe, 0xff]), big]), size).lines, ["één", "two 😀"]);
    assert.deepEqual(cut(plain, size).lines, ["plain", "second é"]);
    assert.deepEqual(cut(Buffer.from(plain).swap16(), size).lines, ["plain", "second é"]);
  }
});

test("the mark of UTF-8 is no part of the first line", () => {
  assert.deepEqual(cutText("\ufeffone\n").lines, ["one"]);
});

test("a large chunk is cut like many small ones", () => {
  const lines = Array.from({ length: 4_000 }, (_, index) => `${index}`.padEnd((index * 37) % 211, "é"));
  const long = "x".repeat(60_000);
  const text = [...lines, long, ...lines, long, long, ...lines].join("\n");
  assert.deepEqual(cutText(`${text}\n`), { lines: text.split("\n"), overlong: [], rest: "" });
  assert.deepEqual(cutText(text), { lines: text.split("\n").slice(0, -1), overlong: [], rest: lines.at(-1) });
});
