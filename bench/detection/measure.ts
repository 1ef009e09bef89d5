/**
 * Plays one scenario through the real pipeline and through the peers' rules, the same stream for all, and measures each
 * against the truth. A second time through the same stream counts what could only be known at its end: which of the named
 * addresses members sign in from, and how many of their sign-ins would have been refused.
 */
import { days, minutes } from "#/platform/units.ts";
import { networkOf } from "#/signin/address.ts";
import { type Answer, type Verdict, figuresOf } from "../../sim/figures.ts";
import { type Ask, type Judged, type View, play } from "../../sim/pipeline.ts";
import type { Scenario } from "../../sim/scenarios/scenario.ts";
import { scoresOf } from "../../sim/scores.ts";
import { type Simulation, type SimulationOptions, simulate } from "../../sim/simulate.ts";
import type { Simulated } from "../../sim/simulated.ts";
import type { ChallengeOutcome, Counts, FaultOutcome, Outcome, OwnOutcome, Job } from "./outcome.ts";
import { PeerScore, countOf, countsOf, isInFault } from "./peer-score.ts";
import type { Peer } from "./peers/peer.ts";

/** Minutes after a fault's onset at which the conclusion is asked for. */
const askedAt = [5, 10, 15, 20, 30, 45, 60, 120, 240, 480];

/** Share of the members' sign-ins that may be challenged. */
const CHALLENGED_MOST = 0.1;

export function measure(scenario: Scenario, job: Job, peers: readonly Peer[], view: View = "full"): Outcome {
  const start = process.cpuUsage();
  const options = { seed: job.seed, accounts: job.accounts, days: job.days };
  const simulation = simulate(scenario, options);
  const watch = new Watch(simulation, peers);
  const played = play(simulation, view, (simulated, ask) => watch.step(simulated, ask));
  for (const score of watch.scores) score.end(simulation.world.to);
  const second = secondPass(simulate(scenario, options), played, watch.named());
  const challenge = challengeOf(scenario, options);
  const used = process.cpuUsage(start);
  return {
    ...job,
    truth: played.answer.conclusion,
    signIns: played.signIns,
    membersSignIns: watch.membersSignIns,
    own: ownOutcome(played, watch, second),
    fault: watch.fault(played.verdict),
    challenge,
    peers: Object.fromEntries(
      watch.scores.map((score) => [score.name, score.outcome(played.answer, second.membersAddresses)]),
    ),
    seconds: (used.user + used.system) / 1e6,
  };
}

/** What is noted while the stream goes by the first time. */
class Watch {
  readonly scores: readonly PeerScore[];
  readonly #simulation: Simulation;
  readonly #faultFrom: number;
  #asked = 0;
  #namedMinutes: number | undefined;
  #anyMinutes: number | undefined;
  #bothMinutes: number | undefined;
  /** Of the first campaign, which is the one that matters. */
  readonly #addresses = new Set<string>();
  #dayAfter = Infinity;
  addressesAfterDay: Counts | undefined;
  membersSignIns = 0;
  /** When each guess was made. */
  readonly guesses: number[] = [];

  constructor(simulation: Simulation, peers: readonly Peer[]) {
    this.#simulation = simulation;
    this.scores = peers.map((peer) => new PeerScore(peer, simulation.seed));
    this.#faultFrom = simulation.world.faults[0]?.from ?? Infinity;
  }

  named(): Set<string> {
    return new Set(this.scores.flatMap((score) => [...score.named]));
  }

