/** The comparison for people: each campaign and fault as it was and as it was found, false alarms, and one sentence at the end. */
import type { ConclusionKind } from "#/incidents/conclusion.ts";
import { type Layout, facts, heading, paragraph, safe } from "#/report/terminal-layout.ts";
import {
  campaignTitles,
  count,
  durationText,
  faultTitle,
  figure,
  listSome,
  minuteText,
  percent,
  timeText,
} from "#/report/words.ts";
import { localPart } from "./formats/log-format.ts";
import type { CampaignBeside, Comparison, FaultBeside, Found } from "./comparison.ts";

export function comparisonLines(layout: Layout, comparison: Comparison): string[] {
  const { campaigns, faults } = comparison;
  return [
    ...campaigns.flatMap((campaign) => campaignLines(layout, campaign)),
    ...faults.flatMap((fault, index) => faultLines(layout, fault, index + 1)),
    ...(campaigns.length + faults.length === 0 ? paragraph(layout, "The truth: neither attack nor fault.") : []),
    ...wronglySaidLines(layout, comparison),
    "",
    ...paragraph(layout, verdictText(comparison), 0, comparison.right ? "green" : "red"),
  ];
}

const namesShown = 12;

/** All accounts have the same domain. */
const nameText = (layout: Layout, account: string): string => safe(layout, localPart(account));

function campaignLines(layout: Layout, campaign: CampaignBeside): string[] {
  const { declared, fallenFound, fallenMissed, mailboxesReached } = campaign;
  const fallen = fallenFound.length + fallenMissed.length;
  const named = (list: readonly { readonly account: string }[]): string =>
    listSome(
      list.map(({ account }) => nameText(layout, account)),
      namesShown,
    );
  const rows: [string, string][] = [
    ["Was", `${count(campaign.attempts, "guess")} in ${durationText(campaign.last - campaign.first)}`],
    ["Began", timeText(campaign.first)],
    ["Declared", declaredText(campaign)],
  ];
  if (declared !== undefined)
    rows.push([
      "Found as",
      declared.as.map(({ id, kind, confidence }) => `${id}, ${campaignTitles[kind]}, ${confidence}`).join("; "),
    ]);
  rows.push(
    ["Addresses", foundText(campaign.addresses)],
    ["Accounts", `${foundText(campaign.accounts)} (those that exist)`],
  );
  if (fallen === 0) rows.push(["Fallen", "none"]);
  if (fallenFound.length > 0)
    rows.push(["Fallen", `${figure(fallenFound.length)} of ${figure(fallen)} found: ${named(fallenFound)}`]);
  if (fallenMissed.length > 0)
    rows.push([
      fallenFound.length > 0 ? "" : "Fallen",
      `${figure(fallenMissed.length)} of ${figure(fallen)} missed: ${named(fallenMissed)}`,
    ]);
  if (mailboxesReached.length > 0) rows.push(["Reached", reachedText(layout, campaign)]);
  return [
    ...heading(
      layout,
      `${campaign.id}  ${campaignTitles[campaign.kind].toUpperCase()}${declared === undefined ? ", MISSED" : ""}`,
    ),
    ...facts(layout, rows, 2),
  ];
}

function declaredText({ declared, first }: CampaignBeside): string {
  if (declared === undefined) return "never";
  // Counts are kept ever further apart.
  const about = declared.guess > 20 ? "about " : "";
  return `${timeText(declared.at)}, after ${durationText(declared.at - first)}, at guess ${about}${figure(declared.guess)}`;
}

const foundText = ({ found, truly }: Found): string =>
  `${figure(found)} of ${figure(truly)} found, ${percent(found, truly)}`;

/** Who reads a mailbox with a sign-in of their own is a matter of the directory, and in no sign-in log. */
function reachedText(layout: Layout, { fallenFound, fallenMissed, mailboxesReached }: CampaignBeside): string {
  const fallen = fallenFound.length + fallenMissed.length;
  const names = mailboxesReached.map(({ mailbox }) => nameText(layout, mailbox));
  return (
    `${count(fallen + mailboxesReached.length, "mailbox")}, ${figure(mailboxesReached.length)} of them only ` +
    `because a fallen account may open them, which no sign-in log shows: ${listSome(names, namesShown)}`
  );
}

