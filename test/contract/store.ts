/**
 * What every store keeps to, whatever is beneath it: SQLite, memory, and any adapter to come. Each test opens a fresh store. Whatever else an
 * adapter promises (what survives a kill, what a full disk does) has tests of its own beside it.
 */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Arrival, Batch } from "#/inputs/input.ts";
import { millis } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";
import type { Store } from "#/store/store.ts";
import type { Kept } from "#/watch/ports.ts";
import { testPostures, testVerdicts } from "./gate-records.ts";
import { HOUR, MONDAY, at, failure, success } from "../support/signins.ts";

/** Opens a store that holds nothing. What it leaves behind is the opener's to clear up. */
export type OpenFresh = () => Store;

export function testStore(name: string, openFresh: OpenFresh): void {
  const withStore = (title: string, run: (store: Store) => void): void => {
    test(title, () => {
      using store = openFresh();
      run(store);
    });
  };
  suite(`${name} as a sign-in log`, () => {
    testSignInLog(withStore);
    testPositions(withStore);
  });
  suite(`${name} searched`, () => {
    testSearch(withStore);
    testSuccesses(withStore);
  });
  suite(`${name} forgetting`, () => testForgetting(withStore));
  suite(`${name} as snapshots`, () => testSnapshots(withStore));
  suite(`${name} as a posture log`, () => testPostures(withStore));
  suite(`${name} as a verdict log`, () => testVerdicts(withStore));
}

export type WithStore = (title: string, run: (store: Store) => void) => void;

const batchOf = (input: string, arrivals: readonly Arrival[], position?: string): Batch => ({
  input,
  arrivals,
  position,
});

const arrival = (id: string, signIn: SignIn): Arrival => ({ id, signIn });

const replayed = (store: Store, after = 0): readonly Kept[] => [...store.signIns.readAfter(after)].flat();
const accounts = (kept: readonly Kept[]): readonly string[] => kept.map(({ signIn }) => signIn.account);

/** Every field at its extremes, and what a stranger may write into texts. */
const odd: SignIn = {
  at: millis(MONDAY + 1),
  outcome: "failure",
  reason: "second-factor",
  account: "o'brien\u0000 \u{1f511}\n\";--",
  accountGiven: "O'Brien",
  address: "2001:db8::7",
  service: "activesync",
  server: "mx-1.example",
  client: "a\nb\u0000c",
  count: 4_000_000,
  passwordFingerprint: "f".repeat(64),
  source: "dovecot",
};

