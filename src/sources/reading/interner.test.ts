import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { millis } from "#/platform/units.ts";
import { canonicalAddress } from "#/signin/address.ts";
import { Addresses } from "./addresses.ts";
import { Interner, detached, flattened } from "./interner.ts";
import { Keys } from "./keys.ts";
import { LogClock } from "./log-clock.ts";

test("a detached or flattened text is the same text, whatever is in it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), fc.nat(20), (text, from) => {
      assert.equal(detached(text.slice(from)), text.slice(from));
      assert.equal(flattened(`${text.slice(from)}${from}`), `${text.slice(from)}${from}`);
    }),
  );
  const long = `${"ä".repeat(9_000)}\ud800`;
  assert.equal(detached(long), long);
});

test("an interner makes each text once, and again only when it was forgotten", () => {
  let made = 0;
  const interner = new Interner((text) => {
    made += 1;
    return text.toUpperCase();
  });
  for (let round = 0; round < 3; round += 1)
    assert.equal(interner.of(`text number ${round % 2}`), `TEXT NUMBER ${round % 2}`);
  assert.equal(made, 2);
  for (let one = 0; one < 3 * 65_536; one += 1) interner.of(`another text ${one}`);
  assert.equal(interner.of("text number 0"), "TEXT NUMBER 0");
  assert.equal(made, 2 + 3 * 65_536 + 1);
});

test("addresses are canonical, and stay so when more are invented than the table holds", () => {
  const addresses = new Addresses();
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain(), fc.string()), (given) => {
      assert.equal(addresses.of(given), canonicalAddress(given));
      assert.equal(addresses.of(given), canonicalAddress(given));
    }),
    { numRuns: 500 },
  );
  for (let bits = 0; bits < 200_000; bits += 1) {
    const address = `203.${bits >> 16}.${(bits >> 8) & 255}.${bits & 255}`;
    assert.equal(addresses.of(address), address);
  }
  assert.equal(addresses.of("0.0.0.0"), "0.0.0.0");
  assert.equal(addresses.of("255.255.255.255"), "255.255.255.255");
});

test("keys are remembered up to their maximum, those used last longest", () => {
  const keys = new Keys<number>(4);
  for (let one = 0; one < 100; one += 1) {
    keys.set(`key ${one}`, one);
    assert.equal(keys.get("key 0"), 0, String(one));
  }
  const left = Array.from({ length: 100 }, (_, one) => keys.get(`key ${one}`)).filter((value) => value !== undefined);
  assert.ok(left.length >= 4 && left.length <= 8, String(left.length));
  assert.equal(keys.take("key 0"), 0);
  assert.equal(keys.take("key 0"), undefined);
  assert.equal(keys.get("key 0"), undefined);
});

test("a log's clock takes the time that passes, not what its hosts hold it to be", () => {
  const clock = new LogClock();
  const tick = (host: string, second: number): number => {
    clock.tick(host, millis(second * 1000));
    return clock.elapsed / 1000;
  };
  assert.equal(tick("one", 1_000), 0);
  assert.equal(tick("one", 1_005), 5);
  assert.equal(tick("one", 1_003), 5);
  assert.equal(tick("two", 90_000), 5);
  assert.equal(tick("two", 90_010), 15);
  assert.equal(tick("one", 1_016), 16);
  assert.equal(tick("one", 1e9), 16 + 3_600);
  assert.equal(tick("one", 1_020), 16 + 3_600);
  assert.equal(tick("one", 1_030), 26 + 3_600);
});

test("more hosts than a clock tells apart make it no slower and no wronger than an hour", () => {
  const clock = new LogClock();
  for (let one = 0; one < 5_000; one += 1) clock.tick(`host ${one}`, millis(one * 1e7));
  assert.equal(clock.elapsed, 0);
});
