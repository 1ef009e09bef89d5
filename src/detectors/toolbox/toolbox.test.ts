import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createBaseline, learn, rateOf } from "./baseline.ts";
import { createFading, fade, ratePerMs } from "./fading.ts";
import { createCusum, stepCusum } from "./cusum.ts";

const DAY = 86_400_000;

/** The sum after occurrences at an even rate, in charts that expect 10 a day and look for 100 more. */
function sumAfter(perDay: number, count: number): number {
  const cusum = createCusum();
  for (let index = 0; index < count; index += 1)
    stepCusum(cusum, 1 + (index * DAY) / perDay, 1, 10 / DAY, 100 / DAY, 1);
  return cusum.sum;
}

test("the usual rate leaves the sum near zero, an elevated one raises it", () => {
  assert.ok(sumAfter(10, 200) < 4, `${sumAfter(10, 200)}`);
  assert.ok(sumAfter(200, 40) > 20, `${sumAfter(200, 40)}`);
});

test("the sum remembers since when it has been above zero", () => {
  const cusum = createCusum();
  stepCusum(cusum, 1, 1, 10 / DAY, 100 / DAY, 1);
  stepCusum(cusum, 10 * DAY, 1, 10 / DAY, 100 / DAY, 1);
  stepCusum(cusum, 10 * DAY + 1_000, 1, 10 / DAY, 100 / DAY, 1);
  assert.equal(cusum.since, 10 * DAY);
});

test("the sum is never below zero, and more weight never lowers it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(DAY), { maxLength: 50 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (gaps, weight) => {
        const light = createCusum();
        const heavy = createCusum();
        let at = 1;
        for (const gap of gaps) {
          at += gap;
          stepCusum(light, at, weight / 2, 10 / DAY, 100 / DAY, 1.5);
          stepCusum(heavy, at, weight, 10 / DAY, 100 / DAY, 1.5);
          assert.ok(light.sum >= 0 && heavy.sum >= light.sum - 1e-9);
        }
      },
    ),
  );
});

test("a baseline begins at its prior, follows what it sees, and forgets", () => {
  const baseline = createBaseline(2, 5);
  assert.equal(rateOf(baseline), 2);
  for (let day = 1; day <= 50; day += 1) learn(baseline, day * DAY, 10, 1, 7 * DAY);
  assert.ok(Math.abs(rateOf(baseline) - 10) < 0.5, `${rateOf(baseline)}`);
  for (let day = 51; day <= 100; day += 1) learn(baseline, day * DAY, 1, 1, 7 * DAY);
  assert.ok(Math.abs(rateOf(baseline) - 1) < 0.5, `${rateOf(baseline)}`);
});

test("a fading count halves in its half-life, does not go back, and tells the rate at which things come", () => {
  const fading = createFading();
  for (let minute = 1; minute <= 24 * 60; minute += 1) {
    fade(fading, minute * 60_000, DAY / 24);
    fading.sum += 1;
  }
  assert.ok(Math.abs(ratePerMs(fading, DAY / 24) * 60_000 - 1) < 0.02, `${ratePerMs(fading, DAY / 24) * 60_000}`);
  const before = fading.sum;
  fade(fading, 60_000, DAY / 24);
  assert.equal(fading.sum, before);
  fade(fading, DAY + DAY / 24, DAY / 24);
  assert.ok(Math.abs(fading.sum - before / 2) < 0.001);
});
