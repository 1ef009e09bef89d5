/**
 * The accounts of a seeded institution and what each is like: who works when, from where, with which clients, and how
 * good the password is. Knows nothing of time or of attackers.
 */
import type { Service } from "#/signin/signin.ts";
import { type Rng, mix } from "../rng.ts";
import { genericNames, peopleNames, serviceNames, sharedNames } from "./names.ts";
import type { Networks, Operator } from "./networks.ts";

type AccountKind = "member" | "staff" | "shared" | "generic" | "service";

/** Where a client is carried: with the person, between home and office, on the desk, or inside the institution. */
type Place = "pocket" | "bag" | "desk" | "server";

export type Client = {
  readonly place: Place;
  readonly service: Service;
  readonly software: string;
  /** Whether somebody types the password each time. */
  readonly typed: boolean;
};

export type Account = {
  readonly index: number;
  readonly name: string;
  readonly kind: AccountKind;
  /** Sign-ins on a working day. */
  readonly activity: number;
  readonly clients: readonly Client[];
  readonly home: Operator;
  readonly mobile: Operator;
  readonly office: string;
  /** Share of working days spent at home. */
  readonly homeOffice: number;
  readonly usesVpn: boolean;
  /** Hours by which the day starts later than usual. */
  readonly shift: number;
  /** Place of the password in attackers' lists, from 1; 0 where it is in none. */
  readonly weakness: number;
  readonly disabled: boolean;
  /** Those who use a shared or generic mailbox, each with devices of their own; empty where the account is one person's. */
  readonly delegates: readonly number[];
  /** Those who open this mailbox with sign-ins of their own, so that no log shows it: a member's staff. */
  readonly openedBy: readonly number[];
  readonly seed: number;
};

export type InstitutionOptions = {
  readonly accounts: number;
  readonly domain: string;
  /** Share of accounts whose password is in attackers' lists. */
  readonly weakShare: number;
};

const phones = [
  "Apple Mail/3774 iOS 18.1",
  "Apple Mail/3826 iOS 18.3",
  "Samsung Email 6.1",
  "K-9 Mail 8.0",
  "Outlook-iOS/2.0",
  "Gmail Android",
];
const laptops = [
  "Thunderbird 128.5",
  "Thunderbird 115.9",
  "Microsoft Outlook 16.0",
  "Apple Mail 16.0",
  "Evolution 3.50",
];
const browsers = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/132.0",
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_7) Safari/18.1",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Edge/131.0",
];

export function createAccounts(options: InstitutionOptions, networks: Networks, rng: Rng): Account[] {
  const { accounts: count } = options;
  const services = Math.max(1, Math.round(count / 1500));
  // A small institution has a press office, too, and a large one has more than a middling one, but not in proportion.
  const shared = Math.round(Math.min(count / 60, Math.max(sharedNames.length, count / 375)));
  const generic = rng.shuffled(genericNames).slice(0, 2 + rng.int(4));
  const people = Math.max(1, count - services - shared - generic.length);
  const named: [string, AccountKind][] = [
    ...peopleNames(people, rng.fork("names")).map((name, index): [string, AccountKind] => [
      name,
      index % 14 === 0 ? "member" : "staff",
    ]),
    ...numbered(sharedNames, shared).map((name): [string, AccountKind] => [name, "shared"]),
    ...generic.map((name): [string, AccountKind] => [name, "generic"]),
    ...numbered(serviceNames, services).map((name): [string, AccountKind] => [name, "service"]),
  ];
  return named.map(([name, kind], index) =>
    createAccount(
      { index, name: `${name}@${options.domain}`, kind, people, options, networks },
      rng.fork("account", index),
    ),
  );
}

/** So many names: those of the list, then the same with a 2, and so on. */
const numbered = (names: readonly string[], count: number): string[] =>
  Array.from({ length: count }, (_, index) => {
    const round = Math.floor(index / names.length);
    return `${names[index % names.length] ?? ""}${round === 0 ? "" : round + 1}`;
  });

