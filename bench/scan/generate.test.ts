import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { generate } from "./generate.ts";
import { medianOf } from "./measure.ts";

const folder = mkdtempSync(join(tmpdir(), "bench-"));
after(() => rmSync(folder, { recursive: true }));

const made = (format: string, lines: number, seed: number, name: string): string => {
  const file = join(folder, name);
  generate(format, lines, seed, file);
  return readFileSync(file, "utf8");
};

for (const format of ["openssh", "dovecot-2.3"]) {
  test(`a generated ${format} log has exactly the lines asked for, the same for the same seed`, () => {
    const text = made(format, 20_000, 1, "one.log");
    assert.equal(text.split("\n").length - 1, 20_000);
    assert.equal(made(format, 20_000, 1, "same.log"), text);
    assert.notEqual(made(format, 20_000, 2, "other.log"), text);
  });

  test(`a generated ${format} log mixes successes, failures and lines of others`, () => {
    const text = made(format, 20_000, 3, "mix.log");
    const count = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
    assert.ok(count(/ CRON\[| kernel: | systemd/g) > 800);
    assert.ok(count(/Accepted password|-login: Login/g) > 1_500);
    assert.ok(count(/Failed password|Password mismatch|unknown user/g) > 1_500);
  });
}

test("the median of an odd number of runs is the middle one of each figure", () => {
  const usage = (wall: number, cpu: number, peak: number): { wall: number; cpu: number; peak: number } => ({
    wall,
    cpu,
    peak,
  });
  assert.deepEqual(medianOf([usage(3, 1, 10), usage(1, 2, 30), usage(2, 3, 20)]), usage(2, 2, 20));
});