function faultLines(layout: Layout, fault: FaultBeside, index: number): string[] {
  const { said } = fault;
  const rows: [string, string][] = [
    ["Was", `${count(fault.accountsAffected, "account")} failing for ${durationText(fault.to - fault.from)}`],
    ["Began", timeText(fault.from)],
    ["Told", said === undefined ? "never" : `from ${timeText(said.from)}, ${offText(said.from - fault.from)}`],
  ];
  if (said !== undefined)
    rows.push([
      "Found as",
      `${said.id}, ${faultTitle(said.kind)}, ${said.confidence}${said.kind === fault.kind ? "" : "; another kind than it was"}`,
    ]);
  return [
    ...heading(layout, `TF${index}  ${faultTitle(fault.kind).toUpperCase()}${said === undefined ? ", MISSED" : ""}`),
    ...facts(layout, rows, 2),
  ];
}

function offText(off: number): string {
  if (Math.abs(off) < 60_000) return "which is right to the minute";
  return `${durationText(Math.abs(off))} ${off > 0 ? "late" : "early"}`;
}

function wronglySaidLines(layout: Layout, { wronglySaid, accepted, said }: Comparison): string[] {
  const { campaigns, faults, bots, members, fallen } = wronglySaid;
  const may = accepted.includes(said) ? "; here it may be said" : "";
  const rows: [string, string][] = [
    ...campaigns.map(({ id, kind, detectedAt, confidence }): [string, string] => [
      id,
      `${campaignTitles[kind]}, ${confidence}, declared ${minuteText(detectedAt)}: there was none`,
    ]),
    ...faults.map(({ id, kind, from, confidence }): [string, string] => [
      id,
      `${faultTitle(kind)}, ${confidence}, from ${minuteText(from)}: there was none${may}`,
    ]),
  ];
  if (members.length > 0)
    rows.push(["Addresses", `${figure(members.length)} of members: ${listSome(members, namesShown)}`]);
  if (bots.length > 0)
    rows.push([
      members.length > 0 ? "" : "Addresses",
      `${figure(bots.length)} of everyday bots, which had no part in it: ${listSome(bots, namesShown)}`,
    ]);
  if (fallen.length > 0)
    rows.push([
      "Fallen",
      `${figure(fallen.length)} that did not fall: ${listSome(
        fallen.map((account) => nameText(layout, account)),
        namesShown,
      )}`,
    ]);
  return [...heading(layout, "WRONGLY SAID"), ...(rows.length === 0 ? ["  none"] : facts(layout, rows, 2))];
}

const things = {
  attack: "an attack",
  fault: "an IT fault",
  "attack-and-fault": "an attack and an IT fault",
  quiet: "neither attack nor fault",
} as const satisfies Record<ConclusionKind, string>;

function verdictText(comparison: Comparison): string {
  const { right, truth, said, campaigns, faults } = comparison;
  const parts: string[] = [];
  const declared = campaigns.filter((campaign) => campaign.declared !== undefined).length;
  if (campaigns.length > 1 || declared < campaigns.length)
    parts.push(`${figure(declared)} of ${count(campaigns.length, "campaign")} found`);
  const fallen = campaigns.flatMap((campaign) => [...campaign.fallenFound, ...campaign.fallenMissed]).length;
  const found = campaigns.flatMap(({ fallenFound }) => fallenFound).length;
  if (fallen > 0) parts.push(`${figure(found)} of ${figure(fallen)} fallen accounts found`);
  const named = faults.filter((fault) => fault.said?.kind === fault.kind).length;
  if (faults.length > 0) parts.push(named === faults.length ? "the fault named" : "the fault not named as what it was");
  parts.push(alarmsText(comparison));
  const same =
    said === truth
      ? "and Portcullis says so"
      : `Portcullis says ${things[said]}${right ? ", which may be said here" : ""}`;
  return `${right ? "RIGHT" : "WRONG"}: it was ${things[truth]}, ${same}; ${parts.join(", ")}.`;
}

function alarmsText({ wronglySaid }: Comparison): string {
  const alarms = wronglySaid.campaigns.length + wronglySaid.faults.length;
  const parts = [alarms === 0 ? "no false alarm" : count(alarms, "false alarm")];
  if (wronglySaid.fallen.length > 0)
    parts.push(`${count(wronglySaid.fallen.length, "account")} wrongly said to have fallen`);
  return parts.join(", ");
}
