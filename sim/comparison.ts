/** What was found beside the truth, campaign by campaign and fault by fault: one value, told as text or as JSON. */
import type { Campaign, CampaignKind, Conclusion, ConclusionKind, Fault } from "#/incidents/conclusion.ts";
import { type Millis, millis, minutes } from "#/platform/units.ts";
import { type Answer, type Verdict, delayOf } from "./figures.ts";
import type { Judged } from "./pipeline.ts";
import type { FallenTruth, Mailbox, Truth } from "./simulated.ts";

/** How much there truly was, and how much of it was found. */
export type Found = { readonly found: number; readonly truly: number };

export type CampaignBeside = {
  readonly id: string;
  readonly kind: CampaignKind;
  readonly first: Millis;
  readonly last: Millis;
  readonly attempts: number;
  /** Undefined where it was never declared. */
  readonly declared: Declared | undefined;
  readonly addresses: Found;
  /** Accounts that exist and were tried. */
  readonly accounts: Found;
  readonly fallenFound: readonly FallenTruth[];
  readonly fallenMissed: readonly FallenTruth[];
  /** Mailboxes that the fallen accounts open, their own left out: no sign-in log shows them. */
  readonly mailboxesReached: readonly Mailbox[];
};

type Declared = {
  readonly at: Millis;
  /** Guesses that had been made by then. */
  readonly guess: number;
  /** The earliest declared is the first. */
  readonly as: readonly { readonly id: string; readonly kind: CampaignKind; readonly confidence: string }[];
};

export type FaultBeside = {
  readonly kind: string;
  readonly from: Millis;
  readonly to: Millis;
  readonly accountsAffected: number;
  /** What was said of that time; undefined where nothing was. */
  readonly said: Pick<Fault, "id" | "kind" | "from" | "to" | "confidence"> | undefined;
};

export type Comparison = {
  readonly truth: ConclusionKind;
  readonly accepted: readonly ConclusionKind[];
  readonly said: ConclusionKind;
  readonly right: boolean;
  readonly campaigns: readonly CampaignBeside[];
  readonly faults: readonly FaultBeside[];
  readonly wronglySaid: {
    readonly campaigns: readonly Pick<Campaign, "id" | "kind" | "detectedAt" | "confidence">[];
    readonly faults: readonly Pick<Fault, "id" | "kind" | "from" | "confidence">[];
    /** Said of a campaign and none of the attackers': of the internet's everyday bots, and of members. */
    readonly bots: readonly string[];
    readonly members: readonly string[];
    readonly fallen: readonly string[];
  };
};

/** A fault is said of the same time if the two overlap, give or take this. */
const onsetSlack = minutes(30);

/** @param bots addresses from which the internet's everyday guessing came. */
export function compare({ conclusion, truth, verdict, answer }: Judged, bots: ReadonlySet<string>): Comparison {
  const said = {
    addresses: new Set(verdict.campaigns.flatMap(({ addresses }) => addresses)),
    accounts: new Set(verdict.campaigns.flatMap(({ accountsTargeted }) => accountsTargeted)),
    fallen: new Set(verdict.campaigns.flatMap(({ fallen }) => fallen)),
  };
  const truly = {
    addresses: new Set(truth.campaigns.flatMap(({ addresses, usedFrom }) => [...addresses, ...usedFrom])),
    fallen: new Set(truth.campaigns.flatMap(({ fallen }) => fallen.map(({ account }) => account))),
  };
  const wrong = [...said.addresses].filter((address) => !truly.addresses.has(address));
  return {
    truth: truth.conclusion,
    accepted: truth.accepted,
    said: conclusion.kind,
    right: conclusion.kind === truth.conclusion || truth.accepted.includes(conclusion.kind),
    campaigns: truth.campaigns.map((campaign, index) => ({
      id: campaign.id,
      kind: campaign.kind,
      first: campaign.first,
      last: campaign.last,
      attempts: campaign.attempts,
      declared: declaredOf(conclusion, verdict, answer.campaigns[index]),
      addresses: foundOf(campaign.addresses, said.addresses),
      accounts: foundOf(campaign.accountsTargeted, said.accounts),
      fallenFound: campaign.fallen.filter(({ account }) => said.fallen.has(account)),
      fallenMissed: campaign.fallen.filter(({ account }) => !said.fallen.has(account)),
      mailboxesReached: campaign.mailboxesReached,
    })),
    faults: truth.faults.map((fault) => ({ ...fault, said: saidOf(fault, conclusion.faults) })),
    wronglySaid: {
      campaigns: conclusion.campaigns
        .filter(({ origins }) => !origins.some(({ address }) => truly.addresses.has(address)))
        .map(({ id, kind, detectedAt, confidence }) => ({ id, kind, detectedAt, confidence })),
      faults: conclusion.faults
        .filter((fault) => !truth.faults.some((one) => overlap(one, fault)))
        .map(({ id, kind, from, confidence }) => ({ id, kind, from, confidence })),
      bots: wrong.filter((address) => bots.has(address)),
      members: wrong.filter((address) => !bots.has(address)),
      fallen: [...said.fallen].filter((account) => !truly.fallen.has(account)),
    },
  };
}

function foundOf(truly: readonly string[], said: ReadonlySet<string>): Found {
  return { found: truly.filter((one) => said.has(one)).length, truly: truly.length };
}

function declaredOf(
  conclusion: Conclusion,
  verdict: Verdict,
  campaign: Answer["campaigns"][number] | undefined,
): Declared | undefined {
  if (campaign === undefined) return undefined;
  const own = new Set(campaign.addresses);
  const as = conclusion.campaigns
    .filter(({ origins }) => origins.some(({ address }) => own.has(address)))
    .sort((one, other) => one.detectedAt - other.detectedAt);
  const [first] = as;
  if (first === undefined) return undefined;
  const { guesses } = delayOf(verdict.campaigns, campaign);
  return {
    at: first.detectedAt,
    guess: guesses,
    as: as.map(({ id, kind, confidence }) => ({ id, kind, confidence })),
  };
}

type Span = { readonly from: number; readonly to: number };

const overlap = (one: Span, other: Span): boolean =>
  one.from < other.to + onsetSlack && other.from < one.to + onsetSlack;

function saidOf(fault: Truth["faults"][number], faults: readonly Fault[]): FaultBeside["said"] {
  const near = faults.filter((one) => overlap(one, fault));
  const best = near.find(({ kind }) => kind === fault.kind) ?? near[0];
  if (best === undefined) return undefined;
  const { id, kind, from, to, confidence } = best;
  return { id, kind, from: millis(from), to: millis(to), confidence };
}
