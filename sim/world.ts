/**
 * What everything in a simulation stands on: the institution, its days, its faults, and the queue of attempts by day.
 */
import type { Reason, Service } from "#/signin/signin.ts";
import type { Account } from "./institution/accounts.ts";
import type { Networks } from "./institution/networks.ts";
import type { Rng } from "./rng.ts";
import type { Attempt, Label } from "./simulated.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Trouble of the institution's own. */
export type FaultPlan = {
  /** As `Fault.kind` in src/incidents/conclusion.ts. */
  readonly kind: string;
  readonly from: number;
  readonly to: number;
  /** How an attempt with the right password fails under it; "" where it is not touched. No account: an unknown name. */
  readonly strikes: (attempt: Attempt, account: Account | undefined) => Reason | "";
  /** Whether a wrong password, too, is answered with this reason (nobody could look it up). */
  readonly hidesWrong: boolean;
};

/** How a simulated institution is, beyond its people. */
export type Habits = {
  /** Every sign-in through webmail shows the webmail server's own address. */
  readonly webmailProxy: boolean;
  /** Answers for names that do not exist look like those for wrong passwords. */
  readonly namesHidden: boolean;
  /** The log does not name clients. */
  readonly clientsHidden: boolean;
  /** Share of people who work in the first office on a working day; raises the crowd behind one address. */
  readonly officeShare: number;
  /** Whether all offices stand behind one address. */
  readonly oneOffice: boolean;
  /** Share of people on a journey abroad at any time. */
  readonly travelShare: number;
  /** Days between password changes of one person. */
  readonly changeEvery: number;
  /** Share of changes after which a phone keeps the old password for a while. */
  readonly staleShare: number;
  /** Of sign-ins for which somebody types a password: those with a typing error, and by somebody who has forgotten it. */
  readonly typoShare: number;
  readonly forgottenShare: number;
  /** Share of phones that sign in afresh for every look at the mailbox. */
  readonly pollShare: number;
  /** Factor on all sign-ins. */
  readonly intensity: number;
  /** The day (index) on which passwords of `expiryShare` of all have expired; -1 for none. */
  readonly expiryDay: number;
  readonly expiryShare: number;
  /** Days, from and up to but without, on which next to nobody works; -1 for none. On the last one's morrow much is forgotten. */
  readonly holidayFrom: number;
  readonly holidayTo: number;
  /** The day on which `joinShare` of all accounts come into use; -1 for none. */
  readonly joinDay: number;
  readonly joinShare: number;
  /** Wrong passwords in half an hour after which an account is locked for half an hour; 0 for no such rule. */
  readonly lockAfter: number;
};

const mailServers = ["mail1", "mail2", "mail3"];

export type Blank = Pick<Attempt, "name" | "account" | "address" | "service" | "right" | "label"> & Partial<Attempt>;

export class World {
  readonly rng: Rng;
  readonly networks: Networks;
  readonly accounts: readonly Account[];
  readonly domain: string;
  readonly from: number;
  readonly days: number;
  /** Local time minus UTC. */
  readonly offset: number;
  readonly habits: Habits;
  readonly faults: FaultPlan[] = [];
  /** Devices that are busy retrying, by their number: they sign in for nothing else in that time. */
  readonly busy = new Map<number, { readonly from: number; readonly to: number }>();
  readonly #byName = new Map<string, number>();
  readonly #queues: Attempt[][];
  #connection = 0;

  constructor(
    rng: Rng,
    networks: Networks,
    accounts: readonly Account[],
    span: { domain: string; from: number; days: number; offset: number },
    habits: Habits,
  ) {
    this.rng = rng;
    this.networks = networks;
    this.accounts = accounts;
    this.domain = span.domain;
    this.from = span.from;
    this.days = span.days;
    this.offset = span.offset;
    this.habits = habits;
    this.#queues = Array.from({ length: span.days }, () => []);
    for (const account of accounts) this.#byName.set(account.name, account.index);
  }

