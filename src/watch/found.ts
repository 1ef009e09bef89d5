/** From what detection found to what the gate refuses strangers for. */
import type { Found } from "#/detectors/detector.ts";
import type { Conclusion } from "#/incidents/conclusion.ts";
import type { Judge } from "#/incidents/judge.ts";
import type { SignIn } from "#/signin/signin.ts";
import { type Millis, later } from "#/platform/units.ts";
import type { Settings } from "./settings.ts";
import type { Threats } from "./threats.ts";

export class FoundThreats {
  private readonly judge: Judge;
  private readonly threats: Threats;
  private readonly settings: Settings;
  /** Findings of the sign-in that is being judged. */
  private readonly fresh: Found[] = [];
  private isCampaign = false;

  constructor(judge: Judge, threats: Threats, settings: Settings) {
    this.judge = judge;
    this.threats = threats;
    this.settings = settings;
    judge.onFound = (found) => void this.fresh.push(found);
  }

  /** After a sign-in has been judged. */
  observe({ at, outcome, address, account, passwordFingerprint }: SignIn): void {
    for (const found of this.fresh.splice(0)) this.#found(found);
    if (this.isCampaign) this.threats.goesOn("campaign", "", at, this.settings.campaignFor);
    if (outcome === "success") return;
    const { threatFor } = this.settings;
    this.threats.goesOn("attacking-address", address, at, threatFor);
    this.threats.goesOn("decoy", address, at, threatFor);
    this.threats.goesOn("targeted-account", account, at, threatFor);
    if (passwordFingerprint !== "") this.threats.goesOn("hot-password", passwordFingerprint, at, threatFor);
  }

  #found(found: Found): void {
    const { threatFor, campaignFor } = this.settings;
    switch (found.kind) {
      case "attacking-origin":
        if (isTheirs(found.origin.accountsOpened, found.origin.accountsFailed)) return;
        this.threats.found("attacking-address", found.origin.address, found.at, threatFor, found.why);
        return;
      case "decoy":
        this.threats.found("decoy", found.origin.address, found.at, threatFor, found.why);
        return;
      case "attacked-account":
        this.threats.found("targeted-account", found.account.name, found.at, threatFor, found.why);
        return;
      case "hot-password":
        this.threats.found("hot-password", found.fingerprint, found.at, threatFor, found.why);
        return;
      case "distributed-attack":
        this.isCampaign = true;
        this.threats.found("campaign", "", found.at, campaignFor, found.why);
        return;
      case "distributed-attack-over":
        // Attackers pause, and come in two lists: one alarm that falls leaves the others up, and a campaign is over when its time has run out.
        this.isCampaign = this.judge.alarms.some(({ over }) => over === Number.POSITIVE_INFINITY);
        return;
      // Where members sign in, and at a second factor that held, strangers alone are not the matter.
      case "shared-network":
      case "second-factor-fatigue":
      case "old-password":
      case "fault":
      case "fault-over":
        return;
      default:
        found satisfies never;
    }
  }

  /** With hindsight: who took part, and who fell, of what is still fresh. */
  lookBack({ campaigns }: Conclusion, now: Millis): void {
    const { threatFor, fallenFor } = this.settings;
    for (const campaign of campaigns) {
      for (const { address, last, isShared, members, networkMembers, accounts } of campaign.origins) {
        // In IPv6 everybody has an address of their own; the gate shuts the host's whole /64 out.
        const here = address.includes(":") ? networkMembers : members;
        if (isShared !== true && !isTheirs(here, accounts) && later(last, threatFor) > now)
          this.threats.found(
            "attacking-address",
            address,
            last,
            threatFor,
            `it took part in a ${campaign.kind} campaign`,
          );
      }
      for (const { account, at, why } of campaign.fallen) {
        if (later(at, fallenFor) > now) this.threats.found("fallen-account", account, at, fallenFor, why);
      }
    }
  }
}

/**
 * Where at least as many members sign in as were guessed at from there, it is theirs: an office, or a gateway. Who is new there is most likely a
 * member, and what comes from there is refused for its password or its account, not for its address.
 */
const isTheirs = (members: number, guessedAt: number): boolean => members > 0 && members >= guessedAt;
