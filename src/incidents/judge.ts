/**
 * The judge: one sign-in's whole way through detection stands here, and nowhere else. Sign-ins go in as they come; at any moment it can
 * be asked what has happened. It knows nothing of files, screens or clocks.
 *
 *   sign-in -> familiarity (what was usual before it) -> detectors (pure steps) -> running state
 *   running state + hindsight over the records -> campaigns, faults, findings
 */
import type { Found } from "#/detectors/detector.ts";
import { type State as DecoyState, type Tried as DecoyTried, decoy } from "#/detectors/decoy/decoy.ts";
import type { Alarm } from "#/detectors/distributed/charts.ts";
import {
  type State as DistributedState,
  backgroundOf,
  calmOf,
  distributed,
} from "#/detectors/distributed/distributed.ts";
import { type State as FaultState, fault } from "#/detectors/fault/fault.ts";
import type { Hot } from "#/detectors/hot-password/fingerprints.ts";
import { type State as HotPasswordState, hotPassword } from "#/detectors/hot-password/hot-password.ts";
import {
  type State as KnownPasswordState,
  type Refused,
  knownPassword,
} from "#/detectors/known-password/known-password.ts";
import { type State as OldPasswordState, oldPassword } from "#/detectors/old-password/old-password.ts";
import { type Declared, type State as OneAccountState, oneAccount } from "#/detectors/one-account/one-account.ts";
import { type State as OneSourceState, oneSource } from "#/detectors/one-source/one-source.ts";
import { type State as SharedNetworkState, sharedNetwork } from "#/detectors/shared-network/shared-network.ts";
import type { Spell } from "#/detectors/shared-network/spell.ts";
import { type State as UnusualSignInState, unusualSignIn } from "#/detectors/unusual-sign-in/unusual-sign-in.ts";
import { emptyObservation } from "#/familiarity/empty-observation.ts";
import { Familiarity, type Observation } from "#/familiarity/familiarity.ts";
import { type Account, Familiar, type Origin, type Pair } from "#/familiarity/records.ts";
import type { SignIn } from "#/signin/signin.ts";
import { type Millis, counted, millis, utcMinute } from "#/platform/units.ts";
import { blindSpots } from "./blind-spots.ts";
import { campaignsOf } from "./campaigns.ts";
import { lookBack } from "./hindsight.ts";
import type { Campaign, Conclusion, ConclusionKind, Finding, Read } from "./conclusion.ts";
import { Daily } from "./daily.ts";
import { FaultBook } from "./faults.ts";
import { knownPasswords, secondFactorCampaigns } from "./known-passwords.ts";
import { withMembers } from "./members.ts";
import { type JudgeSettings, defaults } from "./settings.ts";
import { judgeSpells, sharedCampaigns } from "./shared-campaigns.ts";
import { Tally } from "./timeline.ts";

/** Findings that strangers cannot multiply (alarms, faults, and what happens where members sign in) are kept beside the others. */
const ALARMS_MAX = 10_000;

const ALARMS: ReadonlySet<Found["kind"]> = new Set([
  "distributed-attack",
  "distributed-attack-over",
  "fault",
  "fault-over",
  "shared-network",
  "second-factor-fatigue",
  "hot-password",
]);

/** A finding as the running state made it, with the time at which it was made. */
export type Dated = { readonly detector: string; readonly found: Found };

export class Judge {
  readonly familiarity: Familiarity;
  readonly settings: JudgeSettings;
  readonly tally = new Tally();
  readonly faults = new FaultBook();
  readonly dated: Dated[] = [];
  private alarmsListed = 0;
  /** Findings beyond the maximum. */
  unlisted = 0;
  /** Told of every finding as it is made, also of those beyond the maximum: what is live must not go blind once a list is full. */
  onFound: (found: Found) => void = () => undefined;
  first: Millis = millis(0);
  last: Millis = millis(0);
  successes = 0;
  failures = 0;
  /** Failures from where the account never signed in. */
  strangersFailures = 0;
  /** Accounts that signed in from where they never had, by day: travellers, new phones, new members. */
  private readonly newPlaces = new Daily();
  /** Of those, accounts that had signed in elsewhere before: travellers and new devices. */
  readonly moves = new Daily();
  /** Sign-ins without an address. */
  addressless = 0;

