import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { countryName, createOperators, type Operator } from "./operators.ts";
import { seededRandom } from "./random.ts";
import { RangeFile } from "./range-file.ts";

using installed = createOperators();
const isInstalled = installed.credits.length > 0;
const skip = isInstalled ? false : "the package @ip-location-db/asn is not installed";

function withFolder(files: Record<string, string>, use: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "operators-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("the operator of an address is found in the installed data, IPv4 and IPv6", { skip }, () => {
  assert.deepEqual(installed.of("8.8.8.8"), { operator: "Google LLC", asn: 15169, country: "US" });
  assert.equal(installed.of("2001:4860:4860::8888").asn, 15169);
  assert.equal(installed.of("::ffff:8.8.8.8").asn, 15169);
});

test("addresses that belong to nobody in particular say what they are", () => {
  const operatorOf = (address: string): string => installed.of(address).operator;
  for (const address of [
    "10.1.2.3",
    "192.168.0.9",
    "172.16.0.1",
    "100.64.0.1",
    "fd00::1",
    "fe80::1%eth0",
    "169.254.1.1",
  ])
    assert.equal(operatorOf(address), "private network", address);
  for (const address of ["192.0.2.1", "2001:db8::1", "240.0.0.1", "255.255.255.255", "224.0.0.1", "::"])
    assert.equal(operatorOf(address), "reserved", address);
  assert.equal(operatorOf("127.0.0.1"), "this machine");
  assert.equal(operatorOf("::1"), "this machine");
});

test("what is no address is unknown, and never an error", () => {
  const unknown: Operator = { operator: "", asn: 0, country: "" };
  for (const text of ["", "host.example", "1", "0x7f.1", "999.1.1.1", "%", "1.2.3.4.5", "\u0000"])
    assert.deepEqual(installed.of(text), unknown, text);
  fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => typeof installed.of(text).operator === "string"));
});

test("without the data every address is unknown and nobody is credited", () => {
  using none = createOperators({ networks: undefined, countries: undefined });
  assert.deepEqual(none.of("8.8.8.8"), { operator: "", asn: 0, country: "" });
  assert.deepEqual(none.credits, []);
  withFolder({}, (folder) => {
    using empty = createOperators({ networks: folder, countries: folder });
    assert.equal(empty.of("8.8.8.8").operator, "");
  });
});

test("names with commas and quotes are read as written", () => {
  withFolder({ "asn-ipv4-num.csv": '134744064,134744319,64496,"Example ""One"", Ltd"\n' }, (folder) => {
    using operators = createOperators({ networks: folder, countries: undefined });
    assert.deepEqual(operators.of("8.8.8.8"), { operator: 'Example "One", Ltd', asn: 64496, country: "" });
  });
});

test("of 20,000 addresses from all over, most have an operator", { skip }, () => {
  const random = seededRandom(7);
  const byte = (): number => Math.floor(random() * 256);
  const addresses = Array.from({ length: 20_000 }, (_, index) =>
    index % 4 === 0
      ? `2a00:${byte().toString(16)}:${byte().toString(16)}::1`
      : `${1 + Math.floor(random() * 200)}.${byte()}.${byte()}.${byte()}`,
  );
  using operators = createOperators();
  const known = addresses.filter((address) => operators.of(address).operator !== "").length;
  assert.ok(known > 10_000);
});

test("countries have names, and what is no code stays as it is", () => {
  assert.equal(countryName("DE"), "Germany");
  assert.equal(countryName("None"), "None");
  assert.equal(countryName(""), "");
});

test("a range file finds in every range, at both ends, and in no gap", () => {
  // Ranges of 6 numbers with gaps of 4 between them, over many blocks, with lines of differing length.
  const names = Array.from({ length: 3_000 }, (_, index) => `${index},${"ü".repeat(index % 40)}`);
  const text = names.map((name, index) => `${index * 10 + 2},${index * 10 + 7},${name}\n`).join("");
  withFolder({ "ranges.csv": text }, (folder) => {
    using ranges = new RangeFile(join(folder, "ranges.csv"));
    const expected = (key: number): string | undefined =>
      key % 10 >= 2 && key % 10 <= 7 ? names[Math.floor(key / 10)] : undefined;
    for (let key = 0; key < 30_010; key += 1) assert.equal(ranges.find(String(key)), expected(key), String(key));
  });
});

test("an empty or torn range file finds nothing", () => {
  withFolder({ "empty.csv": "", "torn.csv": "x".repeat(20_000), "one.csv": "5,9,a" }, (folder) => {
    using empty = new RangeFile(join(folder, "empty.csv"));
    using torn = new RangeFile(join(folder, "torn.csv"));
    using one = new RangeFile(join(folder, "one.csv"));
    assert.equal(empty.find("5"), undefined);
    assert.equal(torn.find("5"), undefined);
    assert.deepEqual([one.find("4"), one.find("5"), one.find("9"), one.find("10")], [undefined, "a", "a", undefined]);
  });
});