  step(simulated: Simulated, ask: Ask): void {
    const { signIn, label } = simulated;
    const isMain = simulated.campaignId === "T1";
    // What comes after an account fell is its use, with no password of the guesser's list.
    const isGuess = isMain && simulated.passwordId !== 0;
    if (isGuess) {
      if (this.guesses.length === 0) this.#dayAfter = signIn.at + days(1);
      this.guesses.push(signIn.at);
    }
    if (signIn.at >= this.#dayAfter) {
      this.#dayAfter = Infinity;
      const said = ask().campaigns.flatMap((one) => one.addresses);
      this.addressesAfterDay = countsOf(this.#addresses, this.#addresses, said);
    }
    if (isGuess) this.#addresses.add(signIn.address);
    if (label === "benign" && signIn.outcome === "success") this.membersSignIns += 1;
    if (signIn.at >= this.#faultFrom) this.#askAboutFault(signIn.at, ask);
    for (const score of this.scores) score.step(simulated, isGuess);
  }

  #askAboutFault(at: number, ask: Ask): void {
    const due = askedAt[this.#asked];
    if (due === undefined || at < this.#faultFrom + minutes(due)) return;
    this.#asked += 1;
    const fault = this.#simulation.world.faults[0];
    const hasAttack = this.#simulation.scenario.attacks !== undefined;
    const isDone = this.#namedMinutes !== undefined && (!hasAttack || this.#bothMinutes !== undefined);
    if (fault === undefined || isDone) return;
    const { faults, campaigns } = ask();
    // What ended before this one began is another.
    const now = faults.filter((one) => one.from > this.#faultFrom - minutes(60));
    if (now.length === 0) return;
    this.#anyMinutes ??= due;
    if (now.some(({ kind }) => kind === fault.kind)) this.#namedMinutes ??= due;
    if (campaigns.some((one) => one.addresses.some((address) => this.#addresses.has(address))))
      this.#bothMinutes ??= due;
  }

  fault({ faults }: Verdict): FaultOutcome | undefined {
    const fault = this.#simulation.world.faults[0];
    if (fault === undefined) return undefined;
    return {
      kind: fault.kind,
      named: faults.some(({ kind }) => kind === fault.kind),
      namedMinutes: this.#namedMinutes,
      anyMinutes: this.#anyMinutes,
      bothMinutes: this.#bothMinutes,
    };
  }
}

function ownOutcome({ verdict, answer, conclusion }: Judged, watch: Watch, second: SecondPass): OwnOutcome {
  const figures = figuresOf(verdict, answer);
  const attacking = new Set(answer.campaigns.flatMap((one) => one.addresses));
  const theirs = new Set([...attacking, ...answer.campaigns.flatMap((one) => one.usedFrom)]);
  const said = new Set(verdict.campaigns.flatMap((one) => one.addresses));
  const wrong = verdict.campaigns.filter((one) => !one.addresses.some((address) => attacking.has(address)));
  const fallen = new Set(answer.campaigns.flatMap((one) => one.fallen));
  const declaredAt = declaredOf(verdict, answer);
  const first = watch.guesses[0];
  const quietMarks = new Set(["fault", "old-password"]);
  return {
    guesses: declaredAt === undefined ? undefined : countOf(watch.guesses, (at) => at <= declaredAt),
    hours: declaredAt === undefined || first === undefined ? undefined : (declaredAt - first) / 3_600_000,
    addresses: countsOf(attacking, theirs, said),
    membersAddresses: countOf(said, (one) => second.membersAddresses.has(one) && !theirs.has(one)),
    alarmsFalse: wrong.length,
    alarmDays: new Set(wrong.map(({ detectedAt }) => Math.floor(detectedAt / days(1)))).size,
    alarmsAtMembers: countOf(wrong, (one) => one.addresses.some((address) => second.membersAddresses.has(address))),
    alarmsInFault: countOf(wrong, ({ detectedAt }) => isInFault(detectedAt, answer)),
    refused: second.refused,
    conclusion: verdict.conclusion,
    right: figures.right,
    kindRight: figures.kindRight,
    fallen: countsOf(
      fallen,
      fallen,
      verdict.campaigns.flatMap((one) => one.fallen),
    ),
    refusedFamiliar: second.refusedFamiliar,
    addressesAfterDay: watch.addressesAfterDay,
    faultsFalse: figures.faultsFalse,
    marks: countOf(conclusion.findings, ({ detector }) => !quietMarks.has(detector)),
  };
}

/** When a campaign that shares an address with the scenario's first was declared. */
function declaredOf(verdict: Verdict, answer: Answer): number | undefined {
  const own = new Set(answer.campaigns[0]?.addresses);
  const times = verdict.campaigns
    .filter((campaign) => campaign.addresses.some((address) => own.has(address)))
    .map(({ detectedAt }) => detectedAt);
  return times.length === 0 ? undefined : Math.min(...times);
}

type SecondPass = {
  /** Of the addresses that anybody named, those from which members signed in. */
  readonly membersAddresses: ReadonlySet<string>;
  readonly refused: number;
  readonly refusedFamiliar: number;
};

/** @param named by peers. */
function secondPass(again: Simulation, { conclusion }: Judged, named: ReadonlySet<string>): SecondPass {
  /** Our named addresses and since when; what is everybody's is not to be shut out, and we say so. */
  const shut = new Map<string, number>();
  for (const campaign of conclusion.campaigns)
    for (const { address, isShared } of campaign.origins)
      if (isShared !== true) shut.set(address, Math.min(campaign.detectedAt, shut.get(address) ?? Infinity));
  const said = new Set([...named, ...conclusion.campaigns.flatMap((one) => one.origins.map(({ address }) => address))]);
  const membersAddresses = new Set<string>();
  if (said.size === 0) return { membersAddresses, refused: 0, refusedFamiliar: 0 };
  const networks = new Set([...shut.keys()].map(networkOf));
  const known = new Set<string>();
  let refused = 0;
  let refusedFamiliar = 0;
  for (const simulated of again) {
    const { at, address, account, outcome } = simulated.signIn;
    if (simulated.label !== "benign" || outcome !== "success") continue;
    if (said.has(address)) membersAddresses.add(address);
    const network = networkOf(address);
    if (!networks.has(network)) continue;
    const pair = `${account} ${network}`;
    if (at >= (shut.get(address) ?? Infinity)) {
      refused += 1;
      if (known.has(pair)) refusedFamiliar += 1;
    }
    known.add(pair);
  }
  return { membersAddresses, refused, refusedFamiliar };
}

/** Where stolen passwords are used by others later. */
const aboutStolen = /^(?:stolen-|spray-then-use)/;

/** The score of single sign-ins, at the threshold that challenges a tenth of the members' at most. */
function challengeOf(scenario: Scenario, options: SimulationOptions): ChallengeOutcome | undefined {
  if (!aboutStolen.test(scenario.name)) return undefined;
  const scores = scoresOf(scenario, options);
  const sorted = [...scores.members].sort((one, other) => other - one);
  const threshold = sorted[Math.floor(CHALLENGED_MOST * scores.legitimate)] ?? -Infinity;
  return {
    stolen: scores.thieves.length,
    stolenChallenged: countOf(scores.thieves, (logOdds) => logOdds > threshold),
    members: scores.legitimate,
    membersChallenged: countOf(scores.members, (logOdds) => logOdds > threshold),
  };
}
