import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Failure } from "#/platform/failure.ts";
import { NetworkNumbers, areaNumber } from "./network-number.ts";
import { Ranges, networkText, overlap, rangesOf } from "./ranges.ts";
import { areaOf, networkKey } from "#/familiarity/networks.ts";
import { canonicalAddress } from "#/signin/address.ts";

test("an address is found in the smallest network around it that is accepted", () => {
  const ranges = new Ranges<string>();
  for (const network of ["0.0.0.0/0", "192.0.2.0/24", "192.0.2.7", "2001:db8::/32", "2001:db8:1::/48"])
    ranges.add(network, network);
  assert.equal(ranges.find("192.0.2.7"), "192.0.2.7");
  assert.equal(ranges.find("192.0.2.8"), "192.0.2.0/24");
  assert.equal(ranges.find("198.51.100.1"), "0.0.0.0/0");
  assert.equal(
    ranges.find("192.0.2.7", (value) => value.endsWith("/24")),
    "192.0.2.0/24",
  );
  assert.equal(ranges.find("2001:db8:1::9"), "2001:db8:1::/48");
  assert.equal(ranges.find("2001:db8:2::9"), "2001:db8::/32");
  for (const none of ["2001:db9::1", "host.example.org", "", "192.0.2"]) assert.equal(ranges.find(none), undefined);
});

test("a network has one spelling", () => {
  assert.equal(networkText("192.0.2.77/24"), "192.0.2.0/24");
  assert.equal(networkText("255.255.255.255/1"), "128.0.0.0/1");
  assert.equal(networkText(" 192.0.2.7 "), "192.0.2.7/32");
  assert.equal(networkText("2001:DB8:0:0::1/64"), "2001:db8::/64");
  for (const wrong of ["192.0.2.0/33", "192.0.2/24", "anywhere", "", "192.0.2.0/", "2001:db8::/129", "192.0.2.010"]) {
    assert.throws(() => networkText(wrong), /is no network/);
  }
  assert.throws(
    () => rangesOf(["nowhere"], "gate.siteNetworks"),
    (error) =>
      error instanceof Failure && error.code === "settings-invalid" && error.message.startsWith("gate.siteNetworks: "),
  );
});

test("networks overlap where one is in the other", () => {
  assert.ok(overlap("192.0.0.0/16", "192.0.2.0/24"));
  assert.ok(overlap("192.0.2.0/24", "192.0.0.0/16"));
  assert.ok(!overlap("192.0.2.0/24", "192.0.3.0/24"));
  assert.ok(!overlap("192.0.2.0/24", "2001:db8::/32"));
});

test("a network's number is its own, and its area that of the network", () => {
  const numbers = new NetworkNumbers();
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), fc.oneof(fc.ipV4(), fc.ipV6()), (left, right) => {
      const [one, other] = [canonicalAddress(left), canonicalAddress(right)];
      const [first, second] = [numbers.of(networkKey(one)), numbers.of(networkKey(other))];
      assert.ok(first >= 0 && second >= 0);
      assert.equal(first === second, networkKey(one) === networkKey(other));
      assert.equal(areaNumber(first) === areaNumber(second), areaOf(one) === areaOf(other));
      const text = numbers.textOf(first);
      const ranges = new Ranges<true>();
      ranges.add(text, true);
      assert.equal(ranges.find(one), true);
    }),
  );
});

test("a host name is a network of its own once it is taken, and has no wider area", () => {
  const numbers = new NetworkNumbers();
  assert.equal(numbers.of("dsl-7.example.net"), -1);
  const taken = numbers.take("dsl-7.example.net");
  assert.equal(numbers.of("dsl-7.example.net"), taken);
  assert.equal(numbers.textOf(taken), "dsl-7.example.net");
  assert.equal(areaNumber(taken), -1);
  assert.equal(numbers.take(""), -1);
  for (const odd of ["192.0.256", "1.2.3.4", "1..2", "999999999999.1.1"]) assert.equal(numbers.of(odd), -1);
});
