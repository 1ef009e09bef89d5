// Campaigns, faults and findings for a terminal: the figures, where from, which accounts, and why it was judged so.
import { type Campaign, type Conclusion, type Fault, techniques } from "#/incidents/conclusion.ts";
import { countryName, creditTerms, type Operators } from "#/platform/operators.ts";
import { countNetworks, groupOrigins, type OriginGroup } from "./networks.ts";
import { againstText, isFaultGoingOn, isGoingOn } from "./report.ts";
import {
  bullet,
  type Column,
  facts,
  heading,
  type Layout,
  noBreak,
  paragraph,
  safe,
  table,
} from "./terminal-layout.ts";
import {
  campaignTitles,
  count,
  durationText,
  faultTitle,
  figure,
  listSome,
  nameText,
  serviceName,
  timeText,
} from "./words.ts";

const groupsShown = 8;
const targetsShown = 10;
const servicesShown = 8;
/** A campaign is told in full this often; the rest only counted, and whole in the JSON. */
const campaignsShown = 10;
const faultsShown = 10;
const whysShown = 12;

export function campaignLines(layout: Layout, conclusion: Conclusion, operators: Operators): string[] {
  const { campaigns } = conclusion;
  if (campaigns.length === 0) return [];
  const lines: string[] = [];
  for (const campaign of campaigns.slice(0, campaignsShown)) {
    const title = `${safe(layout, campaign.id, 12)}  ${campaignTitles[campaign.kind].toUpperCase()}`;
    lines.push(
      ...heading(layout, `${title}  ${techniques[campaign.kind]}, ${campaign.confidence}`),
      ...figures(layout, campaign, conclusion),
      ...origins(layout, campaign, operators),
      ...targets(layout, campaign),
      ...whys(layout, campaign.why),
    );
  }
  return [...lines, ...more(layout, campaigns.length - campaignsShown, "campaign"), ...credits(layout, operators)];
}

function figures(layout: Layout, campaign: Campaign, conclusion: Conclusion): string[] {
  const before = durationText(Math.max(0, campaign.detectedAt - campaign.firstAttempt));
  const goingOn = isGoingOn(campaign, conclusion) ? ", still going on when the log ended" : "";
  return facts(
    layout,
    [
      ["Attempts", `${figure(campaign.attempts)} in ${durationText(campaign.lastAttempt - campaign.firstAttempt)}`],
      ["First", timeText(campaign.firstAttempt)],
      ["Last", `${timeText(campaign.lastAttempt)}${goingOn}`],
      [
        "Detected",
        `${timeText(campaign.detectedAt)}, after ${before} and ${count(campaign.attemptsBeforeDetection, "attempt")}`,
      ],
      ["From", `${count(campaign.origins.length, "address")} in ${count(countNetworks(campaign.origins), "network")}`],
      ["Against", againstText(campaign)],
      ["On", services(layout, campaign.services)],
    ],
    2,
  );
}

const services = (layout: Layout, names: readonly string[]): string =>
  names.length === 0
    ? "services not known"
    : safe(
        layout,
        listSome(
          names.map((name) => nameText(serviceName(name))),
          servicesShown,
        ),
      );

const networkColumns: readonly Column[] = [
  { title: "Attempts", align: "right" },
  { title: "Addr.", align: "right" },
  { title: "Network", align: "left", cellsMin: 15 },
  { title: "Operator", align: "left", cellsMin: 12 },
  { title: "Country", align: "left", cellsMin: 7 },
];

function origins(layout: Layout, campaign: Campaign, operators: Operators): string[] {
  const groups = groupOrigins(campaign.origins, operators);
  const rows = groups
    .slice(0, groupsShown)
    .map((group) => [
      figure(group.attempts),
      figure(group.addresses),
      safe(layout, group.networks, 46),
      operatorText(layout, group),
      safe(layout, plainCountry(layout, countryName(group.operator.country)), 24),
    ]);
  return [
    "",
    ...paragraph(layout, "Where from", 2, "bold"),
    ...table(layout, networkColumns, rows, 2),
    ...(rows.some(([, , networks]) => networks?.includes(" +") === true)
      ? paragraph(layout, "(+2: 2 more networks of the same operator)", 2, "dim")
      : []),
    ...more(layout, groups.length - groupsShown, "network or operator", "networks or operators"),
  ];
}

