/**
 * The gate: answers from memory, at once, whether an attempt may go on to the password check. Detection keeps the memory current with changes,
 * people with their posture. It knows nothing of detectors, stores, disks or protocols; no answer waits for anything.
 */
import type { Settings as FamiliaritySettings } from "#/familiarity/familiarity.ts";
import { hostKey } from "#/familiarity/networks.ts";
import type { Millis } from "#/platform/units.ts";
import { normaliseAccount } from "#/signin/account.ts";
import type { Attempt, Verdict } from "./attempt.ts";
import type { Change } from "./change.ts";
import { FamiliarNetworks } from "./familiar-networks.ts";
import { type PostureEntry, type Stance, isEnforcing, postureFor, runsAt, stanceOf } from "./posture.ts";
import { type Ranges, rangesOf } from "./ranges.ts";
import { protocols } from "./protocols/desk.ts";
import { type Settings, checkSettings } from "./settings.ts";
import { type Threat, Threats } from "./threats.ts";
import { type Facts, failure, ruling, verdictOf } from "./verdict.ts";

/** What the gate takes over from familiarity: it forgets when familiarity does. */
export type Limits = Pick<FamiliaritySettings, "accountsMax" | "familiarFor">;

export class Gate {
  readonly settings: Settings;
  readonly familiar: FamiliarNetworks;
  readonly threats: Threats;
  readonly #breakGlass: ReadonlySet<string>;
  readonly #trusted: Ranges<string>;
  readonly #sites: Ranges<string>;
  readonly #failClosed: ReadonlySet<string>;
  #posture: readonly PostureEntry[] = [];
  #stance: Stance;
  #isReady = false;

  /** @throws Failure settings-invalid where the settings name what there is not */
  constructor(settings: Settings, limits: Limits) {
    checkSettings(settings, protocols);
    this.settings = settings;
    this.familiar = new FamiliarNetworks(limits);
    this.threats = new Threats(settings.threatsMax);
    this.#breakGlass = new Set(settings.breakGlass.map(normaliseAccount));
    this.#trusted = rangesOf(settings.trustedNetworks, "gate.trustedNetworks");
    this.#sites = rangesOf(settings.siteNetworks, "gate.siteNetworks");
    this.#failClosed = new Set(settings.failClosed);
    this.#stance = stanceOf([], settings.groups);
  }

  /** Whether it has been told what is familiar. Until then strangers and members look the same, and each protocol fails as it is set to. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Called once, when all that was learned before this start has been applied. */
  setReady(): void {
    this.#isReady = true;
  }

  /** The whole posture log, which `setPosture` was given last. */
  get posture(): readonly PostureEntry[] {
    return this.#posture;
  }

  get stance(): Stance {
    return this.#stance;
  }

  /** Takes the whole posture log. */
  setPosture(log: readonly PostureEntry[]): void {
    this.#stance = stanceOf(log, this.settings.groups);
    this.#posture = log;
  }

  /** What detection learned, in order. */
  apply(change: Change): void {
    switch (change.kind) {
      case "familiar":
        this.familiar.learn(change.account, change.network, change.first, change.at);
        return;
      case "spelling":
        this.familiar.spell(change.account, change.written);
        this.threats.rename("targeted-account", change.written, change.account);
        this.threats.rename("fallen-account", change.written, change.account);
        return;
      case "threat":
        this.threats.set({ ...change, subject: this.#subjectOf(change) });
        return;
      default:
        change satisfies never;
    }
  }

  /** Whatever it was told as: an account by its own name, and of an address all that its host has. */
  #subjectOf({ threat, subject }: Extract<Change, { kind: "threat" }>): string {
    switch (threat) {
      case "targeted-account":
      case "fallen-account":
        return this.familiar.nameOf(subject);
      case "attacking-address":
      case "decoy":
        return hostKey(subject);
      case "hot-password":
      case "campaign":
        return subject;
      default:
        return threat satisfies never;
    }
  }

  /** @param protocol which asks ("dovecot"): it decides how the gate fails while it is not ready */
  decide(attempt: Attempt, protocol = ""): Verdict {
    return verdictOf(
      ruling(this.facts(attempt, protocol), this.settings),
      isEnforcing(this.#stance, attempt.at),
      this.settings.delay,
    );
  }

  /** For a protocol that could not ask, because an attempt could not be read or something broke. Watch-only refuses nobody here either. */
  failed(protocol: string, why: string, at: Millis): Verdict {
    return verdictOf(failure(this.#failClosed.has(protocol), why), this.isEnforcing(at), this.settings.delay);
  }

  isEnforcing(at: Millis): boolean {
    return isEnforcing(this.#stance, at);
  }

  /** All that is known of an attempt. */
  facts({ at, account: given, address, service, passwordFingerprint }: Attempt, protocol = ""): Facts {
    const account = this.familiar.nameOf(given);
    const names = this.familiar.spellingsOf(given);
    const { threats } = this;
    // Where nobody knows from where, nothing is known against it either.
    const ofAddress = (kind: "decoy" | "attacking-address"): Threat | undefined =>
      address === "" ? undefined : threats.at(kind, hostKey(address), at);
    const fallen = threats.at("fallen-account", account, at);
    return {
      isBreakGlass: names.some((name) => this.#breakGlass.has(name)),
      posture: postureFor(this.#stance, names, service, at),
      block: this.#stance.blocks.find(address, (entry) => runsAt(entry, at)),
      trusted: this.#trusted.find(address),
      site: this.#sites.find(address),
      acquaintance: this.familiar.acquaintance(account, address, at, fallen?.since),
      isReady: this.#isReady,
      failsClosed: this.#failClosed.has(protocol),
      threats: {
        "hot-password": passwordFingerprint === "" ? undefined : threats.at("hot-password", passwordFingerprint, at),
        decoy: ofAddress("decoy"),
        "attacking-address": ofAddress("attacking-address"),
        "fallen-account": fallen,
        "targeted-account": threats.at("targeted-account", account, at),
        campaign: threats.at("campaign", "", at),
      },
    };
  }
}
