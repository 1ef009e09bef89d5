/** The truth about a written log, beside it as JSON: accounts as the log writes them, times as RFC 3339 UTC. */
import type { ConclusionKind } from "#/incidents/conclusion.ts";
import type { Mailbox, Truth } from "../simulated.ts";
import type { LogFormat } from "./log-format.ts";

export type Labels = {
  readonly version: 1;
  readonly scenario: string;
  readonly seed: number;
  readonly format: string;
  readonly conclusion: ConclusionKind;
  readonly accepted: readonly ConclusionKind[];
  readonly signIns: number;
  readonly failures: number;
  readonly campaigns: readonly LabelledCampaign[];
  readonly faults: readonly {
    readonly kind: string;
    readonly from: string;
    readonly to: string;
    readonly accountsAffected: number;
  }[];
};

type LabelledCampaign = {
  readonly id: string;
  readonly kind: string;
  readonly first: string;
  readonly last: string;
  readonly attempts: number;
  /** [number of the guess, its time], ever further apart. */
  readonly progress: readonly (readonly [number, string])[];
  readonly addresses: readonly string[];
  readonly accountsTargeted: readonly string[];
  readonly namesInvalid: readonly string[];
  readonly fallen: readonly { readonly account: string; readonly at: string; readonly address: string }[];
  readonly usedFrom: readonly string[];
  readonly mailboxesReached: readonly Mailbox[];
};

const text = (at: number): string => new Date(at).toISOString();

/** The truth, with accounts as the log writes them. */
export function asWritten(truth: Truth, { account }: LogFormat): Truth {
  const named = (names: readonly string[]): string[] => [...new Set(names.map(account))];
  return {
    ...truth,
    campaigns: truth.campaigns.map((campaign) => ({
      ...campaign,
      accountsTargeted: named(campaign.accountsTargeted),
      namesInvalid: named(campaign.namesInvalid),
      fallen: campaign.fallen.map((one) => ({ ...one, account: account(one.account) })),
      mailboxesReached: campaign.mailboxesReached.map(({ mailbox, through }) => ({
        mailbox: account(mailbox),
        through: account(through),
      })),
    })),
  };
}

export function labelsOf(truth: Truth, format: LogFormat): Labels {
  const written = asWritten(truth, format);
  return {
    version: 1,
    scenario: written.scenario,
    seed: written.seed,
    format: format.id,
    conclusion: written.conclusion,
    accepted: written.accepted,
    signIns: written.signIns,
    failures: written.failures,
    campaigns: written.campaigns.map((campaign) => ({
      ...campaign,
      first: text(campaign.first),
      last: text(campaign.last),
      progress: campaign.progress.map(([guess, at]): [number, string] => [guess, text(at)]),
      fallen: campaign.fallen.map((one) => ({ ...one, at: text(one.at) })),
    })),
    faults: written.faults.map((fault) => ({ ...fault, from: text(fault.from), to: text(fault.to) })),
  };
}
