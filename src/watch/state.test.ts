import assert from "node:assert/strict";
import { test } from "node:test";
import { scenarios } from "../../sim/scenarios/scenarios.ts";
import { simulate } from "../../sim/simulate.ts";
import { seededRandom } from "#/platform/random.ts";
import { defaults as judgeDefaults } from "#/incidents/settings.ts";
import type { SignIn } from "#/signin/signin.ts";
import { defaults } from "./settings.ts";
import { type State, type StateSettings, createState, kindsIn, stateBytes, stateFrom } from "./state.ts";

const DECOY = "archive.old";

const settings: StateSettings = {
  judge: { ...judgeDefaults, decoy: { ...judgeDefaults.decoy, names: [DECOY] } },
  watch: defaults,
};

/** A scenario has no decoys; some of its failures are on one here. */
const onDecoy = (signIn: SignIn): SignIn =>
  signIn.outcome === "failure" ? { ...signIn, account: DECOY, accountGiven: DECOY } : signIn;

const fresh = (): State => createState(settings, () => undefined);

function restored(bytes: Uint8Array): State {
  const state = stateFrom(bytes, settings, () => undefined);
  assert.ok(state !== undefined);
  return state;
}

function judgeAll(state: State, signIns: readonly SignIn[]): void {
  for (const signIn of signIns) {
    state.judge.add([signIn]);
    state.found.observe(signIn);
  }
}

const conclusionOf = ({ judge, found }: State): string => {
  const conclusion = judge.conclude({ files: [], signIns: 0, zoneAssumed: undefined });
  found.lookBack(conclusion, judge.last);
  return JSON.stringify(conclusion);
};

const threatsOf = ({ threats, judge }: State): string => JSON.stringify([...threats.running(judge.last)]);

/** Fields that no snapshot can reach, by their declarations. */
const hiddenFields = (source: string): string[] =>
  [...source.matchAll(/^\s*(?:static\s)?\s*(#\w+)\s*[=;]/gm)].map(([, name = ""]) => name);

test("no class that is kept has a field that a snapshot cannot reach", () => {
  class Planted {
    #hidden = 1;
    private shown = 2;
    #late: number | undefined;

    sum(): number {
      this.#late ??= 3;
      return this.#hidden + this.shown + this.#late + this.#own();
    }

    #own(): number {
      return 4;
    }
  }
  assert.deepEqual(hiddenFields(Planted.toString()), ["#hidden", "#late"]);
  const { all } = kindsIn(fresh());
  assert.ok(all.length >= 15);
  for (const { name, create } of all) assert.deepEqual(hiddenFields(create().constructor.toString()), [], name);
});

for (const [index, scenario] of scenarios.entries()) {
  test(`${scenario.name}: interrupted and restored, the same is found as without`, () => {
    const random = seededRandom(index + 1);
    const simulation = simulate(scenario, { seed: index, accounts: 100, days: 6, fingerprints: index % 2 === 0 });
    const signIns = [...simulation].map(({ signIn }, at) => (at % 97 === 96 ? onDecoy(signIn) : signIn));
    const whole = fresh();
    judgeAll(whole, signIns);
    let state = fresh();
    let from = 0;
    for (let round = 0; round < 2; round += 1) {
      const to = from + Math.floor(random() * (signIns.length - from));
      judgeAll(state, signIns.slice(from, to));
      const bytes = stateBytes(state);
      state = restored(bytes);
      assert.ok(Buffer.from(stateBytes(state)).equals(bytes), "what is restored writes the same bytes");
      from = to;
    }
    judgeAll(state, signIns.slice(from));
    assert.equal(conclusionOf(state), conclusionOf(whole));
    assert.equal(threatsOf(state), threatsOf(whole));
    assert.ok(Buffer.from(stateBytes(state)).equals(stateBytes(whole)), "and so does what was judged afterwards");
  });
}
