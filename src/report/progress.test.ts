import assert from "node:assert/strict";
import { test } from "node:test";
import type { Clock } from "#/platform/clock.ts";
import { millis } from "#/platform/units.ts";
import { createProgress, type Done } from "./progress.ts";

function stage(isWatched: boolean, columns = 80, unicode = true, unit = "lines") {
  const written: string[] = [];
  let ticks = 0;
  const clock: Clock = { now: () => millis(0), ticks: () => ticks };
  const progress = createProgress((text) => written.push(text), isWatched, clock, { columns, unicode, unit });
  return {
    written,
    progress,
    /** Work goes on evenly until the moment: 1,000 lines and 100 kB a second, of 10 MB. */
    runTo(this: void, until: number, every = 10, bytesTotal: number | undefined = 10_000_000) {
      for (; ticks < until; ticks += every) {
        const done: Done = { bytes: ticks * 100, bytesTotal, lines: ticks };
        progress.report(done);
      }
    },
  };
}

test("what is counted is called what it is", () => {
  const { written, progress, runTo } = stage(true, 80, true, "sign-ins");
  runTo(1_001);
  progress.finish();
  assert.match(written.at(0) ?? "", /\d+ sign-ins, [\d,]+ sign-ins\/s/);
});

test("work that is soon done shows no bar", () => {
  const { written, progress, runTo } = stage(true);
  runTo(500);
  progress.finish();
  assert.deepEqual(written, []);
});

test("a bar shows share, rate and time left, and is taken away at the end", () => {
  const { written, progress, runTo } = stage(true);
  runTo(25_001);
  const last = written.at(-1) ?? "";
  assert.match(last, /^\r█+░+ 25%, 2[45],\d{3} lines, 1,000 lines\/s, 1 min 1[45] s left\u001b\[K$/);
  progress.finish();
  assert.equal(written.at(-1), "\r\u001b[K");
});

test("a bar is drawn ten times a second at most", () => {
  const { written, runTo } = stage(true);
  runTo(10_500, 1);
  assert.ok(written.length > 90 && written.length <= 101, String(written.length));
});

test("a bar never reaches the last column, however narrow the terminal", () => {
  for (const columns of [10, 40, 60, 80, 200]) {
    const { written, runTo } = stage(true, columns, false);
    runTo(9_000);
    for (const text of written) {
      const shown = text.replace("\r", "").replace("\u001b[K", "");
      assert.ok(shown.length < columns, shown);
      assert.match(shown, /^[\x20-\x7e]*$/);
    }
  }
});

test("where nobody watches there is one line every ten seconds, and no control character", () => {
  const { written, progress, runTo } = stage(false);
  runTo(35_000);
  progress.finish();
  assert.equal(written.length, 3);
  for (const line of written) assert.match(line, /^\d+%, [\d,]+ lines, 1,000 lines\/s, .* left\n$/);
});

test("without a known end there is neither share nor time left", () => {
  const { written, runTo } = stage(true);
  runTo(2_000, 10, 0);
  assert.match(written.at(-1) ?? "", /^\r[\d,]+ lines, 1,000 lines\/s\u001b/);
  const unknown = stage(false);
  unknown.progress.report({ bytes: 5, bytesTotal: undefined, lines: 1 });
  assert.deepEqual(unknown.written, []);
});