/** Many hardly ever sign in, few do so all day: [share, sign-ins on a working day]. */
const activities = [0.12, 0.55, 1.3, 2.4, 6];
const activityShares = [0.22, 0.33, 0.27, 0.14, 0.04];

type Role = Pick<Account, "index" | "name" | "kind"> & {
  /** How many of the accounts, the first ones, are people's own. */
  readonly people: number;
  readonly options: InstitutionOptions;
  readonly networks: Networks;
};

function createAccount({ index, name, kind, people, options, networks }: Role, rng: Rng): Account {
  const usual = (activities[rng.weighted(activityShares)] ?? 1) * rng.between(0.7, 1.3);
  const activity = kind === "member" ? usual * 1.4 : kind === "service" ? rng.between(24, 160) : usual;
  const shares = kind === "shared" || kind === "generic";
  const usesVpn = rng.chance(0.15);
  return {
    index,
    name,
    kind,
    activity: shares ? activity * 2 : activity,
    clients: clientsOf(kind, usesVpn, rng),
    home: rng.pick(networks.home),
    mobile: rng.pick(networks.mobile),
    office: networks.offices[rng.chance(0.6) ? 0 : 1] ?? "",
    homeOffice: rng.chance(0.5) ? rng.between(0.1, 0.6) : 0,
    usesVpn,
    shift: rng.normal(0, 0.8),
    weakness: kind !== "service" && rng.chance(options.weakShare) ? weaknessOf(rng) : 0,
    disabled: kind !== "service" && rng.chance(0.01),
    delegates: shares ? Array.from({ length: 2 + rng.int(6) }, () => rng.int(people)) : nobody,
    openedBy: kind === "member" ? staffOf(index, people, rng.fork("staff")) : nobody,
    seed: mix(index, rng.int(0x7fffffff)),
  };
}

const nobody: readonly number[] = [];

/** Four in ten members let one or two of their staff, who stand behind them in the list, into their mailbox. */
function staffOf(member: number, people: number, rng: Rng): readonly number[] {
  if (!rng.chance(0.4)) return nobody;
  return [1, 2].slice(0, 1 + rng.int(2)).flatMap((next) => (member + next < people ? [member + next] : []));
}

/** Popular passwords are far more popular than the next: the k-th has about 1/k of the first's share, over 60. */
function weaknessOf(rng: Rng): number {
  return Math.min(60, Math.max(1, Math.floor(rng.betweenLog(1, 61))));
}

function clientsOf(kind: AccountKind, usesVpn: boolean, rng: Rng): Client[] {
  if (kind === "service")
    return [same({ place: "server", service: rng.pick(["imap", "submission"] as const), software: "", typed: false })];
  const clients: Client[] = [];
  if (rng.chance(0.75))
    clients.push({
      place: "pocket",
      service: rng.chance(0.3) ? "activesync" : "imap",
      software: rng.pick(phones),
      typed: false,
    });
  if (rng.chance(0.55)) {
    const software = rng.pick(laptops);
    clients.push({ place: "bag", service: "imap", software, typed: false });
    if (rng.chance(0.5)) clients.push({ place: "bag", service: "submission", software, typed: false });
  }
  if (rng.chance(0.7) || clients.length === 0) {
    clients.push({
      place: rng.chance(0.5) ? "bag" : "desk",
      service: rng.chance(0.7) ? "webmail" : "sso",
      software: rng.pick(browsers),
      typed: true,
    });
  }
  if (rng.chance(0.3))
    clients.push({ place: "desk", service: "imap", software: rng.pick(laptops), typed: rng.chance(0.3) });
  if (usesVpn) clients.push({ place: "bag", service: "vpn", software: "OpenConnect 9.12", typed: true });
  return clients.map(same);
}

const everyClient = new Map<string, Client>();

/** Millions of clients are of some dozens of kinds: those of one kind share a value. */
function same(client: Client): Client {
  const kind = `${client.place} ${client.service} ${client.typed} ${client.software}`;
  const known = everyClient.get(kind);
  if (known === undefined) everyClient.set(kind, client);
  return known ?? client;
}
