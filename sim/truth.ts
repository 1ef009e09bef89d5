/** Keeps the truth about a stream, from the stream itself, so that the two cannot disagree. */
import type { CampaignKind } from "#/incidents/conclusion.ts";
import { type Millis, millis } from "#/platform/units.ts";
import type { Account } from "./institution/accounts.ts";
import type { Scenario } from "./scenarios/scenario.ts";
import type { Attempt, FallenTruth, Label, Mailbox, Simulated, Truth } from "./simulated.ts";
import type { World } from "./world.ts";

type Tally = {
  readonly addresses: Set<string>;
  readonly targeted: Set<string>;
  readonly invalid: Set<string>;
  readonly usedFrom: Set<string>;
  readonly fallen: Map<string, FallenTruth>;
  readonly progress: (readonly [number, Millis])[];
  attempts: number;
  first: number;
  last: number;
};

/** Each noted guess is a twentieth further on than the one before. */
const progressStep = 1.05;

export class TruthKeeper {
  readonly #scenario: Scenario;
  readonly #seed: number;
  readonly #world: World;
  readonly #kinds: readonly CampaignKind[];
  readonly #tallies: readonly Tally[];
  readonly #struck: readonly Set<number>[];
  readonly #labels: Record<Label, number> = { benign: 0, campaign: 0, background: 0, fault: 0 };
  #signIns = 0;
  #failures = 0;

  constructor(scenario: Scenario, seed: number, world: World, kinds: readonly CampaignKind[]) {
    this.#scenario = scenario;
    this.#seed = seed;
    this.#world = world;
    this.#kinds = kinds;
    this.#tallies = kinds.map(() => ({
      addresses: new Set(),
      targeted: new Set(),
      invalid: new Set(),
      usedFrom: new Set(),
      fallen: new Map(),
      progress: [],
      attempts: 0,
      first: 0,
      last: 0,
    }));
    this.#struck = world.faults.map(() => new Set());
  }

  note(simulated: Simulated, attempt: Attempt): void {
    this.#signIns += 1;
    this.#labels[simulated.label] += 1;
    if (simulated.signIn.outcome === "failure") this.#failures += 1;
    if (simulated.label === "fault") this.#noteFault(attempt);
    const tally = this.#tallies[attempt.campaign];
    if (tally === undefined) return;
    if (attempt.use) tally.usedFrom.add(attempt.address);
    else noteGuess(tally, simulated, attempt);
  }

  /** Whether the attempt's campaign has opened its account before. */
  hasFallen(attempt: Attempt): boolean {
    return this.#tallies[attempt.campaign]?.fallen.has(attempt.name) ?? false;
  }

  #noteFault(attempt: Attempt): void {
    for (const [index, fault] of this.#world.faults.entries()) {
      if (attempt.at >= fault.from && attempt.at < fault.to) this.#struck[index]?.add(attempt.account);
    }
  }

  truth(): Truth {
    const campaigns = this.#tallies.map((tally, index) => ({
      id: `T${index + 1}`,
      kind: this.#kinds[index] ?? "password-spraying",
      addresses: [...tally.addresses],
      accountsTargeted: [...tally.targeted],
      namesInvalid: [...tally.invalid],
      fallen: [...tally.fallen.values()],
      usedFrom: [...tally.usedFrom],
      mailboxesReached: mailboxesOf(this.#world.accounts, tally.fallen),
      attempts: tally.attempts,
      progress: tally.progress,
      first: time(tally.first),
      last: time(tally.last),
    }));
    const faults = this.#world.faults.map((fault, index) => ({
      kind: fault.kind,
      from: time(fault.from),
      to: time(Math.min(fault.to, this.#world.to)),
      accountsAffected: this.#struck[index]?.size ?? 0,
    }));
    return {
      scenario: this.#scenario.name,
      seed: this.#seed,
      conclusion: this.#scenario.conclusion,
      accepted: this.#scenario.accepted ?? [],
      campaigns,
      faults,
      signIns: this.#signIns,
      failures: this.#failures,
      labels: { ...this.#labels },
    };
  }
}

/** Mailboxes that fell with somebody's account, because that somebody is a delegate. */
function mailboxesOf(accounts: readonly Account[], fallen: ReadonlyMap<string, unknown>): Mailbox[] {
  return accounts.flatMap(({ name, delegates, openedBy }) => {
    if (fallen.has(name)) return [];
    const through = [...delegates, ...openedBy]
      .map((index) => accounts[index]?.name)
      .find((delegate) => delegate !== undefined && fallen.has(delegate));
    return through === undefined ? [] : [{ mailbox: name, through }];
  });
}

const time = (at: number): Millis => millis(Math.floor(at));

function noteGuess(tally: Tally, { signIn }: Simulated, attempt: Attempt): void {
  if (tally.attempts === 0) tally.first = attempt.at;
  tally.attempts += 1;
  tally.last = attempt.at;
  const noted = tally.progress.at(-1)?.[0] ?? 0;
  if (tally.attempts >= noted * progressStep || (tally.attempts === noted + 1 && noted < 10))
    tally.progress.push([tally.attempts, time(attempt.at)]);
  tally.addresses.add(attempt.address);
  if (attempt.account < 0) tally.invalid.add(attempt.name);
  else tally.targeted.add(attempt.name);
  if (signIn.outcome === "success" && !tally.fallen.has(signIn.account)) {
    tally.fallen.set(signIn.account, { account: signIn.account, at: signIn.at, address: signIn.address });
  }
}
