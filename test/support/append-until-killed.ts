/**
 * node24 append-until-killed.ts FOLDER SEED: goes on where it was, appends batches of random sizes, and prints each batch's last id once it is
 * acknowledged. It never ends by itself before 100,000 batches: the test kills it.
 */
import { writeSync } from "node:fs";
import { seededRandom } from "#/platform/random.ts";
import { defaults } from "#/store/settings.ts";
import { openStore } from "#/store/sqlite/open.ts";
import { MONDAY, success } from "./signins.ts";

const [folder = "", seed = "1"] = process.argv.slice(2);
const random = seededRandom(Number(seed));
using store = openStore(folder, defaults);
let next = Number(store.signIns.position("file"));
for (let batch = 0; batch < 100_000; batch += 1) {
  const size = 1 + Math.floor(random() * 50);
  // Some are told again, as after a start from an older place.
  const from = Math.max(0, next - Math.floor(random() * 20));
  const arrivals = Array.from({ length: next + size - from }, (_, index) => ({
    id: `file:${from + index}`,
    signIn: success(MONDAY + from + index, `user${from + index}`, "192.0.2.1"),
  }));
  next += size;
  const kept = store.signIns.append([{ input: "file", arrivals, position: String(next) }]);
  if (batch % 40 === 39) store.snapshots.save(kept.at(-1)?.sequence ?? 0, "1", Buffer.from(String(next)));
  writeSync(1, `${next}\n`);
}
