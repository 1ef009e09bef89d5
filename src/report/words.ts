// How figures, times and names are put into words, the same in every output. Names stay raw here: whoever shows them
// escapes them.
import type { CampaignKind, Confidence } from "#/incidents/conclusion.ts";
import { type Millis, utcMinute } from "#/platform/units.ts";

const integers = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });

/** "1,204". */
export const figure = (count: number): string => integers.format(count);

const plurals: Readonly<Record<string, string | undefined>> = {
  address: "addresses",
  "unfamiliar address": "unfamiliar addresses",
  person: "people",
  guess: "guesses",
  mailbox: "mailboxes",
};

/** "1 account", "1,204 addresses". */
export function count(amount: number, noun: string): string {
  return `${figure(amount)} ${amount === 1 ? noun : (plurals[noun] ?? `${noun}s`)}`;
}

/** "a", "a and b", "a, b and c". */
export function list(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? "") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

/** The first few, and how many more: "a, b and 12 more". */
export function listSome(items: readonly string[], shownMax: number): string {
  if (items.length <= shownMax) return list(items);
  return `${items.slice(0, shownMax).join(", ")} and ${figure(items.length - shownMax)} more`;
}

/** Whole percent, but never 0 % of something nor 100 % of less than all. */
export function percent(part: number, whole: number): string {
  if (whole === 0 || part === 0) return "0%";
  if (part >= whole) return "100%";
  return `${Math.min(99, Math.max(1, Math.round((part / whole) * 100)))}%`;
}

/** "2026-11-21 03:12:44 UTC". */
export const timeText = (at: Millis): string => `${isoText(at).slice(0, 19).replace("T", " ")} UTC`;
/** "2026-11-21 03:12 UTC". */
export const minuteText = (at: Millis): string => `${utcMinute(at)} UTC`;
/** "03:12". */
export const hourText = (at: Millis): string => isoText(at).slice(11, 16);
/** "2026-11-21". */
const dayText = (at: Millis): string => isoText(at).slice(0, 10);

const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

/** "21 Nov". */
export function shortDayText(at: Millis): string {
  const [, month = "1", day = "1"] = dayText(at).split("-");
  return `${Number(day)} ${monthNames[Number(month) - 1] ?? ""}`;
}

/** "Nov 2026". */
export const monthText = (at: Millis): string =>
  `${monthNames[new Date(at).getUTCMonth()] ?? ""} ${isoText(at).slice(0, 4)}`;

/** RFC 3339, UTC, without the fraction where it is nought: "2026-11-21T03:12:44Z". */
export const isoText = (at: Millis): string => new Date(at).toISOString().replace(".000Z", "Z");

const scales: readonly (readonly [number, string])[] = [
  [86_400_000, "day"],
  [3_600_000, "h"],
  [60_000, "min"],
  [1_000, "s"],
];

/** A length of time in its two largest units: "3 days 4 h", "6 h 40 min", "14 s"; below a second "less than 1 s". */
export function durationText(length: number): string {
  const first = scales.findIndex(([unit]) => length >= unit);
  if (first < 0) return "less than 1 s";
  const parts: string[] = [];
  let rest = length;
  for (const [unit, name] of scales.slice(first, first + 2)) {
    const amount = Math.floor(rest / unit);
    rest -= amount * unit;
    if (amount > 0) parts.push(`${figure(amount)} ${name === "day" && amount > 1 ? "days" : name}`);
  }
  return parts.join(" ");
}

/** The larger unit alone, for a headline figure: "6 h", "14 s"; never less than "1 s". */
export const roughDuration = (length: number): string =>
  durationText(Math.max(1_000, length)).split(" ").slice(0, 2).join(" ");

/** "2026-11-20 21:58 to 04:40 UTC", the second day only where it differs. */
export function spanText(from: Millis, to: Millis): string {
  const start = minuteText(from);
  if (start === minuteText(to)) return start;
  const end = dayText(from) === dayText(to) ? `${hourText(to)} UTC` : minuteText(to);
  return `${start.slice(0, -4)} to ${end}`;
}

/** Names are cut before they go into a sentence: an attacker may choose them, and make them long. */
const nameCharactersMax = 64;

/** An account or address as it stands in a sentence. */
export function nameText(name: string): string {
  if (name === "") return "(no name)";
  const characters = name.length > nameCharactersMax ? Array.from(name.slice(0, nameCharactersMax * 2)) : [];
  return characters.length > nameCharactersMax ? `${characters.slice(0, nameCharactersMax - 1).join("")}…` : name;
}

/** An address as it stands in a sentence. */
export const addressText = (address: string): string => (address === "" ? "(no address)" : nameText(address));

export const campaignTitles = {
  "password-spraying": "password spray",
  "password-guessing": "password guessing",
  "credential-stuffing": "credential stuffing",
  "mfa-fatigue": "MFA fatigue",
} as const satisfies Record<CampaignKind, string>;

const faultTitles: Readonly<Record<string, string | undefined>> = {
  "sign-in-outage": "sign-in outage",
  "mass-lockout": "mass lockout",
  "expired-passwords": "expired or changed passwords",
  "wrong-passwords": "right passwords refused as wrong",
  "one-server": "one server refuses sign-ins",
  "one-client": "one client fails to sign in",
};

/** What a kind of fault is called; a kind that has no name here is called as its detector calls it. */
export const faultTitle = (kind: string): string => faultTitles[kind] ?? kind.replaceAll("-", " ");

const serviceNames: Readonly<Record<string, string | undefined>> = {
  imap: "IMAP",
  pop3: "POP3",
  submission: "mail submission",
  managesieve: "ManageSieve",
  activesync: "ActiveSync",
  ews: "Exchange Web Services",
  ssh: "SSH",
  ftp: "FTP",
  vpn: "VPN",
  sso: "single sign-on",
  kerberos: "Kerberos",
  ntlm: "NTLM",
  rdp: "remote desktop",
  other: "other services",
};

export const serviceName = (service: string): string => serviceNames[service] ?? service;

/** How sure we are, in the order of sureness. */
export const sureness = { suspected: 0, probable: 1, confirmed: 2 } as const satisfies Record<Confidence, number>;

export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
