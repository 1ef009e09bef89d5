// Campaigns, faults and findings on the page: the figures, where from, which accounts, and why it was judged so.
import { type Campaign, type Conclusion, type Fault, type Target, techniques } from "#/incidents/conclusion.ts";
import { countryName, type Operator, type Operators } from "#/platform/operators.ts";
import { markup, type Markup, more, name, nothing, type Slot, table } from "./html-markup.ts";
import { countNetworks, groupOrigins } from "./networks.ts";
import { isFaultGoingOn, isGoingOn, targetsText, weightiest } from "./report.ts";
import {
  campaignTitles,
  capital,
  count,
  durationText,
  faultTitle,
  figure,
  listSome,
  nameText,
  percent,
  serviceName,
  spanText,
  timeText,
} from "./words.ts";

const campaignsInFull = 10;
const campaignRows = 100;
const groupsShown = 12;
const targetsShown = 10;
const targetsFolded = 500;
const faultsShown = 20;
const findingsShown = 200;
const whysShown = 20;
const servicesShown = 8;

export function campaignSections(conclusion: Conclusion, operators: Operators): readonly Markup[] {
  const campaigns = weightiest(conclusion);
  const overview = campaigns.length > 1 ? [campaignTable(campaigns)] : [];
  return [
    ...overview,
    ...campaigns.slice(0, campaignsInFull).map((campaign) => section(campaign, conclusion, operators)),
  ];
}

function campaignTable(campaigns: readonly Campaign[]): Markup {
  const rows = campaigns
    .slice(0, campaignRows)
    .map(({ id, kind, firstAttempt, lastAttempt, attempts, origins, targets, fallen }) => [
      `${id} ${campaignTitles[kind]}`,
      spanText(firstAttempt, lastAttempt),
      figure(attempts),
      figure(origins.length),
      figure(targets.length),
      figure(fallen.length),
    ]);
  const columns = [
    { title: "Campaign", heads: true },
    { title: "From and to" },
    { title: "Attempts", align: "end" },
    { title: "Addresses", align: "end" },
    { title: "Accounts", align: "end" },
    { title: "Fallen", align: "end" },
  ] as const;
  const rest = campaigns.length - rows.length;
  return markup`<section id="campaigns">
    <h2>Campaigns</h2>
    <div>
      ${table(`${count(campaigns.length, "campaign")}, those whose accounts fell first`, columns, rows, "cards")}
      ${more(rest, `and ${figure(rest)} more, all of them in the JSON output`)}
      ${campaigns.length > campaignsInFull ? markup`<p class="more">The first ${campaignsInFull} are told in full below.</p>` : nothing}
    </div>
  </section>`;
}

function section(campaign: Campaign, conclusion: Conclusion, operators: Operators): Markup {
  const technique = techniques[campaign.kind];
  const link = `https://attack.mitre.org/techniques/${technique.replace(".", "/")}/`;
  return markup`<section id="${campaign.id}">
    <h2>${capital(campaignTitles[campaign.kind])}<small>${campaign.id}, ${campaign.confidence}</small></h2>
    <div>
      ${facts([
        ["Attempts", `${figure(campaign.attempts)} in ${durationText(campaign.lastAttempt - campaign.firstAttempt)}`],
        ["First attempt", timeText(campaign.firstAttempt)],
        [
          "Last attempt",
          `${timeText(campaign.lastAttempt)}${isGoingOn(campaign, conclusion) ? ", still going on when the log ended" : ""}`,
        ],
        [
          "Detected",
          `${timeText(campaign.detectedAt)}, after ${durationText(Math.max(0, campaign.detectedAt - campaign.firstAttempt))} and ${count(campaign.attemptsBeforeDetection, "attempt")}`,
        ],
        [
          "From",
          `${count(campaign.origins.length, "address")} in ${count(countNetworks(campaign.origins), "network")}`,
        ],
        [
          "Against",
          `${targetsText(campaign)}, ${figure(campaign.targets.filter(({ exists }) => exists).length)} of them known to exist`,
        ],
        ["On", servicesText(campaign.services)],
        ["Technique", markup`<a href="${link}" rel="noreferrer">MITRE ATT&amp;CK ${technique}</a>`],
      ])}
      ${whys(campaign.why)} ${originTable(campaign, operators)} ${accounts(campaign)}
    </div>
  </section>`;
}

function facts(rows: readonly (readonly [string, Slot])[]): Markup {
  return markup`<dl class="facts">
    ${rows.map(
      ([title, slot]) =>
        markup`<dt>${title}</dt>
          <dd>${slot}</dd>`,
    )}
  </dl>`;
}

const servicesText = (services: readonly string[]): string =>
  services.length === 0
    ? "services not known"
    : listSome(
        services.map((service) => nameText(serviceName(service))),
        servicesShown,
      );

