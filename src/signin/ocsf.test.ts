import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { millis } from "#/platform/units.ts";
import { toOcsf } from "./ocsf.ts";
import type { SignIn } from "./signin.ts";

const failure: SignIn = {
  at: millis(Date.UTC(2026, 10, 22, 8)),
  outcome: "failure",
  reason: "bad-password",
  account: "ingrid@council.example",
  accountGiven: "Ingrid@council.example",
  address: "203.0.113.7",
  service: "imap",
  server: "mx1",
  client: "Thunderbird",
  count: 3,
  passwordFingerprint: "",
  source: "dovecot",
};

type Written = Readonly<Record<string, unknown>>;
const written = (more: Partial<SignIn> = {}): Written =>
  JSON.parse(JSON.stringify(toOcsf({ ...failure, ...more }))) as Written;

const shapes: readonly Written[] = [
  written(),
  written({ outcome: "success", reason: "", count: 1 }),
  written({ account: "", accountGiven: "", address: "", server: "", client: "" }),
  written({ address: "2001:db8::7" }),
  written({ address: "gateway.council.example" }),
];

test("the password's fingerprint is not told: whoever has the key could try passwords against it", () => {
  assert.ok(!JSON.stringify(written({ passwordFingerprint: "9c1185a5c5e9fc54" })).includes("9c1185a5c5e9fc54"));
});

test("a failure is told with OCSF's own words and numbers", () => {
  const told = written();
  assert.equal(told["type_uid"], 300_201);
  assert.equal(told["status_id"], 2);
  assert.equal(told["status_detail"], "INVALID_CREDENTIALS");
  assert.equal(told["count"], 3);
  assert.equal(written({ outcome: "success", reason: "" })["status_detail"], undefined);
});

test("an endpoint is an address or a name, and none where there is none", () => {
  assert.deepEqual(written()["src_endpoint"], { ip: "203.0.113.7" });
  assert.deepEqual(written({ address: "2001:db8::7" })["src_endpoint"], { ip: "2001:db8::7" });
  for (const address of ["gateway.council.example", "x:y:z", "999.1.1.1"])
    assert.deepEqual(written({ address })["src_endpoint"], { hostname: address });
  assert.ok(!("src_endpoint" in written({ address: "" })));
});

test("a name that is no mail address is not passed off as one", () => {
  const email = (account: string): unknown => (written({ account })["user"] as Written)["email_addr"];
  assert.equal(email("ingrid@council.example"), "ingrid@council.example");
  for (const account of ["ingrid", "x>, rip=192.0.2.66, @y", "@", "a@b", `${"x".repeat(300)}@y.example`])
    assert.equal(email(account), undefined);
});

const data = process.env["PORTCULLIS_DATA"] ?? join(import.meta.dirname, "../../../shared/data");
const schema = join(data, "ocsf");
const skip = existsSync(schema) ? false : "OCSF's schema is not at hand: set PORTCULLIS_DATA";

type Schema = {
  readonly attributes: Readonly<Record<string, { readonly requirement?: string } | readonly string[]>>;
  readonly constraints?: { readonly at_least_one?: readonly string[] };
};
const schemaOf = (file: string): Schema => JSON.parse(readFileSync(join(schema, file), "utf8")) as Schema;

function required({ attributes }: Schema): readonly string[] {
  return Object.entries(attributes)
    .filter(
      ([, attribute]) =>
        !Array.isArray(attribute) && "requirement" in attribute && attribute.requirement === "required",
    )
    .map(([name]) => name);
}

function meets(value: Written, file: string): void {
  const rules = schemaOf(file);
  for (const name of required(rules)) assert.ok(name in value, `${file}: ${name} is missing`);
  const some = rules.constraints?.at_least_one;
  if (some !== undefined)
    assert.ok(
      some.some((name) => name in value),
      `${file}: none of ${some.join(", ")}`,
    );
}

test("everything that OCSF requires of an Authentication is there", { skip }, () => {
  for (const told of shapes) {
    meets(told, "events/base_event.json");
    meets(told, "events/iam/authentication.json");
    meets(told["user"] as Written, "objects/user.json");
    for (const name of ["src_endpoint", "dst_endpoint"]) {
      const endpoint = told[name] as Written | undefined;
      if (endpoint !== undefined) meets(endpoint, "objects/network_endpoint.json");
      const ip = endpoint?.["ip"];
      if (ip !== undefined) assert.ok(typeof ip === "string" && isIP(ip) !== 0);
    }
  }
});

test("every field is one that OCSF has", { skip }, () => {
  const { attributes } = schemaOf("dictionary.json");
  for (const told of shapes)
    for (const name of Object.keys(told)) assert.ok(name in attributes, `${name} is not in the dictionary`);
});