function testSignInLog(withStore: WithStore): void {
  withStore("gives back what was appended, field by field, in order", ({ signIns }) => {
    const given = [
      success(at(0), "anna", "192.0.2.1"),
      odd,
      failure(at(0), "", "host.example", "unknown-account", { accountGiven: "" }),
      // A machine that does not know the time yet, and one that knows it in microseconds.
      success(5_000, "anna", "192.0.2.1"),
      success(at(0) + 0.125, "anna", "192.0.2.1"),
      success(at(0), "anna", "0.0.0.0", { accountGiven: "Anna@parliament.example" }),
      success(at(0), "anna", "255.255.255.255"),
      success(at(0), "anna", "010.0.0.1", { client: "" }),
      success(at(0), "anna", "", { server: "mx1a", client: "b" }),
      success(at(0), "anna", "", { server: "mx1", client: "ab" }),
    ];
    const kept = signIns.append([
      batchOf(
        "push",
        given.map((signIn, index) => arrival(`record-${index}`, signIn)),
      ),
    ]);
    assert.deepEqual(
      kept.map(({ signIn }) => signIn),
      given,
    );
    assert.deepEqual([...signIns.readAfter(0)].flat(), kept);
  });

  withStore("gives at once what it will replay, also of texts that are not well-formed", ({ signIns }) => {
    const broken = success(at(0), "an\ud800na", "192.0.2.1", {
      accountGiven: "\udc00",
      server: "\ud800",
      client: "\ud800",
    });
    const kept = signIns.append([batchOf("push", [arrival("r", broken)])]);
    assert.equal(kept[0]?.signIn.account, "an\ufffdna");
    assert.deepEqual([...signIns.readAfter(0)].flat(), kept);
    assert.equal(signIns.ofAccount("an\ufffdna", at(0), 1).length, 1);
  });

  withStore("numbers sign-ins upwards, over all inputs and calls", (store) => {
    const first = store.signIns.append([
      batchOf("one", [arrival("a:1", success(at(0), "anna", "192.0.2.1"))]),
      batchOf("two", [arrival("a:1", success(at(0), "bert", "192.0.2.2"))]),
    ]);
    const second = store.signIns.append([batchOf("one", [arrival("a:2", success(at(0), "carl", "192.0.2.3"))])]);
    const sequences = [...first, ...second].map(({ sequence }) => sequence);
    assert.deepEqual(
      sequences,
      [...new Set(sequences)].sort((one, other) => one - other),
    );
    assert.deepEqual(accounts(replayed(store)), ["anna", "bert", "carl"]);
    assert.deepEqual(accounts(replayed(store, second[0]?.sequence)), []);
    assert.deepEqual(accounts(replayed(store, first[0]?.sequence)), ["bert", "carl"]);
  });

  for (const [title, ids] of [
    ["offsets", ["64769:131:0", "64769:131:180", "64769:131:99999999999999999", "64769:132:0"]],
    ["names", ["", "a", "b", ":", "0", "00", ":0", ":00", ":1", "x".repeat(5_000), `${"x".repeat(5_000)}:1`, "ä:01"]],
  ] as const) {
    withStore(`counts the same id of an input once: ${title}`, (store) => {
      const arrivals = ids.map((id) => arrival(id, success(at(0), `of ${id}`, "192.0.2.1")));
      const twice = batchOf("follow:/var/log/mail.log", [...arrivals, ...arrivals], "1");
      assert.equal(store.signIns.append([twice]).length, ids.length);
      assert.equal(store.signIns.append([twice]).length, 0);
      assert.equal(store.signIns.append([{ ...twice, input: "push" }]).length, ids.length);
      assert.equal(replayed(store).length, 2 * ids.length);
    });
  }
}

function testPositions(withStore: WithStore): void {
  withStore("takes the new ones of a batch that is known in part", (store) => {
    const [anna, bert] = [success(at(0), "anna", "192.0.2.1"), success(at(0), "bert", "192.0.2.1")];
    store.signIns.append([batchOf("file", [arrival("i:0", anna)])]);
    const kept = store.signIns.append([batchOf("file", [arrival("i:0", anna), arrival("i:9", bert)])]);
    assert.deepEqual(accounts(kept), ["bert"]);
  });

  withStore("knows where each input was, also after batches that do not say", ({ signIns }) => {
    assert.equal(signIns.position("file"), "");
    signIns.append([batchOf("file", [], "at 10"), batchOf("other", [], "at 7")]);
    signIns.append([batchOf("file", [arrival("i:0", success(at(0), "anna", "192.0.2.1"))])]);
    assert.deepEqual([signIns.position("file"), signIns.position("other")], ["at 10", "at 7"]);
    signIns.append([batchOf("file", [], "at 20"), batchOf("file", [], "")]);
    assert.equal(signIns.position("file"), "");
  });

  withStore("replays in pieces while more is appended", (store) => {
    const many = Array.from({ length: 12_000 }, (_, index) =>
      arrival(`i:${index}`, success(MONDAY + index, `user${index}`, "192.0.2.1")),
    );
    store.signIns.append([batchOf("file", many)]);
    let count = 0;
    for (const piece of store.signIns.readAfter(0)) {
      assert.ok(piece.length <= 10_000);
      if (count === 0)
        store.signIns.append([batchOf("file", [arrival("late:1", success(MONDAY, "late", "192.0.2.1"))])]);
      count += piece.length;
    }
    assert.equal(count, 12_001);
  });

  withStore("keeps nothing and answers nothing for nothing", (store) => {
    assert.deepEqual(store.signIns.append([]), []);
    assert.deepEqual(store.signIns.append([batchOf("file", [])]), []);
    assert.deepEqual(replayed(store), []);
  });
}

