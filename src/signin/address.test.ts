import assert from "node:assert/strict";
import { isIPv4, isIPv6 } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalAddress, hostNameLengthMax, isDottedQuad, networkOf } from "./address.ts";

const cases: readonly (readonly [string, string])[] = [
  ["192.0.2.1", "192.0.2.1"],
  [" 192.0.2.1 ", "192.0.2.1"],
  ["192.0.2.1:53122", "192.0.2.1"],
  ["[192.0.2.1]", "192.0.2.1"],
  ["[192.0.2.1]:25", "192.0.2.1"],
  ["192.0.2.010", "192.0.2.010"],
  ["192.0.2.256", "192.0.2.256"],
  ["192.0.2", "192.0.2"],
  ["2001:DB8:0:0:0:0:0:1", "2001:db8::1"],
  ["2001:db8:0:1:0:0:0:1", "2001:db8:0:1::1"],
  ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
  ["[2001:db8::1]:443", "2001:db8::1"],
  ["[2001:db8::1%eth0]:443", "2001:db8::1"],
  ["IPv6:2001:db8::1", "2001:db8::1"],
  ["[IPv6:2001:db8::1]", "2001:db8::1"],
  ["fe80::1%eth0", "fe80::1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["::FFFF:C000:0201", "192.0.2.1"],
  ["[::ffff:192.0.2.1]:1025", "192.0.2.1"],
  ["::1", "::1"],
  ["::", "::"],
  ["::ffff:192.0.2.010", "::ffff:192.0.2.010"],
  ["Mail.Example.ORG.", "mail.example.org"],
  ["mail.example.org:443", "mail.example.org"],
  ["mail\u0000.exa\nmple\u202e.org", "mail.example.org"],
  ["", ""],
  ["-", ""],
  ["Unknown", ""],
  ["(null)", ""],
  ["N/A", ""],
  ["[unknown]", ""],
  ["unknown:443", ""],
];

for (const [given, expected] of cases) {
  test(`address ${JSON.stringify(given)} counts as ${JSON.stringify(expected)}`, () => {
    assert.equal(canonicalAddress(given), expected);
  });
}

test("an address is canonical after one pass, whatever the text", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 400 }),
    fc.ipV4(),
    fc.ipV4Extended(),
    fc.ipV6(),
    fc.domain(),
    fc.stringMatching(/^[[\]:.%0-9a-fA-F ]{0,50}$/),
  );
  fc.assert(
    fc.property(text, (given) => {
      const once = canonicalAddress(given);
      assert.equal(canonicalAddress(once), once);
      assert.ok(once.length <= hostNameLengthMax);
      assert.doesNotMatch(once, /[\p{Cc}\s]/u);
    }),
    { numRuns: 3_000 },
  );
});

test("every IPv4 and IPv6 address stays an address of the same value", () => {
  fc.assert(
    fc.property(fc.ipV4(), (given) => assert.equal(canonicalAddress(given), given)),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(fc.ipV6(), (given) => {
      const canonical = canonicalAddress(given.toUpperCase());
      assert.ok(isIPv6(canonical) || isIPv4(canonical), `${given} became ${canonical}`);
      assert.equal(canonical, canonicalAddress(given));
    }),
    { numRuns: 1_000 },
  );
});

test("a dotted quad is exactly what the network library calls one, without leading zeros", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9.]{5,17}$/), (text) => assert.equal(isDottedQuad(text), isIPv4(text))),
    { numRuns: 3_000 },
  );
});

test("a network is the /24 of IPv4, the /48 of IPv6, and a host name itself", () => {
  assert.equal(networkOf("192.0.2.77"), "192.0.2.0/24");
  assert.equal(networkOf("2001:db8:1:2:3:4:5:6"), "2001:db8:1::/48");
  assert.equal(networkOf("2001:db8::1"), "2001:db8::/48");
  assert.equal(networkOf("::1"), "::/48");
  assert.equal(networkOf("mail.example.org"), "mail.example.org");
  assert.equal(networkOf("odd:name:x"), "odd:name:x");
  assert.equal(networkOf(""), "");
});
