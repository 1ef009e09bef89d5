// Deletion is real: the bytes are gone from every file of the folder.
import assert from "node:assert/strict";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { RecordedVerdict } from "#/gate/attempt.ts";
import type { Batch } from "#/inputs/input.ts";
import { millis, seconds } from "#/platform/units.ts";
import { type Random, seededRandom } from "#/platform/random.ts";
import { defaults } from "#/store/settings.ts";
import { freshFolder } from "../../../test/support/folders.ts";
import { DAY, MONDAY, at, failure, success } from "../../../test/support/signins.ts";
import { openStore } from "./open.ts";

const filesOf = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());

/** Files of the folder that hold the text, by name. */
const holding = (folder: string, text: string): readonly string[] =>
  filesOf(folder).filter((path) => readFileSync(path).includes(text));

/** Names, addresses, clients, ids and fingerprints that say on which day they came. Batches of random size, accounts in random order. */
function dayOfSignIns(day: number, part: number, random: Random): readonly Batch[] {
  const count = 300 + Math.floor(random() * 700);
  const arrivals = Array.from({ length: count }, (_, index) => ({
    id: random() < 0.5 ? `mail${day}log${part}:${index}` : `id-day${day}-${part}-${index}`,
    signIn: success(
      at(day) + Math.floor(random() * DAY),
      `day${day}-${Math.floor(random() * 1e6)}`,
      `2001:db8:${day}day::1`,
      {
        accountGiven: `Given-day${day}-${index}`,
        client: `client-day${day}-${index % 50}`,
        passwordFingerprint: `print-day${day}-${index}`,
      },
    ),
  }));
  return [{ input: "file", arrivals, position: "x" }];
}

test("whatever stood in forgotten sign-ins is in no file any more", () => {
  const folder = freshFolder();
  const random = seededRandom(11);
  using store = openStore(folder, defaults);
  // With this seed, deleting at once left copies behind. Whole days are forgotten one by one, days of differing sizes, while later ones are appended.
  for (let day = 0; day < 12; day += 1) {
    for (let part = 0; part < 4; part += 1) store.signIns.append(dayOfSignIns(day, part, random));
    if (day < 3) continue;
    const forgotten = day - 3;
    assert.notDeepEqual(holding(folder, `day${forgotten}-`), [], "the search can find");
    assert.ok(store.signIns.forgetBefore(at(forgotten + 1)) > 1_000);
    for (const trace of [`day${forgotten}-`, `:${forgotten}day:`, `mail${forgotten}log`])
      assert.deepEqual(holding(folder, trace), [], trace);
    assert.notDeepEqual(holding(folder, `day${forgotten + 1}-`), []);
  }
});

test("so are accounts of which only some sign-ins within a day are forgotten", () => {
  const folder = freshFolder();
  using store = openStore(folder, defaults);
  const random = seededRandom(8);
  const all = Array.from({ length: 20_000 }, (_, index) =>
    failure(MONDAY + Math.floor(random() * DAY), `<${index}>`, "192.0.2.1"),
  );
  const append = (from: number, to: number): void => {
    const arrivals = all.slice(from, to).map((signIn, index) => ({ id: `i:${from + index}`, signIn }));
    store.signIns.append([{ input: "file", arrivals, position: undefined }]);
  };
  append(0, 10_000);
  for (let hour = 1; hour < 24; hour += 1) {
    append(10_000 + hour * 400, 10_400 + hour * 400);
    store.signIns.forgetBefore(at(0, hour));
    const bytes = filesOf(folder).map((path) => readFileSync(path, "latin1"));
    const inFiles = bytes.flatMap((text) => [...text.matchAll(/<(\d+)>/g)].map(([, index]) => Number(index)));
    const kept = [...store.signIns.readAfter(0)].flat().map(({ signIn }) => Number(signIn.account.slice(1, -1)));
    assert.deepEqual(new Set(inFiles), new Set(kept));
  }
});

test("verdicts that are forgotten are gone, too", () => {
  const folder = freshFolder();
  using store = openStore(folder, defaults);
  const record = (day: number, index: number): RecordedVerdict => ({
    at: millis(at(day) + index),
    answer: "allow",
    delay: seconds(0),
    code: "campaign",
    why: `why-day${day}-${index}`,
    would: "refuse",
    account: `day${day}-${index}`,
    address: "192.0.2.1",
    service: "imap",
    protocol: "json",
  });
  for (const day of [0, 1]) store.verdicts.append(Array.from({ length: 3_000 }, (_, index) => record(day, index)));
  assert.equal(store.verdicts.forgetBefore(at(1)), 3_000);
  assert.deepEqual(holding(folder, "day0-"), []);
  assert.notDeepEqual(holding(folder, "day1-"), []);
});

test("the room of forgotten sign-ins is used again", () => {
  const folder = freshFolder();
  const random = seededRandom(9);
  using store = openStore(folder, defaults);
  const sizes: number[] = [];
  for (let day = 0; day < 24; day += 1) {
    for (let part = 0; part < 8; part += 1) store.signIns.append(dayOfSignIns(day, part, random));
    store.signIns.forgetBefore(at(day - 1));
    sizes.push(statSync(join(folder, "portcullis.db")).size);
  }
  assert.ok(Math.max(...sizes.slice(12)) < 1.2 * Math.max(...sizes.slice(0, 12)), String(sizes));
});
