import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { Failure } from "#/platform/failure.ts";
import { seededRandom } from "#/platform/random.ts";
import { openBytes } from "./bytes.ts";

const root = mkdtempSync(join(tmpdir(), "portcullis-bytes-"));
after(() => rmSync(root, { recursive: true }));

type Got = { readonly bytes: Buffer; readonly notes: readonly string[]; readonly taken: number };

async function read(name: string, bytes: Buffer, chunkLength?: number): Promise<Got> {
  const path = join(root, name);
  writeFileSync(path, bytes);
  const opened = openBytes({ path, size: bytes.length, changed: undefined, isFound: false, notes: [] }, chunkLength);
  const chunks: Buffer[] = [];
  for await (const chunk of opened.chunks) chunks.push(Buffer.from(chunk));
  return { bytes: Buffer.concat(chunks), notes: opened.notes, taken: opened.taken() };
}

const random = seededRandom(1);
/** Some megabytes that do not compress to nothing. */
const text = Buffer.from(Array.from({ length: 100_000 }, (_, line) => `line ${line} ${random()}\n`).join(""));

for (const [name, compress] of [
  ["plain", (bytes: Buffer): Buffer => bytes],
  ["gzip", gzipSync],
  ["zstd", zstdCompressSync],
] as const) {
  test(`a ${name} file gives its text, whatever its name and the size of the chunks`, async () => {
    const bytes = compress(text);
    for (const chunkLength of [undefined, 4_096]) {
      const got = await read("log.txt", bytes, chunkLength);
      assert.ok(got.bytes.equals(text));
      assert.deepEqual(got.notes, []);
      assert.equal(got.taken, bytes.length);
    }
  });
}

for (const [name, compress] of [
  ["gzip", gzipSync],
  ["zstd", zstdCompressSync],
] as const) {
  test(`a ${name} file in several parts, as appending makes it, gives all of them`, async () => {
    const got = await read("parts", Buffer.concat([compress(Buffer.from("one\n")), compress(Buffer.from("two\n"))]));
    assert.equal(got.bytes.toString(), "one\ntwo\n");
  });

  test(`a ${name} file that is cut short gives what can be read, and a note`, async () => {
    const bytes = compress(text);
    const got = await read("cut", bytes.subarray(0, bytes.length >> 1));
    assert.ok(got.bytes.length > text.length / 3, String(got.bytes.length));
    assert.ok(text.subarray(0, got.bytes.length).equals(got.bytes));
    assert.match(got.notes.join(), /broken or cut short/);
  });

  test(`a ${name} file that is broken in its midst gives what comes before, however slowly it is taken`, async () => {
    const bytes = Buffer.from(compress(text));
    bytes.fill(0xff, bytes.length - 20_000, bytes.length - 19_000);
    const path = join(root, "broken");
    writeFileSync(path, bytes);
    const opened = openBytes({ path, size: 0, changed: undefined, isFound: false, notes: [] }, 16_384);
    let length = 0;
    for await (const chunk of opened.chunks) {
      length += chunk.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(length > text.length * 0.7, String(length));
    assert.match(opened.notes.join(), /broken or cut short/);
  });

  test(`a ${name} file of which nothing can be read is an error that asks whether it is whole`, async () => {
    const bytes = compress(text).subarray(0, 12);
    await assert.rejects(read("stump", bytes), (error) => isFailure(error, "compression-broken", /Is it whole/));
  });
}

test("what is no text is refused with the command that makes text of it", async () => {
  const tar = Buffer.alloc(1_024);
  tar.write("ustar", 257);
  const cases: readonly (readonly [Buffer | string, string, RegExp])[] = [
    ["BZh91AY&SYxxx", "compression-broken", /bzip2 -dc .* \| portcullis scan -/],
    [Buffer.from("fd377a585a000004", "hex"), "compression-broken", /xz -dc/],
    [Buffer.from("04224d1864", "hex"), "compression-broken", /lz4 -dc/],
    [Buffer.from("1f9d90", "hex"), "compression-broken", /zcat/],
    ["PK\x03\x04", "compression-broken", /unzip -p/],
    [tar, "compression-broken", /tar xf/],
    ["ElfFile\0", "file-unreadable", /wevtutil/],
    ["LPKSHHRH", "file-unreadable", /journalctl --file/],
    ["SQLite format 3\0", "file-unreadable", /--map/],
  ];
  for (const [bytes, code, message] of cases) {
    await assert.rejects(read("it's", Buffer.from(bytes)), (error) => isFailure(error, code, message), String(message));
  }
  assert.equal(
    (await read("log", Buffer.from("BZh is how this log begins\n"))).bytes.toString(),
    "BZh is how this log begins\n",
  );
});

test("reading can stop in the midst of a compressed file", async () => {
  const path = join(root, "stopped");
  writeFileSync(path, gzipSync(text));
  const opened = openBytes({ path, size: 0, changed: undefined, isFound: false, notes: [] }, 4_096);
  for await (const chunk of opened.chunks) {
    assert.ok(chunk.length > 0);
    break;
  }
  assert.ok(opened.taken() > 0);
});

test("padding after a compressed file is passed over", async () => {
  for (const compress of [gzipSync, zstdCompressSync]) {
    const got = await read("padded", Buffer.concat([compress(Buffer.from("one\n")), Buffer.alloc(5_000)]), 600);
    assert.equal(got.bytes.toString(), "one\n");
  }
});

test("an empty file gives nothing", async () => {
  assert.deepEqual(await read("empty", Buffer.alloc(0)), { bytes: Buffer.alloc(0), notes: [], taken: 0 });
});

test("a directory or a file that has gone is said not to be readable", async () => {
  const chunks = (path: string): AsyncIterator<Buffer> =>
    openBytes({ path, size: 0, changed: undefined, isFound: false, notes: [] }).chunks[Symbol.asyncIterator]();
  await assert.rejects(chunks(root).next(), (error) => isFailure(error, "file-unreadable", /cannot be read/));
  await assert.rejects(chunks(join(root, "gone")).next(), (error) =>
    isFailure(error, "file-not-found", /no such file/),
  );
});

function isFailure(error: unknown, code: string, message: RegExp): boolean {
  return error instanceof Failure && error.code === code && message.test(error.message);
}
