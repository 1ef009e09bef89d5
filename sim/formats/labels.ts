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

export function labelsOf(truth: Truth, format: LogFormat): Labels {
  const named = (names: readonly string[]): string[] => [...new Set(names.map(format.account))];
  return {
    version: 1,
    scenario: truth.scenario,
    seed: truth.seed,
    format: format.id,
    conclusion: truth.conclusion,
    accepted: truth.accepted,
    signIns: truth.signIns,
    failures: truth.failures,
    campaigns: truth.campaigns.map((campaign) => ({
      id: campaign.id,
      kind: campaign.kind,
      first: text(campaign.first),
      last: text(campaign.last),
      attempts: campaign.attempts,
      progress: campaign.progress.map(([guess, at]): [number, string] => [guess, text(at)]),
      addresses: campaign.addresses,
      accountsTargeted: named(campaign.accountsTargeted),
      namesInvalid: named(campaign.namesInvalid),
      fallen: campaign.fallen.map(({ account, at, address }) => ({
        account: format.account(account),
        at: text(at),
        address,
      })),
      usedFrom: campaign.usedFrom,
      mailboxesReached: campaign.mailboxesReached.map(({ mailbox, through }) => ({
        mailbox: format.account(mailbox),
        through: format.account(through),
      })),
    })),
    faults: truth.faults.map(({ kind, from, to, accountsAffected }) => ({
      kind,
      from: text(from),
      to: text(to),
      accountsAffected,
    })),
  };
}
