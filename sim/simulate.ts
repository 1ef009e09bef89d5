/**
 * A seeded institution, its attackers and its faults, as a stream of sign-ins in time order. The same scenario, seed and
 * size give the same stream on every machine. It does not know who reads the stream.
 */
import type { CampaignKind } from "#/incidents/conclusion.ts";
import { millis } from "#/platform/units.ts";
import type { Reason, SignIn } from "#/signin/signin.ts";
import { type AttackPlan, createAttacker } from "./attackers/attack.ts";
import { backgroundDay } from "./background.ts";
import { createAccounts } from "./institution/accounts.ts";
import { liveDay } from "./institution/behaviour.ts";
import { Networks } from "./institution/networks.ts";
import { Lockout } from "./lockout.ts";
import { Passwords } from "./passwords.ts";
import { Rng } from "./rng.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import { scenarioNamed } from "./scenarios/scenarios.ts";
import type { Attempt, Simulated, Truth } from "./simulated.ts";
import { TruthKeeper } from "./truth.ts";
import { DAY, type Habits, HOUR, World } from "./world.ts";

export type SimulationOptions = {
  readonly seed: number;
  readonly accounts?: number;
  readonly days?: number;
  /** Addresses from 240.0.0.0/4, which nobody holds, instead of public ones. */
  readonly reserved?: boolean;
  /** Guesses a day of the internet's everyday noise, instead of what the scenario has. */
  readonly background?: number | undefined;
  /** Told now and then, for work that takes its time. */
  readonly onProgress?: ((soFar: SoFar) => void) | undefined;
  /** Whether every sign-in carries a fingerprint of the password; a scenario may say so, too. */
  readonly fingerprints?: boolean;
  /**
   * Asked of every sign-in before its password is checked, and shown how it would go: whether it may go on to the check. What may not is refused, and
   * fails for policy.
   */
  readonly admits?: ((signIn: SignIn) => boolean) | undefined;
};

/** How far a simulation is: the share of its days that has been lived, and the sign-ins so far. */
export type SoFar = { readonly share: number; readonly signIns: number };

/** Accounts that are lived for, or sign-ins handed out, between two words about progress. */
const progressEvery = 4096;

/** Mondays from which simulations start: 2025-01-06 and the 60 after it. */
const firstMonday = Date.UTC(2025, 0, 6);

export class Simulation implements Iterable<Simulated> {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly world: World;
  readonly #setting: Rng;
  readonly #guesses: number;
  readonly #attacks: readonly AttackPlan[];
  readonly #keeper: TruthKeeper;
  readonly #lockout: Lockout;
  readonly #onProgress: SimulationOptions["onProgress"];
  readonly #admits: SimulationOptions["admits"];
  #lived = 0;
  #signIns = 0;
  /** The time of the last sign-in that was handed out. */
  #at: number;
  readonly #passwords: Passwords | undefined;
  #done = false;

  constructor(scenario: Scenario, options: SimulationOptions) {
    this.scenario = scenario;
    this.seed = options.seed;
    this.#onProgress = options.onProgress;
    this.#admits = options.admits;
    const rng = new Rng(options.seed).fork("institution");
    const setting = new Rng(options.seed).fork(scenario.name);
    this.#setting = setting;
    this.world = createWorld(scenario, options, rng, setting);
    this.#at = this.world.from;
    this.world.faults.push(...(scenario.faults?.(this.world, setting.fork("faults")) ?? []));
    this.#lockout = new Lockout(this.world.habits.lockAfter);
    const isTold = options.fingerprints === true || scenario.fingerprints !== undefined;
    this.#passwords = isTold ? new Passwords(setting.fork("passwords"), scenario.fingerprints === "worlds") : undefined;
    this.#attacks = scenario.attacks?.(this.world, setting.fork("attacks")) ?? [];
    const usual = scenario.background === undefined ? 0 : setting.pick(scenario.background);
    this.#guesses = options.background ?? usual;
    const kinds: readonly CampaignKind[] = this.#attacks.map((attack) => attack.kind);
    this.#keeper = new TruthKeeper(scenario, options.seed, this.world, kinds);
  }