  private readonly oneSource: OneSourceState;
  private readonly oneAccount: OneAccountState;
  private readonly distributed: DistributedState;
  private readonly fault: FaultState;
  private readonly oldPassword: OldPasswordState;
  private readonly sharedNetwork: SharedNetworkState;
  private readonly knownPassword: KnownPasswordState;
  readonly unusual: UnusualSignInState;
  private readonly hotPassword: HotPasswordState;
  private readonly decoy: DecoyState;
  private readonly seen: Observation;
  /** What is done with the findings of each detector. */
  private readonly tell = {
    oneSource: this.#teller(oneSource),
    distributed: this.#teller(distributed),
    oneAccount: this.#teller(oneAccount),
    fault: this.#teller(fault),
    sharedNetwork: this.#teller(sharedNetwork),
    knownPassword: this.#teller(knownPassword),
    hotPassword: this.#teller(hotPassword),
    decoy: this.#teller(decoy),
    oldPassword: this.#teller(oldPassword),
    unusualSignIn: this.#teller(unusualSignIn),
  };

  constructor(settings: JudgeSettings = defaults) {
    this.settings = settings;
    const declareAt = settings.oneSource.declareAt;
    // What a suspect does teaches nothing about its victim.
    this.familiarity = new Familiarity(
      settings.familiarity,
      (origin, pair) =>
        origin.held === undefined && origin.suspicion - pair.evidence < declareAt / 2 && pair.evidence < declareAt - 2,
    );
    this.oneSource = oneSource.start(settings.oneSource);
    this.oneAccount = oneAccount.start(settings.oneAccount);
    this.distributed = distributed.start(settings.distributed);
    this.fault = fault.start(settings.fault);
    this.oldPassword = oldPassword.start(settings.oldPassword);
    this.sharedNetwork = sharedNetwork.start(settings.sharedNetwork);
    this.knownPassword = knownPassword.start(settings.knownPassword);
    this.unusual = unusualSignIn.start(settings.unusualSignIn);
    this.decoy = decoy.start(settings.decoy);
    this.hotPassword = hotPassword.start(settings.hotPassword);
    this.seen = emptyObservation();
  }

  add(signIns: readonly SignIn[]): void {
    for (const signIn of signIns) this.#step(signIn);
  }

  #step(signIn: SignIn): void {
    const seen = this.seen;
    this.familiarity.observe(signIn, seen);
    this.#count(signIn, seen);
    // Each by its own call: one loop over all of them costs more than most of their steps.
    const { settings } = this;
    const tell = this.tell;
    oneSource.step(this.oneSource, seen, settings.oneSource, tell.oneSource);
    distributed.step(this.distributed, seen, settings.distributed, tell.distributed);
    oneAccount.step(this.oneAccount, seen, settings.oneAccount, tell.oneAccount);
    fault.step(this.fault, seen, settings.fault, tell.fault);
    sharedNetwork.step(this.sharedNetwork, seen, settings.sharedNetwork, tell.sharedNetwork);
    knownPassword.step(this.knownPassword, seen, settings.knownPassword, tell.knownPassword);
    if (signIn.passwordFingerprint !== "")
      hotPassword.step(this.hotPassword, seen, settings.hotPassword, tell.hotPassword);
    decoy.step(this.decoy, seen, settings.decoy, tell.decoy);
    oldPassword.step(this.oldPassword, seen, settings.oldPassword, tell.oldPassword);
    unusualSignIn.step(this.unusual, seen, settings.unusualSignIn, tell.unusualSignIn);
    this.faults.observe(seen);
  }

  #teller({ name }: { readonly name: string }): (found: Found) => void {
    return (found) => this.#found(name, found);
  }

  #found(detector: string, found: Found): void {
    this.onFound(found);
    if (found.kind === "fault" || found.kind === "fault-over") this.faults.found(found, this.familiarity.accounts);
    const isAlarm = ALARMS.has(found.kind);
    const listed = isAlarm ? this.alarmsListed : this.dated.length - this.alarmsListed;
    if (listed >= (isAlarm ? ALARMS_MAX : this.settings.incidents.findingsMax)) {
      this.unlisted += 1;
      return;
    }
    if (isAlarm) this.alarmsListed += 1;
    this.dated.push({ detector, found });
  }

  /** Accounts that the one-account detector has declared. */
  get attackedAccounts(): ReadonlyMap<Account, readonly Declared[]> {
    return this.oneAccount.declared;
  }

  /** Stretches in which the distributed detector's alarm was up, earliest first. */
  get alarms(): readonly Alarm[] {
    return this.distributed.alarms;
  }

  #count(signIn: SignIn, seen: Observation): void {
    const { at, count } = signIn;
    if (this.first === 0 || at < this.first) this.first = at;
    if (at > this.last) this.last = at;
    const success = signIn.outcome === "success";
    if (success) this.successes += count;
    else this.failures += count;
    if (!success && seen.familiar < Familiar.network) this.strangersFailures += count;
    if (signIn.address === "") this.addressless += count;
    else if (success && seen.pair.successes === count && seen.familiar < Familiar.network) {
      if (seen.firstContact) this.newPlaces.note(at);
      if (seen.account.successes > count) this.moves.note(at);
    }
    this.tally.add(at, success, seen.familiar < Familiar.network, count);
  }

  /**
   * Strangers' failures outnumber the members' successes by far: a server that few use and many try, or a log that hardly
   * shows successes. Nothing there says what is everyday, or which names exist.
   */
  get isMostlyStrangers(): boolean {
    return this.successes * 5 < this.strangersFailures;
  }

  /** How many a day that is, once the log has got to know the members: the median of its second half. */
  get newPlacesPerDay(): number {
    return this.newPlaces.laterMedian();
  }

  /** How calm this site has been, beside what is usual elsewhere: 1 for as usual. */
  get calm(): number {
    return calmOf(this.distributed);
  }

  /** Failures a day on names that do not exist, as the running state has learned them. */
  get backgroundPerDay(): number {
    return backgroundOf(this.distributed);
  }

  /** Strangers who knew a password, and to whom the second factor was refused. */
  get refused(): Iterable<Refused> {
    return this.knownPassword.refused.values();
  }

  /** Addresses that tried a name that nobody has. */
  get decoysTried(): ReadonlyMap<Origin, DecoyTried> {
    return this.decoy.tried;
  }

  /** Passwords that were tried on account after account, earliest first. */
  get hotPasswords(): readonly Hot[] {
    return this.hotPassword.hot;
  }

  /** What has happened so far. `read` is what was read to get here. May be asked again later. */
  conclude(read: Omit<Read, "accounts" | "addresses" | "areEstimates" | "failures">): Conclusion {
    const hindsight = lookBack(this);
    const spells = judgeSpells(this.dated, hindsight);
    const faults = this.faults.conclude(this.last, spells);
    const guessed = [...campaignsOf(hindsight), ...sharedCampaigns(spells, faults)];
    const campaigns = withMembers(inOrder([...guessed, ...secondFactorCampaigns(this, guessed)]), this.familiarity);
    return {
      kind: kindOf(campaigns.length > 0, faults.length > 0),
      read: {
        ...read,
        failures: this.failures,
        accounts: this.familiarity.accountsSeen,
        addresses: this.familiarity.addressesSeen,
        areEstimates: this.familiarity.hasDropped,
      },
      campaigns,
      knownPasswords: knownPasswords(this, campaigns),
      faults,
      findings: this.dated.flatMap(toFinding),
      timeline: this.tally.timeline(),
      blindSpots: blindSpots(this),
    };
  }
}

