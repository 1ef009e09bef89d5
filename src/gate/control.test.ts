import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { NOON, attempt, entry, gateOf, posture } from "../../test/support/gate.ts";
import { MovedTime } from "../../test/support/timers.ts";
import { Failure } from "#/platform/failure.ts";
import { hours, later, seconds } from "#/platform/units.ts";
import type { RecordedVerdict } from "./attempt.ts";
import { checkedChange } from "./checked-change.ts";
import { controlSocket, listenForControl } from "./control-socket.ts";
import { type Records, createControl } from "./control.ts";
import { entriesOf } from "./posture-log.ts";
import type { Decision, PostureEntry } from "./posture.ts";
import { defaults } from "./settings.ts";
import { wouldHave } from "./would-have.ts";

const records: Records = {
  append: () => undefined,
  countsSince: () => new Map(),
  wouldHave: (since) =>
    wouldHave(
      () => [],
      () => [],
      since,
    ),
};
const clock = { now: () => NOON, ticks: () => 0 };

test("what is no request, or no change, changes nothing", async () => {
  const gate = gateOf();
  const control = createControl(gate, records, clock);
  const change = { ask: "change", change: { kind: "enforce" }, author: "jo", reason: "", lasts: 0 };
  const wrong: readonly unknown[] = [
    undefined,
    "status",
    { ask: "stop" },
    { ...change, author: "" },
    { ...change, lasts: -1 },
    { ...change, lasts: "4h" },
    { ...change, reason: "x".repeat(301) },
    { ...change, change: { kind: "posture", posture: "shut", scope: { accounts: "", service: "" } } },
    { ...change, change: { kind: "posture", posture: "open", scope: { accounts: "", service: "telnet" } } },
    { ...change, change: { kind: "undo", number: -1 } },
    { ...change, more: true },
  ];
  for (const request of wrong) assert.equal((await control(request)).is, "failure");
  assert.equal(gate.posture.length, 1);
  assert.equal((await control(change)).is, "changed");
});

