import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { jsonText, toJson } from "./json.ts";
import { hostileStrings, samples } from "./samples.ts";

type Schema = { readonly [key: string]: unknown };

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, "..", "..", "docs", "scan.schema.json"), "utf8"),
) as Schema;
// The pattern beside it says more than the format does.
const validate = new Ajv2020({ allErrors: true, strict: true, formats: { "date-time": true } }).compile(schema);

for (const [name, sample] of Object.entries(samples))
  test(`the JSON of the sample "${name}" is what the schema says`, () => {
    const valid = validate(JSON.parse(jsonText(sample())));
    assert.ok(valid, JSON.stringify(validate.errors, null, 1));
  });

test("the schema refuses what is missing, additional or of another kind", () => {
  const good = toJson(samples.spray());
  const campaign = good.campaigns[0];
  assert.ok(campaign !== undefined);
  const bad: readonly unknown[] = [
    {},
    { ...good, version: 2 },
    { ...good, blindSpots: [] },
    { ...good, conclusion: "panic" },
    { ...good, campaigns: [{ ...campaign, technique: "T1110.001" }] },
    { ...good, campaigns: [{ ...campaign, firstAttempt: "2026-11-20 21:58:07" }] },
    { ...good, campaigns: [{ ...campaign, addresses: [1] }] },
    { ...good, campaigns: [{ ...campaign, origins: [] }] },
    { ...good, read: { ...good.read, signIns: -1 } },
  ];
  for (const [index, value] of bad.entries()) assert.equal(validate(value), false, String(index));
});

test("every object of the schema is closed and every property described", () => {
  const seen: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== "object" || value === null) return;
    const node = value as Schema;
    if (node["type"] === "object" && !path.includes("/if/")) {
      seen.push(path);
      const properties = node["properties"] as Schema;
      assert.equal(node["additionalProperties"], false, path);
      assert.deepEqual(node["required"], Object.keys(properties), path);
      for (const [key, property] of Object.entries(properties))
        assert.ok(
          JSON.stringify(property).includes('"description"') || "$ref" in (property as Schema),
          `${path}/${key}`,
        );
    }
    for (const [key, child] of Object.entries(node)) walk(child, `${path}/${key}`);
  };
  walk(schema, "");
  assert.ok(seen.length >= 7, String(seen.length));
});

test("times are UTC, to the second or the millisecond, and null where no sign-in was read", () => {
  const spray = toJson(samples.spray());
  assert.equal(spray.campaigns[0]?.firstAttempt, "2026-11-20T21:58:07Z");
  const base = samples.scant();
  const files = base.read.files.map((file) => ({ ...file, from: undefined, to: undefined }));
  assert.equal(toJson({ ...base, read: { ...base.read, files } }).read.files[0]?.from, null);
});

test("names are whole and unescaped, and the text holds nothing that a terminal obeys", () => {
  const text = jsonText(samples.hostile());
  assert.doesNotMatch(text.replaceAll("\n", ""), /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  const read = JSON.parse(text) as ReturnType<typeof toJson>;
  assert.deepEqual(read.campaigns[0]?.accountsTargeted, hostileStrings);
});

test("MFA fatigue keeps to the kinds of version 1, and names its own technique beside them", () => {
  const base = samples.spray();
  const campaigns = base.campaigns.map((campaign) => ({ ...campaign, kind: "mfa-fatigue" as const }));
  const [campaign] = toJson({ ...base, campaigns }).campaigns;
  assert.deepEqual(
    [campaign?.kind, campaign?.technique, campaign?.techniques],
    ["credential-stuffing", "T1110.004", ["T1110.004", "T1621"]],
  );
});
