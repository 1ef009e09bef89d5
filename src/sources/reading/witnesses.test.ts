import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { millis } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";
import { type Evidence, type Source, evidence } from "#/sources/source.ts";
import { Join } from "./join.ts";

const source: Source = { id: "test", title: "Test", programs: [] };

type Given = Partial<Omit<Evidence, "kind" | "at">> & { readonly second?: number };

function join(given: readonly Given[]): SignIn[] {
  const out: SignIn[] = [];
  const joined = new Join((signIn) => out.push(signIn));
  for (const { second = 0, ...rest } of given) {
    const said = evidence(millis(second * 1000), "failure", "anna", "192.0.2.1", "mail");
    joined.add(Object.assign(said, { key: "k" }, rest), source);
  }
  joined.end();
  return out;
}

const told = (signIns: readonly SignIn[]): string[] =>
  signIns.map(({ account, reason, count }) => `${account} ${reason} ${count}`);

const own = { channel: "login", service: "imap" } as const;
const asked = (channel: string, reason: Evidence["reason"], account = "anna"): Given => ({
  channel,
  reason,
  account,
  hold: true,
});

test("a reason that is about another name is not lent", () => {
  assert.deepEqual(told(join([asked("sql", "unknown-account", "bob"), { ...own, second: 1 }])), [
    "anna bad-password 1",
  ]);
  assert.deepEqual(told(join([asked("sql", "locked", "EXAMPLE\\Anna"), own])), ["anna locked 1"]);
  assert.deepEqual(told(join([asked("sql", "locked", "anna"), { ...own, account: "anna@example.org" }])), [
    "anna@example.org locked 1",
  ]);
});

test("of several databases, one that knows the account is believed, and a module of PAM's is not taken to know", () => {
  assert.deepEqual(told(join([asked("file", "unknown-account"), asked("ldap", "bad-password"), own])), [
    "anna bad-password 1",
  ]);
  assert.deepEqual(told(join([asked("pam_unix", "unknown-account"), asked("pam_sss", "bad-password"), own])), [
    "anna unknown-account 1",
  ]);
  assert.deepEqual(told(join([asked("ldap", "bad-password"), { ...own, reason: "unknown-account" }])), [
    "anna unknown-account 1",
  ]);
});

test("the sum that a closing line gives is shared out to the names that were tried", () => {
  const tried = [asked("sql", "bad-password", "bob"), asked("sql", "unknown-account", "carl")];
  assert.deepEqual(told(join([...tried, { ...own, count: 4 }])), [
    "bob bad-password 1",
    "carl unknown-account 1",
    "anna bad-password 2",
  ]);
  assert.deepEqual(told(join([...tried, { ...own, count: 2 }])), ["bob bad-password 1", "anna bad-password 1"]);
  assert.deepEqual(
    join([...tried, { ...own, count: 3 }]).map(({ service }) => service),
    ["imap", "imap", "imap"],
  );
});

test("whatever names are tried, no attempt is lost and none is counted twice", () => {
  const piece = fc.record({
    account: fc.constantFrom("anna", "bob", "carl", ""),
    channel: fc.constantFrom("sql", "pam", "login"),
    count: fc.integer({ min: 1, max: 4 }),
    hold: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (given) => {
      const sums: Record<string, number> = {};
      for (const { channel, count } of given) sums[channel] = (sums[channel] ?? 0) + count;
      const counted = join(given).reduce((sum, { count }) => sum + count, 0);
      assert.equal(counted, Math.max(0, ...Object.values(sums)));
    }),
    { numRuns: 1_000 },
  );
});