function operatorText(layout: Layout, { operator }: OriginGroup): string {
  if (operator.operator === "") return operator.asn === 0 ? "not known" : `AS${operator.asn}`;
  const number = operator.asn !== 0 && layout.width >= 100 ? ` (AS${operator.asn})` : "";
  return safe(layout, operator.operator, 40) + number;
}

/** Names of countries are ours: without UTF-8 they lose their accents rather than become unreadable. */
const plainCountry = (layout: Layout, name: string): string =>
  layout.unicode ? name : name.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("’", "'");

function targets(layout: Layout, campaign: Campaign): string[] {
  const shown = campaign.targets.slice(0, targetsShown);
  const texts = shown.map(
    ({ account, attempts, exists }) =>
      `${safe(layout, account === "" ? "(no name)" : account, 40)}${noBreak}${figure(attempts)}${exists ? "" : `${noBreak}(not${noBreak}known)`}`,
  );
  const rest = campaign.targets.length - shown.length;
  const all = (campaign.attemptsUnlisted ?? 0) > 0 ? "those that were kept" : "all of them";
  const tail = rest > 0 ? `; ${figure(rest)} more, ${all} with --csv or --json` : "";
  const legend = shown.every(({ exists }) => exists) ? "" : " (not known: nothing says that it exists)";
  return [
    "",
    ...paragraph(layout, `Accounts tried, with attempts${legend}`, 2, "bold"),
    ...paragraph(layout, `${texts.join(", ")}${tail}`, 2),
  ];
}

function whys(layout: Layout, why: readonly string[]): string[] {
  if (why.length === 0) return [];
  return [
    "",
    ...paragraph(layout, "Why this is judged so", 2, "bold"),
    ...why.slice(0, whysShown).flatMap((sentence) => bullet(layout, "- ", safe(layout, sentence), 2)),
  ];
}

/** Operators and countries are other people's work, given for this line in return. */
function credits(layout: Layout, operators: Operators): string[] {
  if (operators.credits.length === 0) return [];
  const names = operators.credits.map(({ name, url }) => `${name} (${url})`).join(", ");
  return ["", ...paragraph(layout, `Operators: ${names}; ${creditTerms.name}, ${creditTerms.changes}.`, 2, "dim")];
}

function more(layout: Layout, rest: number, noun: string, nouns = `${noun}s`): string[] {
  return rest > 0 ? paragraph(layout, `and ${figure(rest)} more ${rest === 1 ? noun : nouns}`, 2, "dim") : [];
}

export function faultLines(layout: Layout, conclusion: Conclusion): string[] {
  const { faults } = conclusion;
  return [
    ...faults.slice(0, faultsShown).flatMap((fault) => oneFault(layout, fault, conclusion)),
    ...more(layout, faults.length - faultsShown, "fault"),
  ];
}

function oneFault(layout: Layout, fault: Fault, conclusion: Conclusion): string[] {
  const goingOn = isFaultGoingOn(fault, conclusion) ? ", not over when the log ended" : "";
  return [
    ...heading(layout, `${safe(layout, fault.id, 12)}  ${safe(layout, faultTitle(fault.kind), 60).toUpperCase()}`),
    ...facts(
      layout,
      [
        ["From", timeText(fault.from)],
        ["To", `${timeText(fault.to)}${goingOn}`],
        ["Affected", count(fault.accountsAffected, "account")],
        ["On", services(layout, fault.services)],
      ],
      2,
    ),
    ...whys(layout, fault.why),
  ];
}

/** Every finding: whoever asks for them wants them all. */
export function findingLines(layout: Layout, conclusion: Conclusion): string[] {
  const { findings } = conclusion;
  if (findings.length === 0) return [...heading(layout, "FINDINGS"), "  none"];
  const lines = heading(layout, `FINDINGS (${figure(findings.length)})`);
  for (const { detector, at, subject, why } of findings)
    lines.push(
      ...paragraph(layout, `${timeText(at)}  ${safe(layout, detector, 30)}: ${safe(layout, nameText(subject), 64)}`, 2),
      ...paragraph(layout, safe(layout, why), 4),
    );
  return lines;
}
