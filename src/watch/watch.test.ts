import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { simulate } from "../../sim/simulate.ts";
import { DAY, HOUR, MINUTE, MONDAY, failure, home, member, success } from "../../test/support/signins.ts";
import { MovedTime } from "../../test/support/timers.ts";
import type { Attempt } from "#/gate/attempt.ts";
import type { Change } from "#/gate/change.ts";
import { Gate } from "#/gate/gate.ts";
import { defaults as gateDefaults } from "#/gate/settings.ts";
import { type JudgeSettings, defaults as judgeDefaults } from "#/incidents/settings.ts";
import type { Batch } from "#/inputs/input.ts";
import { Failure } from "#/platform/failure.ts";
import { days } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";
import { openMemoryStore } from "#/store/memory/open.ts";
import type { SignInLog, Snapshots } from "./ports.ts";
import { defaults } from "./settings.ts";
import { Watch } from "./watch.ts";

type Scene = {
  readonly watch: Watch;
  readonly log: SignInLog;
  readonly time: MovedTime;
  readonly changes: Change[];
  readonly said: string[];
  readonly gate: Gate;
  /** What is done with changes, instead of giving them to the gate. */
  told: ((changes: readonly Change[]) => Promise<void>) | undefined;
};

/** A watch over a store in memory, with a gate that it tells. */
function scene(
  log: SignInLog = openMemoryStore().signIns,
  settings = defaults,
  snapshots: Snapshots = openMemoryStore().snapshots,
  judge: JudgeSettings = judgeDefaults,
): Scene {
  const time = new MovedTime();
  const changes: Change[] = [];
  const said: string[] = [];
  const gate = new Gate(gateDefaults, judgeDefaults.familiarity);
  gate.setReady();
  const watch = new Watch(
    {
      log,
      snapshots,
      clock: time,
      timers: time,
      changed: (more) => {
        if (one.told !== undefined) return one.told(more);
        changes.push(...more);
        for (const change of more) gate.apply(change);
        return undefined;
      },
      say: (sentence) => said.push(sentence),
    },
    { settings, judge, retention: days(90), program: "this" },
  );
  const one: Scene = { watch, log, time, changes, said, gate, told: undefined };
  return one;
}

/** One that has caught up. */
async function started(...given: Parameters<typeof scene>): Promise<Scene> {
  const one = scene(...given);
  await one.watch.catchUp(() => undefined);
  return one;
}

let batches = 0;
const batchOf = (...signIns: readonly SignIn[]): Batch => {
  batches += 1;
  return {
    input: "test",
    arrivals: signIns.map((signIn, index) => ({ signIn, id: `${batches}.${index}` })),
    position: String(batches),
  };
};

async function takeAll({ watch }: Scene, signIns: readonly SignIn[]): Promise<void> {
  for (let from = 0; from < signIns.length; from += 500) await watch.take(batchOf(...signIns.slice(from, from + 500)));
}

test("batches that come together are kept in one go, acknowledged when kept, and judged in that order", async () => {
  const { signIns } = openMemoryStore();
  const groups: number[] = [];
  const one = scene({
    ...portOf(signIns),
    append: (group) => {
      groups.push(group.length);
      return signIns.append(group);
    },
  });
  await Promise.all([1, 2, 3].map(async (at) => one.watch.take(batchOf(failure(MONDAY + at, "ana", "198.18.3.4")))));
  assert.deepEqual(groups, [3]);
  await one.watch.catchUp(() => undefined);
  assert.equal(one.watch.status().judged, 3);
  assert.equal(signIns.position("test"), String(batches));
});

test("what is read again counts once", async () => {
  const one = await started();
  const batch = batchOf(success(MONDAY, "ana", "198.18.3.4"));
  await one.watch.take(batch);
  await one.watch.take(batch);
  assert.equal(one.watch.status().judged, 1);
});

test("while the store is full nothing is acknowledged or judged, and afterwards nothing is missing", async () => {
  const { signIns } = openMemoryStore();
  let isFull = true;
  const one = await started({
    ...portOf(signIns),
    append: (group) => {
      if (isFull) throw new Failure("store-full", "the disk is full: make room");
      return signIns.append(group);
    },
  });
  let isKept = false;
  const taken = one.watch.take(batchOf(success(MONDAY, "ana", "198.18.3.4"))).then(() => (isKept = true));
  const second = one.watch.take(batchOf(success(MONDAY + 1, "bea", "198.18.3.5")));
  await turn();
  one.time.move(1_000);
  await turn();
  assert.ok(!isKept);
  assert.equal(one.watch.status().judged, 0);
  assert.match(one.watch.status().trouble, /the disk is full/);
  assert.equal(one.said.length, 1, "said once, not at every attempt");
  isFull = false;
  one.time.move(30_000);
  await Promise.all([taken, second]);
  assert.equal(one.watch.status().judged, 2);
  assert.equal(one.watch.status().trouble, "");
});