function whys(why: readonly string[]): Markup {
  if (why.length === 0) return nothing;
  return markup`<h3>Why this is judged so</h3>
    <ul class="plain">
      ${why.slice(0, whysShown).map((sentence) => markup`<li>${sentence}</li>`)}
    </ul>`;
}

function originTable(campaign: Campaign, operators: Operators): Markup {
  const groups = groupOrigins(campaign.origins, operators);
  const all = groups.reduce((sum, group) => sum + group.attempts, 0);
  const rows = groups
    .slice(0, groupsShown)
    .map((group) => [
      markup`${operatorMarkup(group.operator)}<small class="phone soft"><br />${countryMarkup(group.operator)}${name(group.networks)}</small>`,
      countryName(group.operator.country) || unknown,
      name(group.networks),
      figure(group.addresses),
      figure(group.attempts),
      markup`<span class="nowrap">${percent(group.attempts, all)}</span>`,
    ]);
  const columns = [
    { title: "Operator", heads: true },
    { title: "Country", desk: true },
    { title: "Network", desk: true },
    { title: "Addresses", align: "end" },
    { title: "Attempts", align: "end" },
    { title: "Share", align: "end", desk: true },
  ] as const;
  const rest = groups.length - rows.length;
  return markup`<h3>Where it came from</h3>
    ${table("Networks by who runs them, most attempts first", columns, rows)}
    ${more(rest, `and ${figure(rest)} more; --csv writes every address to a file`)}`;
}

const unknown = markup`<span class="soft">not known</span>`;
const countryMarkup = ({ country }: Operator): Markup => (country === "" ? nothing : markup`${countryName(country)}, `);

/** "Example Cloud LLC AS64496", or that it is not known. */
export function operatorMarkup({ operator, asn }: Operator): Markup {
  if (operator === "") return asn === 0 ? unknown : markup`AS${asn}`;
  return asn === 0 ? name(operator) : markup`${name(operator)} <small class="soft nowrap">AS${asn}</small>`;
}

function accounts(campaign: Campaign): Markup {
  const { targets } = campaign;
  const folded = targets.slice(targetsShown, targetsShown + targetsFolded);
  const rest = targets.length - targetsShown - folded.length;
  const foldedMarkup =
    folded.length > 0
      ? markup`<details>
          <summary>${figure(folded.length)} more</summary>
          ${targetList(folded)}
        </details>`
      : nothing;
  return markup`<h3>Accounts tried, and how often</h3>
    ${targetList(targets.slice(0, targetsShown))}${foldedMarkup}
    ${more(rest, `and ${figure(rest)} more; --csv writes every account to a file`)}`;
}

function targetList(targets: readonly Target[]): Markup {
  const items = targets.map(
    ({ account, attempts, exists }) =>
      markup`<li>
        <span>${name(account)}${exists ? nothing : markup` <small>not known to exist</small>`}</span>
        <span>${figure(attempts)}</span>
      </li>`,
  );
  return markup`<ul class="accounts">
    ${items}
  </ul>`;
}

export function faultSections(conclusion: Conclusion): readonly Markup[] {
  const { faults } = conclusion;
  return faults.slice(0, faultsShown).map((fault) => faultSection(fault, conclusion));
}

function faultSection(fault: Fault, conclusion: Conclusion): Markup {
  const goingOn = isFaultGoingOn(fault, conclusion) ? ", not over when the log ended" : "";
  return markup`<section id="${fault.id}">
    <h2>${capital(nameText(faultTitle(fault.kind)))}<small>${fault.id}, IT fault</small></h2>
    <div>
      ${facts([
        ["From", timeText(fault.from)],
        ["To", `${timeText(fault.to)}${goingOn}`],
        ["Lasted", durationText(fault.to - fault.from)],
        ["Affected", count(fault.accountsAffected, "account")],
        ["On", servicesText(fault.services)],
      ])}
      ${whys(fault.why)}
    </div>
  </section>`;
}

export function findingSection(conclusion: Conclusion): Markup {
  const { findings } = conclusion;
  if (findings.length === 0) return nothing;
  const rows = findings
    .slice(0, findingsShown)
    .map(({ at, detector, subject, why }) => [
      markup`<span class="nowrap">${timeText(at).slice(0, -4)}</span>`,
      name(subject),
      why,
      detector,
    ]);
  const columns = [
    { title: "When, UTC", heads: true },
    { title: "About" },
    { title: "Finding" },
    { title: "Detector" },
  ] as const;
  const rest = findings.length - rows.length;
  return markup`<section id="findings">
    <h2>Findings</h2>
    <div>
      ${table("Everything that a detector noticed, in its own words", columns, rows, "cards")}
      ${more(rest, `and ${figure(rest)} more, all of them in the JSON output`)}
    </div>
  </section>`;
}