const fill = ({ signIns }: Store): void => {
  const all = [
    success(at(0, 1), "anna", "192.0.2.1"),
    success(at(0, 2), "bert", "192.0.2.1"),
    failure(at(3, 1), "anna", "2001:db8::1", "bad-password", { count: 5 }),
    failure(at(3, 1), "anna", "192.0.2.9"),
    // Older ones may be read later.
    success(at(2, 5), "anna", "192.0.2.1"),
  ];
  signIns.append([
    batchOf(
      "file",
      all.map((signIn, index) => arrival(`i:${index}`, signIn)),
    ),
  ]);
};

function testSearch(withStore: WithStore): void {
  const said = (found: readonly SignIn[]): readonly string[] =>
    found.map((signIn) => `${signIn.account} ${signIn.address} ${(signIn.at - MONDAY) / HOUR}`);

  withStore("finds an account's sign-ins since a time, newest first", (store) => {
    fill(store);
    const found = store.signIns.ofAccount("anna", at(0, 1), 10);
    assert.deepEqual(said(found), [
      "anna 192.0.2.9 73",
      "anna 2001:db8::1 73",
      "anna 192.0.2.1 53",
      "anna 192.0.2.1 1",
    ]);
    assert.equal(store.signIns.ofAccount("anna", millis(at(0, 1) + 1), 10).length, 3);
    assert.equal(store.signIns.ofAccount("anna", at(3, 1), 10).length, 2);
    assert.equal(store.signIns.ofAccount("anna", millis(at(3, 1) + 1), 10).length, 0);
    assert.equal(store.signIns.ofAccount("an", at(0), 10).length, 0);
  });

  withStore("finds an address's sign-ins, however it is written", (store) => {
    fill(store);
    assert.deepEqual(said(store.signIns.ofAddress("192.0.2.1", at(0), 10)), [
      "anna 192.0.2.1 53",
      "bert 192.0.2.1 2",
      "anna 192.0.2.1 1",
    ]);
    assert.deepEqual(said(store.signIns.ofAddress("2001:db8::1", at(0), 10)), ["anna 2001:db8::1 73"]);
  });

  withStore("finds no more than asked for", (store) => {
    fill(store);
    assert.deepEqual(said(store.signIns.ofAccount("anna", at(0), 3)), [
      "anna 192.0.2.9 73",
      "anna 2001:db8::1 73",
      "anna 192.0.2.1 53",
    ]);
    assert.deepEqual(store.signIns.ofAccount("anna", at(0), 0), []);
  });

  withStore("counts attempts by day", (store) => {
    fill(store);
    assert.deepEqual(store.signIns.days(at(0, 12)), [
      { day: at(0), successes: 2, failures: 0 },
      { day: at(2), successes: 1, failures: 0 },
      { day: at(3), successes: 0, failures: 6 },
    ]);
    assert.equal(store.signIns.days(at(1)).length, 2);
    fill(store);
    assert.equal(store.signIns.days(at(3))[0]?.failures, 6);
  });
}

function testSuccesses(withStore: WithStore): void {
  withStore("tells who signed in since a time, and of no failure", (store) => {
    fill(store);
    const since = (when: number): readonly string[] =>
      [...store.signIns.successesSince(millis(when))]
        .flat()
        .map((one) => `${one.account} ${one.address} ${(one.at - MONDAY) / HOUR}`);
    assert.deepEqual(since(at(0)), ["anna 192.0.2.1 1", "bert 192.0.2.1 2", "anna 192.0.2.1 53"]);
    assert.deepEqual(since(at(0, 2)), ["bert 192.0.2.1 2", "anna 192.0.2.1 53"]);
    assert.deepEqual(since(at(0, 2) + 1), ["anna 192.0.2.1 53"]);
  });
}

