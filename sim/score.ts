/**
 * node24 sim/score.ts SCAN.json FILE.labels.json [--json]
 * Prints how good the output of `scan --json` is, beside the labels that `portcullis simulate --out` wrote.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";
import { type Answer, type Figures, type Share, type Verdict, figuresOf } from "./figures.ts";

const conclusion = z.enum(["attack", "fault", "attack-and-fault", "quiet"]);
const time = z.string().transform((text, context) => {
  const at = Date.parse(text);
  if (!Number.isNaN(at)) return at;
  context.addIssue("not a time");
  return z.NEVER;
});
const names = z.array(z.string());

/** What is read of the contract of `scan --json`, version 1. */
const scanSchema = z.object({
  version: z.literal(1),
  conclusion,
  read: z.object({ signIns: z.number(), failures: z.number() }),
  campaigns: z.array(
    z.object({
      kind: z.string(),
      detectedAt: time,
      attemptsBeforeDetection: z.number(),
      addresses: names,
      accountsTargeted: names,
      fallen: z.array(z.object({ account: z.string() })),
    }),
  ),
  faults: z.array(z.object({ kind: z.string(), from: time })),
});

const labelsSchema = z.object({
  version: z.literal(1),
  scenario: z.string(),
  seed: z.number(),
  format: z.string(),
  conclusion,
  accepted: z.array(conclusion),
  signIns: z.number(),
  failures: z.number(),
  campaigns: z.array(
    z.object({
      kind: z.string(),
      first: time,
      progress: z.array(z.tuple([z.number(), time])),
      addresses: names,
      usedFrom: names,
      accountsTargeted: names,
      namesInvalid: names,
      fallen: z.array(z.object({ account: z.string() })),
    }),
  ),
  faults: z.array(z.object({ kind: z.string(), from: time, to: time })),
});

/** Accounts are compared without domain: some logs write it and some do not. */
const bare = (name: string): string => name.toLowerCase().replace(/@.*$/s, "");

const accountsOf = (list: readonly { readonly account: string }[]): string[] =>
  list.map(({ account }) => bare(account));

export function scoreScan(scanJson: string, labelsJson: string): { figures: Figures; readAll: string } {
  const scan = scanSchema.parse(JSON.parse(scanJson));
  const labels = labelsSchema.parse(JSON.parse(labelsJson));
  const verdict: Verdict = {
    ...scan,
    campaigns: scan.campaigns.map((campaign) => ({
      ...campaign,
      accountsTargeted: campaign.accountsTargeted.map(bare),
      fallen: accountsOf(campaign.fallen),
    })),
  };
  const answer: Answer = {
    ...labels,
    campaigns: labels.campaigns.map((campaign) => ({
      ...campaign,
      accountsTargeted: campaign.accountsTargeted.map(bare),
      namesInvalid: campaign.namesInvalid.map(bare),
      fallen: accountsOf(campaign.fallen),
    })),
  };
  const readAll =
    `${scan.read.signIns} of ${labels.signIns} sign-ins read, ` +
    `${scan.read.failures} of ${labels.failures} failures`;
  return { figures: figuresOf(verdict, answer), readAll };
}

const percent = (value: number): string => (Number.isNaN(value) ? "-" : `${(100 * value).toFixed(1)}%`);

const shareText = ({ recall, precision, truly, said }: Share): string =>
  `recall ${percent(recall)}, precision ${percent(precision)} (${said} said, ${truly} true)`;

export function scoreText(figures: Figures): string {
  const { right, said, guesses, hours } = figures;
  const lines = [
    `conclusion   ${right ? "right" : "WRONG"}: ${said}`,
    `declared     ${Number.isNaN(guesses) ? "-" : `at guess ${guesses}, after ${hours.toFixed(2)} h`}`,
    `addresses    ${shareText(figures.addresses)}`,
    `accounts     ${shareText(figures.targets)}`,
    `fallen       ${shareText(figures.fallen)}`,
    `campaigns    ${figures.campaignsFalse} false`,
    `fault        ${figures.faultNamed ? `named, onset off by ${figures.faultMinutes.toFixed(0)} min` : "none named"}; ${figures.faultsFalse} false`,
  ];
  return `${lines.join("\n")}\n`;
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "boolean", default: false } },
  });
  const [scanFile, labelsFile] = positionals;
  if (scanFile === undefined || labelsFile === undefined) {
    process.stderr.write("node24 sim/score.ts SCAN.json FILE.labels.json [--json]\n");
    process.exitCode = 1;
    return;
  }
  const { figures, readAll } = scoreScan(readFileSync(scanFile, "utf8"), readFileSync(labelsFile, "utf8"));
  if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
  else process.stdout.write(`read         ${readAll}\n${scoreText(figures)}`);
}

if (import.meta.main) main();
