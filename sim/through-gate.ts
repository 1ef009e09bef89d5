/**
 * A scenario with an enforcing gate in front of the password check: the gate is asked first, what it refuses fails for policy and opens nothing, and
 * the same watch as in the service keeps it current. An attacker who is refused cannot tell, and goes on with his plan. It knows nothing of protocols.
 */
import type { Verdict } from "#/gate/attempt.ts";
import { Gate } from "#/gate/gate.ts";
import { type Settings as GateSettings, defaults as gateDefaults } from "#/gate/settings.ts";
import { defaults as judgeDefaults } from "#/incidents/settings.ts";
import type { Clock } from "#/platform/clock.ts";
import type { Timers } from "#/platform/timers.ts";
import { days, millis, minutes } from "#/platform/units.ts";
import type { SignIn } from "#/signin/signin.ts";
import type { SignInLog, Snapshots } from "#/watch/ports.ts";
import { defaults as watchDefaults } from "#/watch/settings.ts";
import { Watch } from "#/watch/watch.ts";
import { GateCount, type GateFigures } from "./gate-figures.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { type SimulationOptions, simulate } from "./simulate.ts";

/**
 * The service looks back every minute, in a tenth of its time. Here the machine must not matter: looking back costs as many coins as there are
 * addresses, every sign-in brings some, and no more are saved than are worth looking back so often in a row.
 */
const COINS = 40;
const SAVED = 8;
const LOOK_BACK_EVERY = minutes(1);

/** Plays it twice: without a gate for what would have fallen, and with it. */
export async function playThroughGate(
  scenario: Scenario | string,
  options: Omit<SimulationOptions, "admits">,
  settings: Partial<GateSettings> = {},
): Promise<GateFigures> {
  const count = new GateCount();
  const without = simulate(scenario, { ...options, onProgress: halfOf(options.onProgress, 0) });
  for (const simulated of without) count.without(simulated);
  const gate = new Gate({ ...gateDefaults, ...settings }, judgeDefaults.familiarity);
  gate.setPosture([{ at: millis(0), author: "simulation", reason: "", until: undefined, change: { kind: "enforce" } }]);
  gate.setReady();
  let verdict: Verdict | undefined;
  let wouldOpen = false;
  const admits = (signIn: SignIn): boolean => {
    wouldOpen = signIn.outcome === "success";
    verdict = gate.decide(signIn);
    return verdict.answer !== "refuse";
  };
  const simulation = simulate(scenario, { ...options, admits, onProgress: halfOf(options.onProgress, 0.5) });
  const watching = new Watching(gate);
  await watching.start();
  for (const simulated of simulation) {
    if (verdict !== undefined) count.step(simulated, verdict, wouldOpen);
    await watching.take(simulated.signIn);
  }
  return count.figures(without.truth(), simulation.truth());
}

function halfOf(onProgress: SimulationOptions["onProgress"], from: number): SimulationOptions["onProgress"] {
  return onProgress && (({ share, signIns }) => onProgress({ share: from + share / 2, signIns }));
}

/** The service's watch, over a log that need not outlive it; its clock is the sign-ins' own. */
class Watching {
  readonly #watch: Watch;
  #now = millis(0);
  #taken = 0;
  #coins = 0;
  #lookedBackAt = 0;
  #foundAtLookBack = 0;
  #hasNews = false;

  constructor(gate: Gate) {
    const clock: Clock = { now: () => this.#now, ticks: () => this.#now };
    this.#watch = new Watch(
      {
        log: forgetfulLog(),
        snapshots: noSnapshots,
        clock,
        timers: noTimers,
        changed: (changes) => {
          for (const change of changes) {
            // Who opened an account from a new network may be a thief, which only hindsight tells.
            if (change.kind === "familiar" && change.first === change.at) this.#hasNews = true;
            gate.apply(change);
          }
        },
        say: () => undefined,
      },
      { settings: watchDefaults, judge: judgeDefaults, retention: days(90), program: "simulation" },
    );
  }

  async start(): Promise<void> {
    await this.#watch.catchUp(() => undefined);
  }

  async take(signIn: SignIn): Promise<void> {
    this.#now = signIn.at;
    this.#lookBack();
    this.#taken += 1;
    await this.#watch.take({
      input: "simulation",
      arrivals: [{ signIn, id: String(this.#taken) }],
      position: String(this.#taken),
    });
  }

  #lookBack(): void {
    const { familiarity, dated } = this.#watch.judge;
    const cost = familiarity.origins.size;
    this.#coins = Math.min(this.#coins + COINS, SAVED * cost);
    if (dated.length > this.#foundAtLookBack) this.#hasNews = true;
    if (!this.#hasNews || this.#now - this.#lookedBackAt < LOOK_BACK_EVERY || this.#coins < cost) return;
    this.#coins -= cost;
    this.#lookedBackAt = this.#now;
    this.#foundAtLookBack = dated.length;
    this.#hasNews = false;
    this.#watch.lookBack();
  }
}

/** Numbers what it is given; nothing is read again. */
function forgetfulLog(): SignInLog {
  let sequence = 0;
  return {
    append: (batches) =>
      batches.flatMap(({ arrivals }) => arrivals.map(({ signIn }) => ({ sequence: (sequence += 1), signIn }))),
    readAfter: () => [],
    position: () => "",
    forgetBefore: () => 0,
  };
}

const noSnapshots: Snapshots = { save: () => undefined, newest: () => undefined };
const nothing: Disposable = { [Symbol.dispose]: () => undefined };
const noTimers: Timers = { every: () => nothing, after: () => nothing };
