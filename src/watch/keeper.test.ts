import assert from "node:assert/strict";
import { test } from "node:test";
import { simulate } from "../../sim/simulate.ts";
import { MovedTime } from "../../test/support/timers.ts";
import { Gate } from "#/gate/gate.ts";
import { defaults as gateDefaults } from "#/gate/settings.ts";
import { type JudgeSettings, defaults as judgeDefaults } from "#/incidents/settings.ts";
import { Failure } from "#/platform/failure.ts";
import { days } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";
import { openMemoryStore } from "#/store/memory/open.ts";
import type { Store } from "#/store/store.ts";
import type { SignInLog, Snapshots } from "./ports.ts";
import { defaults } from "./settings.ts";
import { Watch } from "./watch.ts";

type Scene = {
  readonly watch: Watch;
  readonly gate: Gate;
  readonly time: MovedTime;
  readonly said: string[];
  /** Sign-ins that were judged again at the start. */
  readonly again: number;
};

type Options = {
  readonly program?: string;
  readonly settings?: typeof defaults;
  readonly judge?: JudgeSettings;
  readonly snapshots?: Snapshots;
};

/** A watch that has caught up with what the store has. */
async function started(store: Store, options: Options = {}): Promise<Scene> {
  const { program = "this", settings = defaults, judge = judgeDefaults, snapshots = store.snapshots } = options;
  const time = new MovedTime();
  const said: string[] = [];
  const gate = new Gate(gateDefaults, judgeDefaults.familiarity);
  gate.setReady();
  let again = 0;
  const log: SignInLog = {
    append: (group) => store.signIns.append(group),
    *readAfter(sequence) {
      for (const piece of store.signIns.readAfter(sequence)) {
        again += piece.length;
        yield piece;
      }
    },
    position: (input) => store.signIns.position(input),
    forgetBefore: (at) => store.signIns.forgetBefore(at),
  };
  const watch = new Watch(
    {
      log,
      snapshots,
      clock: time,
      timers: time,
      changed: (changes) => {
        for (const change of changes) gate.apply(change);
      },
      say: (sentence) => said.push(sentence),
    },
    { settings, judge, retention: days(90), program },
  );
  await watch.catchUp(() => undefined);
  return { watch, gate, time, said, again };
}

const signIns = [...simulate("spray-slow-200", { seed: 3, accounts: 150, days: 6, fingerprints: true })].map(
  ({ signIn }) => signIn,
);
const half = signIns.length >> 1;

async function takeAll({ watch }: Scene, all: readonly SignIn[]): Promise<void> {
  for (let from = 0; from < all.length; from += 500) {
    const arrivals = all.slice(from, from + 500).map((signIn) => ({ signIn, id: String(signIns.indexOf(signIn)) }));
    await watch.take({ input: "test", arrivals, position: undefined });
  }
}

/** What the gate would say to everybody who ever tried, some time after. */
const verdicts = (gate: Gate): string[] =>
  signIns.map((signIn) => gate.decide({ ...signIn, at: signIns.at(-1)?.at ?? signIn.at }).code);

test("after an end and a start nothing is judged again, and all goes on as without", async () => {
  const whole = await started(openMemoryStore());
  await takeAll(whole, signIns);
  whole.watch.lookBack();

  const store = openMemoryStore();
  const first = await started(store);
  await takeAll(first, signIns.slice(0, half));
  await first.watch[Symbol.asyncDispose]();
  const second = await started(store);
  assert.equal(second.again, 0);
  assert.equal(second.watch.status().judged, half);
  await takeAll(second, signIns.slice(half));
  second.watch.lookBack();

  assert.deepEqual(second.watch.conclusion(), whole.watch.conclusion());
  assert.deepEqual(second.watch.status(), whole.watch.status());
  const said = verdicts(whole.gate);
  assert.ok(said.includes("familiar") && new Set(said).size > 2, [...new Set(said)].join(" "));
  assert.deepEqual(verdicts(second.gate), said);
});

test("killed between two snapshots, only what came after the last is judged again", async () => {
  const store = openMemoryStore();
  const first = await started(store);
  await takeAll(first, signIns.slice(0, half));
  first.time.move(defaults.snapshotEvery);
  await takeAll(first, signIns.slice(half, half + 700));
  const second = await started(store);
  assert.equal(second.again, 700);
  assert.deepEqual(second.watch.conclusion(), first.watch.conclusion());
  // What it has just judged again is in a snapshot now.
  assert.equal((await started(store)).again, 0);
});

test("where nothing has come in, no snapshot is written", async () => {
  const store = openMemoryStore();
  let saved = 0;
  const snapshots: Snapshots = {
    save: (...all) => {
      saved += 1;
      store.snapshots.save(...all);
    },
    newest: (version) => store.snapshots.newest(version),
  };
  const one = await started(store, { snapshots });
  one.time.move(defaults.snapshotEvery * 2);
  assert.equal(saved, 0);
  await takeAll(one, signIns.slice(0, 10));
  one.time.move(defaults.snapshotEvery * 2);
  assert.equal(saved, 1);
  await one.watch[Symbol.asyncDispose]();
  assert.equal(saved, 1);
});

test("another program, or other settings, judges everything again", async () => {
  const store = openMemoryStore();
  const first = await started(store);
  await takeAll(first, signIns.slice(0, half));
  await first.watch[Symbol.asyncDispose]();
  // What is said beside detection's settings, such as where to listen, changes nothing.
  const judge = { ...judgeDefaults, serve: { http: "127.0.0.1:1" } };
  assert.equal((await started(store, { judge })).again, 0);
  assert.equal((await started(store, { program: "another" })).again, half);
  const decoys = { ...judgeDefaults, decoy: { ...judgeDefaults.decoy, names: ["old"] } };
  assert.equal((await started(store, { judge: decoys })).again, half);
  const settings = { ...defaults, threatFor: days(2) };
  assert.equal((await started(store, { settings })).again, half);
});

test("a snapshot that cannot be read is told of, and everything is judged again", async () => {
  const store = openMemoryStore();
  const first = await started(store);
  await takeAll(first, signIns.slice(0, half));
  await first.watch[Symbol.asyncDispose]();
  const snapshots: Snapshots = {
    save: () => undefined,
    newest: (version) => {
      const found = store.snapshots.newest(version);
      return found && { ...found, body: found.body.map((byte, at) => (at === 5_000 ? byte ^ 1 : byte)) };
    },
  };
  const second = await started(store, { snapshots });
  assert.equal(second.again, half);
  assert.match(second.said.join(), /no use, so all sign-ins that were kept are judged again: it is damaged/);
  assert.deepEqual(second.watch.conclusion(), first.watch.conclusion());
});

test("where no snapshot can be kept, that is told, and judging goes on", async () => {
  const store = openMemoryStore();
  const snapshots: Snapshots = {
    save: () => {
      throw new Failure("store-full", "the disk is full: make room");
    },
    newest: () => undefined,
  };
  const one = await started(store, { snapshots });
  await takeAll(one, signIns.slice(0, half));
  one.time.move(defaults.snapshotEvery);
  assert.deepEqual(one.said, ["No snapshot could be kept: the disk is full: make room"]);
  await takeAll(one, signIns.slice(half));
  assert.equal(one.watch.status().judged, signIns.length);
});
