// The conclusion as `scan --json` gives it: version 1 of a contract that other programs read (docs/scan.schema.json).
import { type Campaign, type Conclusion, isUndecided, techniques } from "#/incidents/conclusion.ts";
import { isoText } from "./words.ts";

export type ScanJson = {
  readonly version: 1;
  readonly conclusion: Conclusion["kind"];
  readonly undecided: boolean;
  readonly read: {
    readonly files: readonly {
      readonly path: string;
      readonly format: string;
      readonly lines: number;
      readonly signIns: number;
      readonly ignored: number;
      readonly malformed: number;
      readonly from: string | null;
      readonly to: string | null;
    }[];
    readonly signIns: number;
    readonly failures: number;
    readonly accounts: number;
    readonly addresses: number;
  };
  readonly campaigns: readonly {
    readonly id: string;
    readonly kind: Exclude<Campaign["kind"], "mfa-fatigue">;
    readonly technique: string;
    readonly techniques: readonly string[];
    readonly firstAttempt: string;
    readonly lastAttempt: string;
    readonly detectedAt: string;
    readonly attemptsBeforeDetection: number;
    readonly attempts: number;
    readonly attemptsUnlisted: number;
    readonly addresses: readonly string[];
    readonly addressesShared: readonly string[];
    readonly accountsTargeted: readonly string[];
    readonly fallen: readonly {
      readonly account: string;
      readonly at: string;
      readonly address: string;
      readonly confidence: Campaign["confidence"];
      readonly why: string;
    }[];
    readonly confidence: Campaign["confidence"];
    readonly why: readonly string[];
  }[];
  readonly knownPasswords: readonly {
    readonly account: string;
    readonly at: string;
    readonly addresses: readonly string[];
    readonly refusals: number;
    readonly confidence: Campaign["confidence"];
    readonly why: string;
  }[];
  readonly faults: readonly {
    readonly id: string;
    readonly kind: string;
    readonly from: string;
    readonly to: string;
    readonly accountsAffected: number;
    readonly services: readonly string[];
    readonly confidence: Campaign["confidence"];
    readonly why: readonly string[];
  }[];
  readonly findings: readonly {
    readonly detector: string;
    readonly at: string;
    readonly subject: string;
    readonly why: string;
  }[];
};

export function toJson(conclusion: Conclusion): ScanJson {
  const { read } = conclusion;
  return {
    version: 1,
    conclusion: conclusion.kind,
    undecided: isUndecided(conclusion),
    read: {
      files: read.files.map((file) => ({
        path: file.path,
        format: file.format,
        lines: file.lines,
        signIns: file.signIns,
        ignored: file.ignored,
        malformed: file.malformed,
        from: file.from === undefined ? null : isoText(file.from),
        to: file.to === undefined ? null : isoText(file.to),
      })),
      signIns: read.signIns,
      failures: read.failures,
      accounts: read.accounts,
      addresses: read.addresses,
    },
    campaigns: conclusion.campaigns.map(campaignJson),
    knownPasswords: conclusion.knownPasswords.map(({ account, at, addresses, refusals, confidence, why }) => ({
      account,
      at: isoText(at),
      addresses,
      refusals,
      confidence,
      why,
    })),
    faults: conclusion.faults.map((fault) => ({
      id: fault.id,
      kind: fault.kind,
      from: isoText(fault.from),
      to: isoText(fault.to),
      accountsAffected: fault.accountsAffected,
      services: fault.services,
      confidence: fault.confidence,
      why: fault.why,
    })),
    findings: conclusion.findings.map(({ detector, at, subject, why }) => ({
      detector,
      at: isoText(at),
      subject,
      why,
    })),
  };
}

function campaignJson(campaign: Campaign): ScanJson["campaigns"][number] {
  // Version 1 knows three kinds. Whoever asks for the second factor over and over has a password from elsewhere: that kind, and T1621.
  const kind = campaign.kind === "mfa-fatigue" ? "credential-stuffing" : campaign.kind;
  return {
    id: campaign.id,
    kind,
    technique: techniques[kind],
    techniques: kind === campaign.kind ? [techniques[kind]] : [techniques[kind], techniques[campaign.kind]],
    firstAttempt: isoText(campaign.firstAttempt),
    lastAttempt: isoText(campaign.lastAttempt),
    detectedAt: isoText(campaign.detectedAt),
    attemptsBeforeDetection: campaign.attemptsBeforeDetection,
    attempts: campaign.attempts,
    attemptsUnlisted: campaign.attemptsUnlisted ?? 0,
    addresses: campaign.origins.map(({ address }) => address),
    addressesShared: campaign.origins.filter(({ isShared }) => isShared === true).map(({ address }) => address),
    accountsTargeted: campaign.targets.map(({ account }) => account),
    fallen: campaign.fallen.map(({ account, at, address, confidence, why }) => ({
      account,
      at: isoText(at),
      address,
      confidence,
      why,
    })),
    confidence: campaign.confidence,
    why: campaign.why,
  };
}

/** JSON.stringify leaves these as they are; a terminal obeys some of them, and people are deceived by the others. */
const unprintable = /[\u007f-\u009f\p{Cf}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** The object as text, ending in a line end. The same values, with nothing in it that a terminal would obey. */
export function jsonText(conclusion: Conclusion): string {
  return `${printable(JSON.stringify(toJson(conclusion), undefined, 2))}\n`;
}

/** JSON with everything that a terminal obeys, or that is not seen, escaped: the same JSON, safe to look at. */
export const printable = (json: string): string => json.replace(unprintable, escaped);

const escaped = (character: string): string =>
  Array.from(
    { length: character.length },
    (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`,
  ).join("");
