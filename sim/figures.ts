/**
 * How good a conclusion is, beside the truth: both brought to one small shape, so that the output of `scan --json` and a
 * conclusion inside this process are measured alike.
 */
import type { ConclusionKind } from "#/incidents/conclusion.ts";

/** What was concluded. Times are milliseconds. */
export type Verdict = {
  readonly conclusion: ConclusionKind;
  readonly campaigns: readonly {
    readonly kind: string;
    readonly detectedAt: number;
    readonly addresses: readonly string[];
    readonly accountsTargeted: readonly string[];
    readonly fallen: readonly string[];
  }[];
  readonly faults: readonly { readonly kind: string; readonly from: number }[];
};

/** What is true. */
export type Answer = {
  readonly conclusion: ConclusionKind;
  readonly accepted: readonly ConclusionKind[];
  readonly campaigns: readonly {
    readonly kind: string;
    readonly first: number;
    readonly progress: readonly (readonly [number, number])[];
    readonly addresses: readonly string[];
    readonly usedFrom: readonly string[];
    readonly accountsTargeted: readonly string[];
    readonly namesInvalid: readonly string[];
    readonly fallen: readonly string[];
  }[];
  readonly faults: readonly { readonly kind: string; readonly from: number; readonly to: number }[];
};

/** A share found: of what there was (recall) and of what was said (precision). NaN where there was, or was said, nothing. */
export type Share = {
  readonly recall: number;
  readonly precision: number;
  readonly truly: number;
  readonly said: number;
};

export type Figures = {
  readonly right: boolean;
  readonly said: ConclusionKind;
  /** Campaign guesses made when the campaign was declared, itself included; NaN where it never was or where there was none. */
  readonly guesses: number;
  readonly hours: number;
  /** Whether a campaign of the right kind was declared. */
  readonly kindRight: boolean;
  /** Campaigns said that share no address with a true one. */
  readonly campaignsFalse: number;
  readonly addresses: Share;
  /** Recall over accounts that exist; precision over all names that were tried. */
  readonly targets: Share;
  readonly fallen: Share;
  /** Whether a fault of the right kind was named; NaN-free: false where there was none. */
  readonly faultNamed: boolean;
  /** Minutes from a fault's onset to the onset that was said; NaN where none was said. */
  readonly faultMinutes: number;
  readonly faultsFalse: number;
};

export function figuresOf(verdict: Verdict, answer: Answer): Figures {
  const addresses = union(answer.campaigns.map((campaign) => campaign.addresses));
  const usedFrom = union(answer.campaigns.map((campaign) => campaign.usedFrom));
  const existing = union(answer.campaigns.map((campaign) => campaign.accountsTargeted));
  const invalid = union(answer.campaigns.map((campaign) => campaign.namesInvalid));
  const declared = verdict.campaigns.filter((campaign) => campaign.addresses.some((address) => addresses.has(address)));
  // Of several, the scenario's first is the one that matters.
  const [main] = answer.campaigns;
  const { guesses, hours } = main === undefined ? undeclared : delayOf(declared, main);
  const kinds = new Set(answer.campaigns.map((campaign) => campaign.kind));
  const fault = answer.faults[0];
  const named = verdict.faults.find((one) => fault !== undefined && one.kind === fault.kind);
  return {
    right: verdict.conclusion === answer.conclusion || answer.accepted.includes(verdict.conclusion),
    said: verdict.conclusion,
    guesses,
    hours,
    kindRight: declared.some((campaign) => kinds.has(campaign.kind)),
    campaignsFalse: verdict.campaigns.length - declared.length,
    addresses: shareOf(addresses, union(verdict.campaigns.map((campaign) => campaign.addresses)), usedFrom),
    targets: shareOf(existing, union(verdict.campaigns.map((campaign) => campaign.accountsTargeted)), invalid),
    fallen: shareOf(
      union(answer.campaigns.map((campaign) => campaign.fallen)),
      union(verdict.campaigns.map((campaign) => campaign.fallen)),
      new Set(),
    ),
    faultNamed: named !== undefined,
    faultMinutes: named === undefined || fault === undefined ? Number.NaN : (named.from - fault.from) / 60_000,
    faultsFalse: fault === undefined ? verdict.faults.length : 0,
  };
}

type Delay = { readonly guesses: number; readonly hours: number };

const undeclared: Delay = { guesses: Number.NaN, hours: Number.NaN };

/** Until the earliest declaration of a campaign that shares an address with the true one; NaN where there was none. */
export function delayOf(declared: Verdict["campaigns"], main: Answer["campaigns"][number]): Delay {
  const own = new Set(main.addresses);
  const mine = declared.filter((campaign) => campaign.addresses.some((address) => own.has(address)));
  if (mine.length === 0) return undeclared;
  const at = Math.min(...mine.map((campaign) => campaign.detectedAt));
  let guesses = 0;
  for (const [guess, when] of main.progress) if (when <= at) guesses = guess;
  return { guesses, hours: (at - main.first) / 3_600_000 };
}

function union(lists: readonly (readonly string[])[]): Set<string> {
  const all = new Set<string>();
  for (const list of lists) for (const one of list) all.add(one);
  return all;
}

/** @param alsoRight what may be said without being asked for. */
function shareOf(truly: ReadonlySet<string>, said: ReadonlySet<string>, alsoRight: ReadonlySet<string>): Share {
  let found = 0;
  let right = 0;
  for (const one of said) {
    if (truly.has(one)) found += 1;
    if (truly.has(one) || alsoRight.has(one)) right += 1;
  }
  return { recall: found / truly.size, precision: right / said.size, truly: truly.size, said: said.size };
}