  get to(): number {
    return this.from + this.days * DAY;
  }

  account(index: number): Account | undefined {
    return this.accounts[index];
  }

  indexOf(name: string): number {
    return this.#byName.get(name) ?? -1;
  }

  /** Names as people and attackers write them here: with the domain. */
  mailName(local: string): string {
    return `${local}@${this.domain}`;
  }

  connection(): number {
    this.#connection += 1;
    return this.#connection;
  }

  /** Midnight, local time, of a day of the simulation, as UTC. */
  midnight(day: number): number {
    return this.from + day * DAY - this.offset;
  }

  /** 0 for Monday. `from` is a Monday. */
  weekday(day: number): number {
    return ((day % 7) + 7) % 7;
  }

  isHoliday(day: number): boolean {
    return day >= this.habits.holidayFrom && day < this.habits.holidayTo;
  }

  /** Local hour of the day, with its fraction. */
  hourOf(at: number): number {
    return ((((at + this.offset) % DAY) + DAY) % DAY) / HOUR;
  }

  attempt(at: number, label: Label, blank: Omit<Blank, "label">): Attempt {
    return {
      at: Math.floor(at),
      name: blank.name,
      account: blank.account,
      address: blank.address,
      service: blank.service,
      server: blank.server ?? this.#server(blank.address, blank.service),
      client: blank.client ?? "",
      right: blank.right,
      refused: blank.refused ?? "",
      stale: blank.stale ?? false,
      passwordId: blank.passwordId ?? 0,
      connection: blank.connection ?? this.connection(),
      label,
      campaign: blank.campaign ?? -1,
      use: blank.use ?? false,
    };
  }

  /** Queues an attempt for its day. What falls outside the simulated time never happened. */
  push(attempt: Attempt): void {
    if (attempt.at < this.from || attempt.at >= this.to) return;
    this.#queues[Math.floor((attempt.at - this.from) / DAY)]?.push(attempt);
  }

  /** Takes a day's attempts, in time order; attempts of the same millisecond in the order in which they were pushed. */
  take(day: number): Attempt[] {
    const queue = this.#queues[day] ?? [];
    this.#queues[day] = [];
    return queue.sort((one, other) => one.at - other.at);
  }

  /** How one of the institution's own faults makes an attempt fail; "" where none does. */
  struck(attempt: Attempt): Reason | "" {
    return this.struckBy(attempt)?.strikes(attempt, this.accounts[attempt.account]) ?? "";
  }

  /** Which one does. */
  struckBy(attempt: Attempt): FaultPlan | undefined {
    const account = this.accounts[attempt.account];
    for (const fault of this.faults) {
      if (attempt.at < fault.from || attempt.at >= fault.to) continue;
      if (!attempt.right && !fault.hidesWrong) continue;
      if (fault.strikes(attempt, account) !== "") return fault;
    }
    return undefined;
  }

  /** Whether, and why, an attempt fails. "" is success. */
  resolve(attempt: Attempt): Reason | "" {
    const struck = this.struck(attempt);
    if (struck !== "") return struck;
    const account = this.accounts[attempt.account];
    if (account === undefined) return this.habits.namesHidden ? "bad-password" : "unknown-account";
    if (attempt.refused !== "") return attempt.refused;
    if (account.disabled) return attempt.right ? "disabled" : "bad-password";
    return attempt.right ? "" : "bad-password";
  }

  /** One of three mail servers for each client address, one sign-on server for the web. */
  #server(address: string, service: Service): string {
    if (service === "sso" || service === "webmail") return "sso1";
    if (service === "vpn") return "vpn1";
    if (service === "ssh") return "gate1";
    let sum = 0;
    for (let at = 0; at < address.length; at += 1) sum = (sum * 31 + address.charCodeAt(at)) >>> 0;
    return mailServers[sum % mailServers.length] ?? "";
  }
}
