import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Millis, millis } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";
import { type Evidence, type Source, evidence } from "#/sources/source.ts";
import { Join, type JoinLimits } from "./join.ts";

const T0 = Date.UTC(2026, 10, 23, 10);
const at = (second: number): Millis => millis(T0 + second * 1000);
const source: Source = { id: "test", title: "Test", programs: [] };

type Given = Partial<Omit<Evidence, "kind" | "at">> & { readonly second?: number };

function say({ second = 0, ...rest }: Given): Evidence {
  const said = evidence(
    at(second),
    rest.outcome ?? "failure",
    rest.account ?? "anna",
    rest.address ?? "192.0.2.1",
    "imap",
  );
  said.server = "mx1";
  return Object.assign(said, rest);
}

/** What is emitted for these pieces of evidence, in order; a text stands for the end of that key. */
function join(given: readonly (Given | string)[], limits?: JoinLimits): SignIn[] {
  const out: SignIn[] = [];
  const joined = new Join((signIn) => out.push(signIn), limits);
  for (const one of given) {
    if (typeof one === "string") joined.ended(one);
    else joined.add(say(one), source);
  }
  joined.end();
  return out;
}

const counts = (signIns: readonly SignIn[]): number[] => signIns.map(({ count }) => count);
const times = (signIns: readonly SignIn[]): number[] => signIns.map(({ at: when }) => (when - T0) / 1000);

test("evidence without a key is one sign-in each", () => {
  assert.deepEqual(counts(join([{}, {}, { count: 5 }])), [1, 1, 5]);
});

test("a sign-in carries account and address in their one spelling, and the account as given", () => {
  const [signIn] = join([{ account: "EXAMPLE\\Anna", address: "::ffff:192.0.2.1", client: "Mutt" }]);
  assert.deepEqual(signIn, {
    at: T0,
    outcome: "failure",
    reason: "bad-password",
    account: "anna",
    accountGiven: "EXAMPLE\\Anna",
    address: "192.0.2.1",
    service: "imap",
    server: "mx1",
    client: "Mutt",
    count: 1,
    passwordFingerprint: "",
    source: "test",
  });
});

test("evidence of nobody from nowhere is no sign-in", () => {
  assert.deepEqual(join([{ account: "", address: "" }]), []);
});

test("entries of one channel each count, those of another channel are about the same attempts", () => {
  const auth = { key: "k", channel: "auth" };
  assert.deepEqual(counts(join([auth, auth, auth, { key: "k", channel: "login", count: 3 }])), [1, 1, 1]);
  assert.deepEqual(counts(join([auth, { key: "k", channel: "login", count: 3 }])), [1, 2]);
  assert.deepEqual(counts(join([{ key: "k", channel: "login", count: 3 }, auth, auth, auth, auth])), [3, 1]);
});

test("successes and failures under one key are summed apart", () => {
  const failure = { key: "k", channel: "a" };
  const success = { key: "k", outcome: "success", reason: "" } as const;
  const signIns = join([
    failure,
    { ...success, channel: "a" },
    { ...success, channel: "b" },
    { ...failure, channel: "b" },
  ]);
  assert.deepEqual(
    signIns.map(({ outcome }) => outcome),
    ["failure", "success"],
  );
});

test("a weak witness gives way to a better one, and lends it the reason and account that it left out", () => {
  const weak = {
    key: "k",
    channel: "weak",
    hold: true,
    address: "client.example.org",
    reason: "unknown-account",
  } as const;
  const signIns = join([weak, { key: "k", channel: "own", second: 2, account: "" }]);
  assert.equal(signIns.length, 1);
  const [signIn] = signIns;
  assert.deepEqual(
    [signIn?.at, signIn?.account, signIn?.address, signIn?.reason],
    [at(2), "anna", "192.0.2.1", "unknown-account"],
  );
});

test("a weak witness that names no address has it from the next one of its connection", () => {
  const [signIn, ...others] = join([
    { key: "k", channel: "name", hold: true, address: "", reason: "locked" },
    { key: "k", channel: "closed", hold: true },
  ]);
  assert.deepEqual([signIn?.address, signIn?.reason, others.length], ["192.0.2.1", "locked", 0]);
});