/** Those of every kind together, by first attempt, and called C1, C2 ... */
/** By their beginnings; logs may come a little out of order, and none was detected before it began. */
function inOrder(campaigns: readonly Campaign[]): Campaign[] {
  return campaigns
    .toSorted((left, right) => left.firstAttempt - right.firstAttempt)
    .map((campaign, index) => ({
      ...campaign,
      id: `C${index + 1}`,
      detectedAt: millis(Math.max(campaign.detectedAt, campaign.firstAttempt)),
    }));
}

function kindOf(attack: boolean, faulty: boolean): ConclusionKind {
  if (attack) return faulty ? "attack-and-fault" : "attack";
  return faulty ? "fault" : "quiet";
}

function toFinding({ detector, found }: Dated): Finding[] {
  switch (found.kind) {
    case "attacking-origin":
    case "decoy":
      return [{ detector, at: found.at, subject: found.origin.address, why: found.why }];
    case "attacked-account":
    case "second-factor-fatigue":
      return [{ detector, at: found.at, subject: found.account.name, why: found.why }];
    case "shared-network":
      return [{ detector, at: found.at, subject: subjectOf(found.spell), why: found.why }];
    case "old-password":
      return [{ detector, at: found.at, subject: found.pair.name, why: `${found.why}${sinceThen(found.pair)}` }];
    case "distributed-attack":
    case "hot-password":
    case "fault":
      return [{ detector, at: found.at, subject: "all sign-ins", why: found.why }];
    case "distributed-attack-over":
    case "fault-over":
      return [];
    default:
      return found satisfies never;
  }
}

/** How it went on, which the running state could not know. */
function sinceThen({ failures, lastFailure }: Pair): string {
  return `; ${counted(failures, "time")} in all, last at ${utcMinute(lastFailure)} UTC`;
}

/** The address that failed, or the network where there were several. */
function subjectOf({ tried, place }: Spell): string {
  const addresses = new Set([...tried.values()].map(({ origin }) => origin.address));
  const [one = place.network] = addresses;
  return addresses.size === 1 ? one : place.network;
}