test("what comes while it catches up is acknowledged at once, and judged after what was there before", async () => {
  const { signIns } = openMemoryStore();
  signIns.append([batchOf(...Array.from({ length: 20 }, (_, index) => success(MONDAY + index, "ana", "198.18.3.4")))]);
  const one = scene({
    ...portOf(signIns),
    *readAfter(sequence) {
      for (const piece of signIns.readAfter(sequence)) for (const kept of piece) yield [kept];
    },
  });
  const order: string[] = [];
  const caughtUp = one.watch.catchUp(() => order.push("piece")).then(() => order.push("caught up"));
  await one.watch.take(batchOf(failure(MONDAY + DAY, "bea", "203.0.113.9"))).then(() => order.push("kept"));
  assert.ok(!order.includes("caught up"));
  await caughtUp;
  assert.equal(one.watch.status().judged, 21);
  assert.equal(one.watch.judge.last, MONDAY + DAY);
});

test("whoever brings more than may wait is held back", async () => {
  const one = await started(undefined, { ...defaults, waitingMax: 3 });
  const order: string[] = [];
  const take = async (name: string, count: number): Promise<void> => {
    const signIns = Array.from({ length: count }, (_, index) => success(MONDAY + index, name, "198.18.3.4"));
    await one.watch.take(batchOf(...signIns));
    order.push(name);
  };
  const all = Promise.all([take("ana", 3), take("bea", 1)]);
  assert.equal(one.watch.status().waiting, 3, "bea waits outside");
  await all;
  assert.deepEqual(order, ["ana", "bea"]);
});

test("a network becomes familiar at the gate when its owner signs in, and is told of once a day", async () => {
  const one = await started();
  const visits = [0, MINUTE, DAY / 2, DAY + MINUTE].map((later) => success(MONDAY + later, "ana", "198.18.3.4"));
  await takeAll(one, visits);
  assert.equal(one.changes.filter(({ kind }) => kind === "familiar").length, 2);
});

const attemptOf = (signIn: SignIn): Attempt => signIn;

/** What the gate would say to everybody who ever tried, some time after. */
const verdicts = (gate: Gate, signIns: readonly SignIn[]): string[] =>
  signIns.map((signIn) => gate.decide({ ...attemptOf(signIn), at: signIns.at(-1)?.at ?? signIn.at }).code);

test("after a restart the gate says what it would have said without one", async () => {
  const simulation = simulate("spray-slow-200", { seed: 3, accounts: 200, days: 8, fingerprints: true });
  const signIns = [...simulation].map(({ signIn }) => signIn);
  const whole = await started();
  await takeAll(whole, signIns);
  whole.watch.lookBack();

  const half = await started();
  await takeAll(half, signIns.slice(0, signIns.length / 2));
  const progress: number[] = [];
  const again = scene(half.log);
  await again.watch.catchUp((judged) => progress.push(judged));
  await takeAll(again, signIns.slice(signIns.length / 2));
  again.watch.lookBack();

  assert.ok(progress.length > 0);
  assert.deepEqual(again.watch.conclusion(), whole.watch.conclusion());
  const said = verdicts(whole.gate, signIns);
  assert.ok(said.includes("hot-password"), [...new Set(said)].join(" "));
  assert.ok(said.includes("familiar"));
  assert.deepEqual(verdicts(again.gate, signIns), said);
});

test("a gate that heard of every change says what one says that starts now, whatever names people sign in with", async () => {
  const one = await started();
  const tidy = [...simulate("spray-slow-200", { seed: 3, accounts: 300, days: 4 })].map(({ signIn }) => signIn);
  const bare = (name: string): string => name.replace(/@.*/, "");
  const untidy = tidy.map((signIn, index) =>
    index % 3 === 0 ? { ...signIn, account: bare(signIn.account), accountGiven: bare(signIn.account) } : signIn,
  );
  await takeAll(one, untidy);
  const fresh = new Gate(gateDefaults, judgeDefaults.familiarity);
  fresh.setReady();
  for (const change of one.watch.changesNow()) fresh.apply(change);
  const asked = [...tidy, ...tidy.map((signIn) => ({ ...signIn, account: bare(signIn.account) }))];
  assert.deepEqual(verdicts(one.gate, asked), verdicts(fresh, asked));
});

test("of an account with too many networks, the gate forgets the one that familiarity does", async () => {
  const one = await started();
  const place = (index: number): string => `198.18.${index}.4`;
  const visits = Array.from({ length: 12 }, (_, index) => success(MONDAY + index * MINUTE, "ana", place(index)));
  // The gate is not told of this one: it heard of that network the same day.
  await takeAll(one, [...visits, success(MONDAY + HOUR, "ana", place(0))]);
  await takeAll(one, [success(MONDAY + 2 * HOUR, "ana", place(99))]);
  const asked = success(MONDAY + 3 * HOUR, "ana", place(0));
  assert.deepEqual(verdicts(one.gate, [asked]), ["familiar"]);
  assert.notDeepEqual(verdicts(one.gate, [{ ...asked, address: place(1) }]), ["familiar"]);
});

