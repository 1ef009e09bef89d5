// The small parts: ids as marks, addresses as numbers, hashes that may be equal, and what flush means to SQLite.
import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import fc from "fast-check";
import { seededRandom } from "#/platform/random.ts";
import { defaults } from "#/store/settings.ts";
import { freshFolder } from "../../../test/support/folders.ts";
import { MONDAY, at, success } from "../../../test/support/signins.ts";
import { Database } from "./database.ts";
import { markOf } from "./marks.ts";
import { openStore } from "./open.ts";
import { packed, unpacked } from "./packed-address.ts";
import { textHash } from "./text-hash.ts";

test("an address comes out as it went in", () => {
  const digitsAndDots = fc.string({ unit: "binary-ascii" }).map((text) => text.replace(/[^0-9.]/g, "1."));
  fc.assert(
    fc.property(
      fc.oneof(fc.ipV4(), fc.ipV6(), fc.string(), digitsAndDots),
      (address) => unpacked(packed(address)) === address,
    ),
  );
  for (const odd of [
    "",
    ".",
    "1",
    "1.2.3",
    "1.2.3.",
    "1.2.3.4.",
    "1.2.3.4.5",
    "01.2.3.4",
    "00.0.0.0",
    "256.1.1.1",
    "1..2.3",
  ])
    assert.equal(packed(odd), odd);
  assert.equal(packed("192.0.2.10"), 3_221_225_994);
  assert.equal(packed("0.0.0.0"), 0);
});

test("an id of a file and an offset is a stream and a number; any other is a short hash", () => {
  assert.deepEqual(markOf("64769:131:180"), { prefix: "64769:131:", mark: 180 });
  assert.deepEqual(markOf(":0"), { prefix: ":", mark: 0 });
  for (const id of ["180", "64769:0180", "a:1e3", "a:1234567890123456", "", "a:"]) {
    const { prefix, mark } = markOf(id);
    assert.equal(prefix, "");
    assert.ok(mark instanceof Uint8Array && mark.length === 12, id);
  }
});

test("accounts whose hashes are equal are told apart", () => {
  const folder = freshFolder();
  using store = openStore(folder, defaults);
  using reader = new DatabaseSync(join(folder, "portcullis.db"), { readOnly: true });
  const seed = Number(reader.prepare("SELECT value FROM facts WHERE name = 'seed'").get()?.["value"]);
  const seen = new Map<number, string>();
  const random = seededRandom(1);
  const names = Array.from({ length: 400_000 }, () => random().toString(36));
  const twin = names.find((name) => {
    const hash = textHash(name, seed);
    if (seen.has(hash)) return true;
    seen.set(hash, name);
    return false;
  });
  assert.ok(twin !== undefined, "of so many names two share a hash");
  const other = seen.get(textHash(twin, seed)) ?? "";
  const arrivals = [twin, other].map((account) => ({ id: account, signIn: success(MONDAY, account, "192.0.2.1") }));
  store.signIns.append([{ input: "push", arrivals, position: undefined }]);
  assert.deepEqual(
    store.signIns.ofAccount(twin, at(0), 10).map(({ account }) => account),
    [twin],
  );
});

test("flush says when SQLite waits for the disk", () => {
  for (const [flush, level] of [
    ["process", 1],
    ["power", 2],
  ] as const) {
    using database = new Database(freshFolder(), flush);
    assert.deepEqual({ ...database.read(() => database.prepare("PRAGMA synchronous").get()) }, { synchronous: level });
  }
});