test("over the socket only what is short and meant for it is read", async () => {
  const folder = mkdtempSync(join(tmpdir(), "portcullis-control-"));
  try {
    const path = controlSocket(folder);
    await using _listening = await listenForControl(path, createControl(gateOf(), records, clock));
    const status = (method: string, url: string, body: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const asked = request({ socketPath: path, method, path: url }, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        });
        asked.on("error", reject);
        asked.end(body);
      });
    assert.equal(await status("POST", "/gate", JSON.stringify({ ask: "status" })), 200);
    assert.equal(await status("POST", "/gate", "{"), 400);
    assert.equal(await status("GET", "/gate", ""), 404);
    assert.equal(await status("POST", "/", "{}"), 404);
    assert.equal(await status("POST", "/gate", `"${"x".repeat(16_383)}"`), 413);
    assert.equal(await status("POST", "/gate", `"${"x".repeat(16_382)}"`), 400, "no request, but not too long");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const changeOf = (change: Decision): unknown => ({ ask: "change", change, author: "jo", reason: "x", lasts: 0 });

test("what could not be kept is kept by itself, in its order, as soon as that can be", async () => {
  const time = new MovedTime(NOON);
  const gate = gateOf();
  const kept: string[] = [];
  let isFull = true;
  const append = (entry: PostureEntry): void => {
    if (isFull) throw new Failure("store-full", "the disk is full: make room");
    kept.push(entry.change.kind);
  };
  const control = createControl(gate, { ...records, append }, time, time);
  const first = await control(changeOf({ kind: "enforce" }));
  assert.equal(first.is === "changed" && first.trouble, "the disk is full: make room");
  await control(changeOf(posture("closed", "anna")));
  isFull = false;
  time.move(10_000);
  await turn();
  assert.deepEqual(kept, ["enforce", "posture"]);
  const status = await control({ ask: "status" });
  assert.equal(status.is === "status" && status.unkept, "");
});

test("a change holds at once, whatever became of the one before, and whoever made it is told soon that it is not kept", async () => {
  const time = new MovedTime(NOON);
  const gate = gateOf();
  const hanging = new Promise<void>(() => undefined);
  const control = createControl(gate, { ...records, append: () => hanging }, time, time);
  const made = [control(changeOf({ kind: "enforce" })), control(changeOf(posture("closed", "anna")))];
  assert.equal(gate.decide(attempt("anna", "192.0.2.1")).code, "closed");
  await turn();
  time.move(10_000);
  for (const reply of await Promise.all(made)) {
    assert.match(reply.is === "changed" ? reply.trouble : "", /has not answered yet/);
  }
});

test("postures and blocks have a maximum, and those that ended do not count", () => {
  const check = (change: Decision, log: Parameters<typeof checkedChange>[1]): unknown =>
    checkedChange({ change, author: "jo", reason: "x", lasts: undefined }, log, defaults, NOON);
  const postures = Array.from({ length: 100 }, (_, index) =>
    entry(posture("guarded", `member${index}`), { until: later(NOON, hours(1)) }),
  );
  check(posture("guarded", "anna"), postures.slice(1));
  assert.throws(() => check(posture("guarded", "anna"), postures), /100 postures run already/);
  check(
    posture("guarded", "anna"),
    postures.map((each) => ({ ...each, until: NOON })),
  );
  const blocks = Array.from({ length: 10_000 }, (_, index) =>
    entry({ kind: "block", network: `10.${index >>> 8}.${index & 255}.0/24` }),
  );
  check({ kind: "block", network: "192.0.2.1" }, blocks.slice(1));
  assert.throws(() => check({ kind: "block", network: "192.0.2.1" }, blocks), /10000 networks are blocked already/);
});

test("a log that a newer version wrote stops the start: a change left out could let somebody in", () => {
  assert.deepEqual(entriesOf([entry({ kind: "enforce" })]), [entry({ kind: "enforce" })]);
  const newer = { ...entry({ kind: "enforce" }), change: { kind: "quarantine" } };
  assert.throws(
    () => entriesOf([newer]),
    (error) => error instanceof Failure && /change 1 .* by jo, cannot be read/.test(error.message),
  );
});

test("what the gate would have done is said as far as can be remembered, and that it is not all", () => {
  const verdict = (account: string): RecordedVerdict => {
    const { at, address, service } = attempt(account, "203.0.113.9");
    const refused = { answer: "allow", delay: seconds(0), code: "decoy", why: "", would: "refuse" } as const;
    return { ...refused, at, account, address, service, protocol: "json" };
  };
  const signedIn = ["anna", "bob", "carl"].map((account) => ({
    at: later(NOON, seconds(1)),
    account,
    address: "203.0.113.9",
  }));
  const figures = (accounts: readonly string[]) =>
    wouldHave(
      () => [accounts.map(verdict)],
      () => [signedIn],
      NOON,
      2,
    );
  const { refused, accounts, hurtAccounts, isCut } = figures(["anna", "bob", "anna"]);
  assert.deepEqual([refused, accounts, hurtAccounts, isCut], [3, 2, 2, false]);
  const cut = figures(["anna", "bob", "carl"]);
  assert.deepEqual([cut.refused, cut.accounts, cut.hurtAccounts, cut.isCut], [3, 2, 2, true]);
  const before = wouldHave(
    () => [[verdict("anna")]],
    () => [[{ ...signedIn[0], at: NOON, account: "anna", address: "198.51.100.1" }]],
    NOON,
  );
  assert.equal(before.hurtPairs, 0, "from elsewhere");
});

test("settings that name what there is not are refused at the start", () => {
  assert.throws(
    () => gateOf({ failClosed: ["smtp"] }),
    /gate\.failClosed: there is no protocol "smtp"\. Write some of dovecot/,
  );
  assert.throws(() => gateOf({ groups: { press: ["*a*"] } }), /gate\.groups\.press: "\*a\*" has more than one star/);
  assert.throws(() => gateOf({ siteNetworks: ["10.0.0.0/99"] }), /gate\.siteNetworks: .*is no network/);
});
