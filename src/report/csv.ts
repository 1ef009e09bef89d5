// The addresses and accounts of the campaigns as CSV, for spreadsheets, firewalls and the help desk (RFC 4180).
import type { Campaign, Conclusion } from "#/incidents/conclusion.ts";
import { countryName, type Operators } from "#/platform/operators.ts";
import { escapeCsv } from "./escape.ts";
import { isoText } from "./words.ts";

/** Without it spreadsheets take the text for the code page of the country. */
const byteOrderMark = "\ufeff";

/** One row for each campaign and address, most active first. */
export function addressesCsv(conclusion: Conclusion, operators: Operators): string {
  const header = [
    "address",
    "campaign",
    "kind",
    "attempts",
    "accounts",
    "first",
    "last",
    "operator",
    "asn",
    "country",
    "country name",
    "own accounts signed in from there",
  ];
  const rows = conclusion.campaigns.flatMap((campaign) =>
    campaign.origins.map((origin) => {
      const { operator, asn, country } = operators.of(origin.address);
      return [
        origin.address,
        campaign.id,
        campaign.kind,
        origin.attempts,
        origin.accounts,
        isoText(origin.first),
        isoText(origin.last),
        operator,
        asn === 0 ? "" : asn,
        country,
        countryName(country),
        origin.members,
      ];
    }),
  );
  return csv([header, ...rows]);
}

/** One row for each campaign and account: those that fell first, then the most tried. */
export function accountsCsv(conclusion: Conclusion): string {
  const header = [
    "account",
    "campaign",
    "kind",
    "attempts",
    "exists",
    "fallen",
    "fallen at",
    "fallen from",
    "service",
    "why",
    "password known",
  ];
  const known = conclusion.knownPasswords;
  const knownNames = new Map(known.map(({ account, confidence }) => [account, confidence]));
  const rows = conclusion.campaigns.flatMap((campaign) => accountRows(campaign, knownNames));
  const told = new Set(rows.map(([account]) => account));
  const others = known
    .filter(({ account }) => !told.has(account))
    .map(({ account, refusals, confidence, why }) => [
      account,
      "",
      "",
      refusals,
      "yes",
      "",
      "",
      "",
      "",
      why,
      confidence,
    ]);
  return csv([header, ...rows, ...others]);
}

function accountRows(campaign: Campaign, known: ReadonlyMap<string, string>): (string | number)[][] {
  const targets = new Map(campaign.targets.map((target) => [target.account, target]));
  const fallen = new Set(campaign.fallen.map(({ account }) => account));
  return [
    ...campaign.fallen.map((one) => [
      one.account,
      campaign.id,
      campaign.kind,
      targets.get(one.account)?.attempts ?? "",
      "yes",
      one.confidence,
      isoText(one.at),
      one.address,
      one.service,
      one.why,
      known.get(one.account) ?? "",
    ]),
    ...campaign.targets
      .filter(({ account }) => !fallen.has(account))
      .map(({ account, attempts, exists }) => [
        account,
        campaign.id,
        campaign.kind,
        attempts,
        exists ? "yes" : "",
        "",
        "",
        "",
        "",
        "",
        known.get(account) ?? "",
      ]),
  ];
}

const csv = (rows: readonly (readonly (string | number)[])[]): string =>
  byteOrderMark + rows.map((row) => `${row.map(escapeCsv).join(",")}\r\n`).join("");
