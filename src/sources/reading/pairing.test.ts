import assert from "node:assert/strict";
import { test } from "node:test";
import { millis } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";
import { Pairing, waitingMax } from "./pairing.ts";

type Given = {
  readonly second: number;
  readonly weak?: boolean;
  readonly account?: string;
  readonly outcome?: "success";
};

const signIn = ({ second, account = "anna", outcome }: Given): SignIn => ({
  at: millis(second * 1000),
  outcome: outcome ?? "failure",
  reason: outcome === undefined ? "bad-password" : "",
  account,
  accountGiven: account,
  address: "192.0.2.1",
  service: "ftp",
  server: "",
  client: "",
  count: 1,
  passwordFingerprint: "",
  source: "test",
});

/** What is handed on of these, given in batches of that size: seconds, weak ones negative. */
function pair(
  given: readonly Given[],
  size = given.length,
): { readonly out: readonly number[]; readonly dropped: number } {
  const weak = new Set<SignIn>();
  let dropped = 0;
  const pairing = new Pairing(weak, () => (dropped += 1));
  const seconds = new Map<SignIn, number>();
  const all = given.map((one) => {
    const made = signIn(one);
    seconds.set(made, one.weak === true ? -one.second : one.second);
    return made;
  });
  const out: SignIn[] = [];
  for (let at = 0; at < all.length; at += size) {
    for (let index = at; index < at + size && index < all.length; index += 1) {
      const made = all[index];
      if (made !== undefined && given[index]?.weak === true) weak.add(made);
    }
    out.push(...pairing.next(all.slice(at, at + size)));
  }
  out.push(...pairing.end());
  assert.equal(weak.size, 0);
  return { out: out.map((one) => seconds.get(one) ?? 0), dropped };
}

for (const size of [1, 2, 100]) {
  test(`a weak one is dropped for another log's own word, before or after it (batches of ${size})`, () => {
    assert.deepEqual(pair([{ second: 1, weak: true }, { second: 4 }], size), { out: [4], dropped: 1 });
    assert.deepEqual(pair([{ second: 1 }, { second: 4, weak: true }], size), { out: [1], dropped: 1 });
  });

  test(`each own word stands for one weak one (batches of ${size})`, () => {
    const given = [{ second: 1, weak: true }, { second: 2, weak: true }, { second: 3 }, { second: 4, weak: true }];
    assert.deepEqual(pair(given, size).out, [-2, 3, -4]);
  });

  test(`a weak one stays where nobody says the same in time (batches of ${size})`, () => {
    const weak = { second: 1, weak: true };
    assert.deepEqual(pair([weak, { second: 12 }], size).out, [-1, 12]);
    assert.deepEqual(pair([weak, { second: 2, account: "bert" }], size).out, [-1, 2]);
    assert.deepEqual(pair([weak, { second: 2, outcome: "success" }], size).out, [-1, 2]);
    assert.deepEqual(
      pair(
        [
          { ...weak, account: "" },
          { second: 2, account: "" },
        ],
        size,
      ).out,
      [-1, 2],
    );
  });
}

test("what waits behind a weak one is bounded", () => {
  const weak = new Set<SignIn>();
  const pairing = new Pairing(weak, () => assert.fail());
  const first = signIn({ second: 0 });
  weak.add(first);
  const crowd = Array.from({ length: waitingMax - 1 }, () => signIn({ second: 1, account: "bert" }));
  assert.equal(pairing.next([first, ...crowd]).length, 0);
  assert.equal(pairing.next([signIn({ second: 1, account: "bert" })]).length, waitingMax + 1);
});
