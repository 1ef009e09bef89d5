import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Framing } from "./framing.ts";

type Got = { readonly messages: string[]; readonly malformed: string[]; readonly rest: string };

function framed(chunks: readonly Buffer[], max = 64): Got {
  const got = { messages: [] as string[], malformed: [] as string[] };
  const framing = new Framing(max, {
    message: (bytes) => void got.messages.push(bytes.toString("latin1")),
    malformed: (why) => void got.malformed.push(why),
  });
  for (const chunk of chunks) framing.write(chunk);
  return { ...got, rest: framing.end().toString("latin1") };
}

const of = (text: string, max?: number): Got => framed([Buffer.from(text, "latin1")], max);

test("octet counting and line ends are told apart message by message", () => {
  const { messages, malformed, rest } = of("5 <1>ab<2>cd\n7 <3>e\nfg\n<4>h\r\n2026 is a year\n");
  assert.deepEqual(messages, ["<1>ab", "<2>cd", "<3>e\nfg", "<4>h\r", "2026 is a year"]);
  assert.deepEqual([malformed, rest], [[], ""]);
});

test("a message at the maximum is read, one beyond is passed over and told, and the next is read", () => {
  assert.deepEqual(of("8 <1>45678<2>4567\n", 8).messages, ["<1>45678", "<2>4567"]);
  const counted = of("9 <1>456789<2>b\n", 8);
  assert.deepEqual([counted.messages, counted.malformed], [["<2>b"], ["a message of 9 bytes, more than 8"]]);
  const line = of("<1>456789\n<2>b\n", 8);
  assert.deepEqual([line.messages, line.malformed], [["<2>b"], ["a line of more than 8 bytes"]]);
});

test("what is cut short at the end is half a line, or nothing", () => {
  assert.equal(of("<1>half").rest, "<1>half");
  const counted = of("50 <1>half");
  assert.deepEqual([counted.rest, counted.malformed.length], ["", 1]);
});

const text = fc
  .string({ unit: fc.constantFrom("<", ">", "0", "1", "2", " ", "a", "\r", "\0"), maxLength: 40 })
  .map((tail) => `<34>${tail}`);
const messages = fc.array(fc.tuple(text, fc.boolean()), { maxLength: 12 });

test("however a stream is cut into chunks, the same messages come out of it", () => {
  fc.assert(
    fc.property(messages, fc.array(fc.nat({ max: 60 }), { maxLength: 20 }), (all, cuts) => {
      const stream = Buffer.from(
        all.map(([message, isCounted]) => (isCounted ? `${message.length} ${message}` : `${message}\n`)).join(""),
        "latin1",
      );
      const chunks: Buffer[] = [];
      let from = 0;
      for (const cut of cuts) {
        chunks.push(stream.subarray(from, from + cut));
        from += cut;
      }
      chunks.push(stream.subarray(Math.min(from, stream.length)));
      const got = framed(chunks);
      assert.deepEqual(
        got.messages,
        all.map(([message]) => message),
      );
      assert.deepEqual([got.malformed, got.rest], [[], ""]);
    }),
    { numRuns: 500 },
  );
});

test("whatever is sent, no message is longer than allowed and every chunking says the same", () => {
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc
      .string({ unit: fc.constantFrom("<", "0", "1", "5", "9", " ", "\n"), maxLength: 200 })
      .map((said) => Buffer.from(said)),
  );
  fc.assert(
    fc.property(noise, (bytes) => {
      const whole = framed([bytes], 16);
      assert.ok(whole.messages.every(({ length }) => length <= 16));
      assert.deepEqual(
        framed(
          Array.from(bytes, (byte) => Buffer.from([byte])),
          16,
        ),
        whole,
      );
    }),
    { numRuns: 500 },
  );
});