test("who fell is known to the gate once somebody has looked back", async () => {
  const one = await started();
  const members = Array.from({ length: 60 }, (_, index) => index);
  await takeAll(
    one,
    members.map((index) => success(MONDAY + index, member(index), home(index))),
  );
  await takeAll(
    one,
    members.map((index) => failure(MONDAY + DAY + index * 1_000, member(index), "203.0.113.9")),
  );
  await takeAll(one, [success(MONDAY + DAY + 100_000, member(7), "203.0.113.9")]);
  one.time.move(60_000);
  const fallen = one.changes.filter((change) => change.kind === "threat" && change.threat === "fallen-account");
  assert.deepEqual(
    fallen.map((change) => change.kind === "threat" && change.subject),
    [member(7)],
  );
});

test("an address that is found once the list of findings is full is a threat like those before", async () => {
  const findingsFew = { ...judgeDefaults, incidents: { ...judgeDefaults.incidents, findingsMax: 1 } };
  const one = await started(undefined, defaults, undefined, findingsFew);
  const addresses = ["203.0.113.9", "198.51.100.7", "192.0.2.5"];
  const guesses = addresses.flatMap((address, hour) =>
    Array.from({ length: 60 }, (_, index) => failure(MONDAY + hour * HOUR + index * 1_000, member(index), address)),
  );
  await takeAll(one, guesses);
  assert.ok(one.watch.judge.unlisted > 0, "the list is full");
  const threats = one.changes.flatMap((change) =>
    change.kind === "threat" && change.threat === "attacking-address" ? [change.subject] : [],
  );
  assert.deepEqual([...new Set(threats)].toSorted(), addresses.toSorted());
});

test("a gate that starts is told in pieces, the next when it has the one before; what changes meanwhile is in its place", async () => {
  const { signIns } = openMemoryStore();
  const members = Array.from({ length: 2_500 }, (_, index) => success(MONDAY + index, `m${index}`, home(index)));
  signIns.append([batchOf(...members)]);
  const pieces: (readonly Change[])[] = [];
  const gates: (() => void)[] = [];
  const one = scene(signIns);
  one.told = (changes) => {
    pieces.push(changes);
    return new Promise((resolve) => gates.push(resolve));
  };
  const caughtUp = one.watch.catchUp(() => undefined);
  while (pieces.length === 0) await turn();
  await turn();
  assert.equal(pieces.length, 1, "the second waits");
  await one.watch.take(batchOf(success(MONDAY + DAY, "zoe", "198.18.3.4")));
  for (let piece = 0; piece < 4; piece += 1) {
    gates[piece]?.();
    await turn();
  }
  await caughtUp;
  assert.deepEqual(
    pieces.map(({ length }) => length),
    [1_000, 1, 1_000, 501],
  );
});

test("a sign-in dated in the future is taken as of now: no threat lasts until then, and none that runs is forgotten", async () => {
  const one = await started();
  const now = one.time.now();
  const spray = (when: number, address: string): SignIn[] =>
    Array.from({ length: 60 }, (_, index) => failure(when - HOUR + index * 1_000, member(index), address));
  await takeAll(one, [...spray(now, "203.0.113.9"), failure(Date.UTC(2099, 0, 1), "ana", "203.0.113.9")]);
  await takeAll(one, [success(Date.UTC(2099, 0, 1), "ana", "198.18.3.4"), ...spray(now, "198.51.100.7")]);
  one.watch.lookBack();
  const runs = [...one.watch.changesNow()].flatMap((change) => (change.kind === "threat" ? [change] : []));
  const subjects = runs.map(({ subject }) => subject).filter((subject) => subject !== "");
  assert.deepEqual(subjects.toSorted(), ["198.51.100.7", "203.0.113.9"]);
  assert.ok(runs.every(({ until }) => until <= now + 8 * DAY));
  assert.equal(one.watch.judge.last, now);
  assert.equal(one.said.length, 1);
  assert.match(
    one.said[0] ?? "",
    /test: 1 sign-in dated in the future \(2099-01-01 00:00 UTC, and it is 2026-11-23 10:00 UTC\)/,
  );
});

/** The functions of a log, to put others beside. */
const portOf = (log: SignInLog): SignInLog => ({
  append: (group) => log.append(group),
  readAfter: (sequence) => log.readAfter(sequence),
  position: (input) => log.position(input),
  forgetBefore: (at) => log.forgetBefore(at),
});
