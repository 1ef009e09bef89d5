import assert from "node:assert/strict";
import { test } from "node:test";
import type { Origin } from "#/incidents/conclusion.ts";
import type { Operators } from "#/platform/operators.ts";
import { millis } from "#/platform/units.ts";
import { countNetworks, groupOrigins, networkText } from "./networks.ts";

const origin = (address: string, attempts: number): Origin => ({
  address,
  attempts,
  accounts: 1,
  first: millis(0),
  members: 0,
  networkMembers: 0,
  last: millis(0),
});

const operators: Operators = {
  of: (address) =>
    address.startsWith("192.0.2.") || address.startsWith("198.51.")
      ? { operator: "Example Cloud LLC", asn: 64496, country: "US" }
      : { operator: "", asn: 0, country: "" },
  credits: [],
  [Symbol.dispose]() {},
};

test("addresses of one operator are gathered over its networks, the busiest network named", () => {
  const [first] = groupOrigins([origin("192.0.2.1", 1), origin("198.51.100.1", 5), origin("192.0.2.9", 2)], operators);
  assert.deepEqual(first, {
    operator: { operator: "Example Cloud LLC", asn: 64496, country: "US" },
    networks: "198.51.100.0/24 +1",
    addresses: 3,
    attempts: 8,
  });
});

test("addresses of unknown operators are gathered by network, and one alone is named itself", () => {
  const groups = groupOrigins(
    [origin("203.0.113.1", 1), origin("203.0.113.2", 1), origin("2001:db8:7::1", 9), origin("host.example", 3)],
    operators,
  );
  assert.deepEqual(
    groups.map(({ networks, attempts }) => [networks, attempts]),
    [
      ["2001:db8:7::1", 9],
      ["host.example", 3],
      ["203.0.113.0/24", 2],
    ],
  );
});

test("networks are IPv4 /24 and IPv6 /48", () => {
  assert.equal(networkText("203.0.113.9"), "203.0.113.0/24");
  assert.equal(networkText("2001:db8:1:2::9"), "2001:db8:1::/48");
  assert.equal(networkText("host.example"), "host.example");
  assert.equal(countNetworks([origin("203.0.113.1", 1), origin("203.0.113.2", 1), origin("192.0.2.1", 1)]), 2);
});