test("a weak witness is heard alone, and said to be weak, when nobody better comes within the wait", () => {
  const weak = { key: "k", channel: "weak", hold: true };
  assert.deepEqual(times(join([weak, { second: 10 }])), [10, 0]);
  assert.deepEqual(times(join([weak, { second: 11 }])), [0, 11]);
  const said: boolean[] = [];
  const joined = new Join((_, isWeak) => said.push(isWeak));
  joined.add(say(weak), source);
  joined.add(say({}), source);
  joined.end();
  assert.deepEqual(said, [false, true]);
});

test("a weak witness is heard when its connection ends, and the next one under its key is another", () => {
  const weak = { key: "k", channel: "weak", hold: true };
  assert.deepEqual(counts(join([weak, "k", { ...weak, second: 1 }])), [1, 1]);
  assert.deepEqual(
    counts(
      join([
        { ...weak, ends: true },
        { ...weak, second: 1 },
      ]),
    ),
    [1, 1],
  );
});

test("weak and better witnesses of several attempts on one connection count each attempt once", () => {
  const weak = { key: "k", channel: "weak", hold: true };
  const own = { key: "k", channel: "own" };
  const both = [weak, { ...own, second: 2 }, { ...weak, second: 4 }, { ...own, second: 6 }];
  assert.deepEqual(counts(join(both)), [1, 1]);
  assert.deepEqual(counts(join([...both, { ...weak, second: 8 }])), [1, 1, 1]);
  assert.deepEqual(counts(join([weak, { ...own, second: 30, count: 2 }])), [1, 1]);
});

test("a success takes back the failure that waited for the same attempt, and no earlier one", () => {
  const weak = { key: "k", channel: "weak", hold: true };
  const success = { key: "k", channel: "own", outcome: "success", reason: "" } as const;
  assert.deepEqual(
    join([weak, { ...success, second: 1 }]).map(({ outcome }) => outcome),
    ["success"],
  );
  assert.equal(join([weak, { ...success, second: 5 }]).length, 2);
});

test("a key that ended, or was idle for more than ten minutes, is another connection when it comes again", () => {
  const said = { key: "k", channel: "a" };
  assert.deepEqual(counts(join([said, "k", { ...said, channel: "b" }])), [1, 1]);
  assert.deepEqual(
    counts(
      join([
        { ...said, ends: true },
        { ...said, channel: "b" },
      ]),
    ),
    [1, 1],
  );
  assert.deepEqual(counts(join([said, { key: "k", channel: "b", second: 600 }])), [1]);
  assert.deepEqual(counts(join([said, { key: "k", channel: "b", second: 601 }])), [1, 1]);
});

test("an attempt that waits and knows no address learns where its connection comes from, and none other does", () => {
  const out: SignIn[] = [];
  const joined = new Join((signIn) => out.push(signIn));
  joined.placed("k", "192.0.2.66");
  joined.add(say({ key: "k", channel: "a", hold: true, address: "" }), source);
  joined.add(say({ key: "k", channel: "b", hold: true, address: "192.0.2.1", second: 1 }), source);
  joined.add(say({ key: "other", channel: "a", hold: true, address: "" }), source);
  joined.placed("k", "::ffff:192.0.2.8");
  joined.end();
  assert.deepEqual(
    out.map(({ address }) => address),
    ["192.0.2.8", ""],
  );
});

test("evidence that ends its key is the same as evidence and then the end of the key", () => {
  const piece = fc.record({
    second: fc.integer({ min: 0, max: 3 }).map((step) => step * 301),
    key: fc.constantFrom("k1", "k2"),
    channel: fc.constantFrom("a", "b"),
    count: fc.integer({ min: 1, max: 3 }),
    outcome: fc.constantFrom("failure" as const, "success" as const),
    hold: fc.boolean(),
    ends: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (given) => {
      const apart = given.flatMap((one) => (one.ends ? [{ ...one, ends: false }, one.key] : [one]));
      assert.deepEqual(join(given), join(apart));
    }),
    { numRuns: 1_000 },
  );
});