  /** The stream; can be gone through once. */
  *[Symbol.iterator](): Generator<Simulated> {
    if (this.#done) throw new Error("a simulation can be gone through once");
    this.#done = true;
    const { world } = this;
    for (const [index, attack] of this.#attacks.entries()) attack.run(createAttacker(world, index, this.#setting));
    for (let day = -1; day < world.days; day += 1) {
      // A day of local time may begin on the day before in UTC; both sides are lived before a day is handed out.
      const next = day + 1;
      if (next <= world.days) this.#live(next);
      if (day < 0) {
        this.#live(day);
        continue;
      }
      for (const attempt of world.take(day)) {
        // An account that did not fall after all (it was locked just then) is not used either.
        if (!attempt.use || this.#keeper.hasFallen(attempt)) yield this.#settle(attempt);
      }
    }
  }

  /** What truly happened. Complete once the stream has been gone through. */
  truth(): Truth {
    return this.#keeper.truth();
  }

  #live(day: number): void {
    for (const account of this.world.accounts) {
      liveDay(this.world, account, day);
      this.#lived += 1;
      if (this.#lived % progressEvery === 0) this.#tell();
    }
    if (this.#guesses > 0) backgroundDay(this.world, day, this.#guesses);
  }

  /** Living and handing out take about as long as each other. */
  #tell(): void {
    const { accounts, days, from, to } = this.world;
    const lived = this.#lived / (accounts.length * (days + 2));
    const handedOut = (this.#at - from) / (to - from);
    this.#onProgress?.({ share: (lived + handedOut) / 2, signIns: this.#signIns });
  }

  #settle(attempt: Attempt): Simulated {
    this.#signIns += 1;
    this.#at = attempt.at;
    if (this.#signIns % progressEvery === 0) this.#tell();
    const given = this.world.resolve(attempt);
    const checked = given === "" || given === "bad-password";
    const reason = checked && this.#lockout.locks(attempt) ? "locked" : given;
    const asked = this.#signIn(attempt, reason);
    const isAdmitted = this.#admits?.(asked) ?? true;
    if (checked && reason === given && isAdmitted) this.#lockout.note(attempt, given === "bad-password");
    if (reason === "" && isAdmitted) this.#passwords?.opened(attempt, this.world.account(attempt.account));
    const struck = attempt.label === "benign" && this.world.struck(attempt) !== "";
    const simulated: Simulated = {
      signIn: isAdmitted ? asked : { ...asked, outcome: "failure", reason: "policy" },
      label: struck ? "fault" : attempt.label,
      campaignId: attempt.campaign < 0 ? "" : `T${attempt.campaign + 1}`,
      connection: attempt.connection,
      passwordId: attempt.passwordId,
    };
    this.#keeper.note(simulated, attempt);
    return simulated;
  }

  #signIn(attempt: Attempt, reason: Reason | ""): SignIn {
    return {
      at: millis(attempt.at),
      outcome: reason === "" ? "success" : "failure",
      reason,
      account: attempt.name,
      accountGiven: attempt.name,
      address: attempt.address,
      service: attempt.service,
      server: attempt.server,
      client: this.world.habits.clientsHidden ? "" : attempt.client,
      count: 1,
      passwordFingerprint: this.#fingerprint(attempt),
      source: "simulation",
    };
  }

  #fingerprint(attempt: Attempt): string {
    if (this.#passwords === undefined) return "";
    const isEmptied = this.world.struckBy(attempt)?.kind === "one-client";
    return this.#passwords.fingerprint(attempt, this.world.account(attempt.account), isEmptied);
  }
}

/** Plays a scenario, given by name or as a recipe. */
export function simulate(scenario: Scenario | string, options: SimulationOptions): Simulation {
  return new Simulation(typeof scenario === "string" ? scenarioNamed(scenario) : scenario, options);
}

function createWorld(scenario: Scenario, options: SimulationOptions, rng: Rng, setting: Rng): World {
  const { accounts = 9000, days = 14 } = options;
  const networks = new Networks(rng.fork("networks"), options.reserved ?? false);
  const domain = "parliament.example";
  const weakShare = scenario.weakShare ?? rng.fork("weak").betweenLog(0.003, 0.02);
  const people = createAccounts({ accounts, domain, weakShare }, networks, rng.fork("accounts"));
  const habitsRng = rng.fork("habits");
  const habits: Habits = {
    webmailProxy: false,
    namesHidden: false,
    oneOffice: false,
    clientsHidden: false,
    officeShare: habitsRng.between(0.6, 0.95),
    travelShare: habitsRng.between(0.005, 0.03),
    changeEvery: habitsRng.between(120, 360),
    staleShare: habitsRng.between(0.05, 0.2),
    typoShare: habitsRng.between(0.045, 0.085),
    forgottenShare: habitsRng.between(0.002, 0.006),
    pollShare: habitsRng.between(0, 0.015),
    intensity: habitsRng.between(0.75, 1.25),
    expiryDay: -1,
    expiryShare: 0,
    holidayFrom: -1,
    holidayTo: -1,
    joinDay: -1,
    joinShare: 0,
    lockAfter: habitsRng.pick([0, 0, 0, 5, 10, 10]),
    ...scenario.habits?.(setting.fork("habits"), days),
  };
  const from = firstMonday + habitsRng.int(60) * 7 * DAY;
  const offset = habitsRng.pick([0, 1, 2, -5]) * HOUR;
  return new World(rng.fork("life"), networks, people, { domain, from, days, offset }, habits);
}