function testForgetting(withStore: WithStore): void {
  const daily = (from: number, to: number): Batch =>
    batchOf(
      "file",
      Array.from({ length: to - from }, (_, index) =>
        arrival(`i:${from + index}`, success(at(from + index, 5), `day${from + index}`, "192.0.2.1")),
      ),
      String(to),
    );

  withStore("forgets what is older, and says how many", (store) => {
    store.signIns.append([daily(0, 10)]);
    assert.equal(store.signIns.forgetBefore(at(4, 5)), 4);
    assert.equal(store.signIns.forgetBefore(at(4, 5)), 0);
    assert.deepEqual(accounts(replayed(store)), ["day4", "day5", "day6", "day7", "day8", "day9"]);
    assert.equal(store.signIns.ofAccount("day3", at(0), 10).length, 0);
    assert.equal(store.signIns.ofAddress("192.0.2.1", at(0), 100).length, 6);
    assert.equal(store.signIns.days(at(0))[0]?.day, at(4));
    assert.equal(store.signIns.position("file"), "10");
  });

  withStore("goes on counting upwards after it has forgotten all", (store) => {
    const last = store.signIns.append([daily(0, 3)]).at(-1)?.sequence ?? 0;
    assert.equal(store.signIns.forgetBefore(at(9)), 3);
    const [next] = store.signIns.append([daily(9, 10)]);
    assert.ok(next !== undefined && next.sequence > last);
    assert.deepEqual(accounts(replayed(store, last)), ["day9"]);
  });

  withStore("forgets more than fit into one piece, whatever their order", (store) => {
    const many = Array.from({ length: 12_000 }, (_, index) =>
      arrival(`i:${index}`, success(MONDAY + ((index * 7_919) % 12_000), "anna", "192.0.2.1")),
    );
    store.signIns.append([batchOf("file", many)]);
    assert.equal(store.signIns.forgetBefore(millis(MONDAY + 11_000)), 11_000);
    assert.equal(replayed(store).length, 1_000);
  });

  withStore("finds and forgets sign-ins of any time", ({ signIns }) => {
    const times = [millis(5_000), millis(at(0) + 0.125), millis(at(0, 1) + 899_999.999)];
    const arrivals = times.map((time) => arrival(String(time), success(time, "anna", "192.0.2.1")));
    signIns.append([batchOf("file", arrivals)]);
    const found = (): readonly number[] => signIns.ofAccount("anna", millis(0), 10).map((signIn) => signIn.at);
    assert.deepEqual(found(), times.toReversed());
    assert.equal(signIns.forgetBefore(at(0)), 1);
    assert.equal(signIns.forgetBefore(millis(at(0) + 0.25)), 1);
    assert.deepEqual(found(), times.slice(2));
  });
}

function testSnapshots(withStore: WithStore): void {
  const body = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
  const filled = (store: Store): void =>
    void store.signIns.append([
      batchOf(
        "file",
        Array.from({ length: 50 }, (_, index) => arrival(`i:${index}`, success(at(0), "anna", "192.0.2.1"))),
      ),
    ]);

  withStore("has none at first", ({ snapshots }) => assert.equal(snapshots.newest("1"), undefined));

  withStore("gives the newest of a version", (store) => {
    filled(store);
    store.snapshots.save(9, "1", body("nine"));
    store.snapshots.save(10, "1", body("ten"));
    const found = store.snapshots.newest("1");
    assert.equal(found?.sequence, 10);
    assert.equal(Buffer.from(found.body).toString(), "ten");
    store.snapshots.save(11, "2", body(""));
    assert.equal(store.snapshots.newest("1")?.sequence, 10);
    assert.deepEqual(store.snapshots.newest("2"), { sequence: 11, body: body("") });
  });

  withStore("keeps two", (store) => {
    filled(store);
    for (const sequence of [1, 2, 3]) store.snapshots.save(sequence, String(sequence), body("x"));
    assert.equal(store.snapshots.newest("1"), undefined);
    assert.equal(store.snapshots.newest("2")?.sequence, 2);
  });

  withStore("replaces one of the same sequence", (store) => {
    filled(store);
    for (const text of ["a", "b", "c"]) store.snapshots.save(5, "1", body(text));
    assert.equal(Buffer.from(store.snapshots.newest("1")?.body ?? []).toString(), "c");
  });
}