test("PAM's word for another server is the same attempt, before or after that server's own", () => {
  const pam = { key: "pam:1", channel: "pam", hold: true };
  const own = { key: "imap:1", channel: "own" };
  assert.deepEqual(counts(join([pam, { ...own, second: 3 }])), [1]);
  // What servers said is remembered from the first word of PAM on.
  const elsewhere = { ...pam, key: "pam:0", address: "198.51.100.8" };
  const signIns = join([elsewhere, { ...own, second: 3 }, { ...pam, second: 4 }]);
  assert.deepEqual(times(signIns), [3, 0]);
  const other = { address: "198.51.100.9" };
  assert.deepEqual(counts(join([pam, { ...own, ...other, second: 3 }])), [1, 1]);
  assert.deepEqual(counts(join([pam, { ...own, account: "bert", second: 3 }])), [1, 1]);
  assert.deepEqual(counts(join([pam, { ...own, second: 11 }])), [1, 1]);
});

test("PAM's word names the account that the server left out", () => {
  const [signIn] = join([
    { key: "pam:1", channel: "pam", hold: true },
    { key: "smtp:1", account: "", second: 1 },
  ]);
  assert.equal(signIn?.account, "anna");
});

test("a host whose clock is hours off does not cut the wait of another short, nor close its connections", () => {
  const weak = { key: "k", channel: "weak", hold: true, address: "client.example.org" };
  const ahead = { server: "mx2", address: "198.51.100.2" };
  const signIns = join([
    {},
    { ...ahead, second: 7200 },
    { ...weak, second: 1 },
    { ...ahead, second: 7202 },
    { key: "k", channel: "own", second: 3 },
  ]);
  assert.deepEqual(
    signIns.map(({ address }) => address),
    ["192.0.2.1", "198.51.100.2", "198.51.100.2", "192.0.2.1"],
  );
});

test("one line from the far future does not keep the weak witnesses after it waiting", () => {
  const weak = { key: "k", channel: "weak", hold: true, second: 1 };
  assert.deepEqual(times(join([{}, { second: 1e8 }, weak, { second: 20 }])), [0, 1e8, 1, 20]);
});

test("connections are remembered up to their maximum, and the oldest are forgotten first", () => {
  const limits = { connectionsMax: 10, waitingMax: 10 };
  const given: Given[] = [];
  for (let one = 0; one < 100; one += 1) given.push({ key: `key number ${one}`, channel: "a", account: `n${one}` });
  for (let one = 99; one >= 0; one -= 1) given.push({ key: `key number ${one}`, channel: "b", account: `n${one}` });
  const again = join(given, limits)
    .slice(100)
    .map(({ account }) => account);
  assert.ok(again.length >= 80 && again.length <= 90, String(again.length));
  assert.ok(!again.includes("n99") && again.includes("n0"));
});

test("weak witnesses wait up to their maximum, and the one that waited longest is heard first", () => {
  const heard: string[] = [];
  const joined = new Join(({ account }) => heard.push(account), { connectionsMax: 100, waitingMax: 10 });
  for (let one = 0; one < 12; one += 1) {
    joined.add(say({ key: `key ${one}`, channel: "weak", hold: true, account: `n${one}` }), source);
  }
  assert.deepEqual(heard, ["n0", "n1"]);
  joined.end();
  assert.equal(heard.length, 12);
});

test("a client that invents channels has the attempts of those beyond the maximum counted as of one", () => {
  const given = Array.from({ length: 200 }, (_, one) => ({ key: "k", channel: `c${one}` }));
  const told = counts(join(given)).length;
  assert.ok(told >= 1 && told <= 200 - 64 + 1, String(told));
});

test("whatever is said in whatever order, what is counted is the largest of the channels' sums", () => {
  const piece = fc.record({
    second: fc.integer({ min: 0, max: 5 }),
    key: fc.constantFrom("k1", "k2"),
    channel: fc.constantFrom("a", "b", "weak"),
    count: fc.integer({ min: 1, max: 3 }),
    hold: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (given) => {
      const told: Record<string, number> = {};
      const sums: Record<string, Record<string, number>> = {};
      for (const { account, count } of join(given.map((one) => ({ ...one, account: one.key })))) {
        told[account] = (told[account] ?? 0) + count;
      }
      for (const { key, channel, count } of given) {
        const ofKey = (sums[key] ??= {});
        ofKey[channel] = (ofKey[channel] ?? 0) + count;
      }
      for (const [key, channels] of Object.entries(sums)) assert.equal(told[key], Math.max(...Object.values(channels)));
    }),
    { numRuns: 1_000 },
  );
});
