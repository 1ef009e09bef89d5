/**
 * What people and their devices do on one day: working weeks, daily rhythm, journeys, typing errors, forgotten
 * passwords, changed passwords and the phones that were not told. Knows nothing of attackers; faults only through what
 * the world answers.
 *
 * Rates: typing errors on about 3% of all sign-ins, as published for large providers (StopGuessing's simulator takes 2%
 * and a repeat in two of three; Dropbox found easy typos to be a tenth of failures).
 */
import type { Reason } from "#/signin/signin.ts";
import { type Rng, mix } from "../rng.ts";
import type { Attempt } from "../simulated.ts";
import { DAY, HOUR, MINUTE, type World } from "../world.ts";
import type { Account, Client } from "./accounts.ts";

/** Of typed sign-ins; about half of all are typed, so that 3% of all go wrong. */
const typoShare = 0.065;
const forgottenShare = 0.003;
const wrongNameShare = 0.003;

const weekdayFactor = [1.15, 1.2, 1.15, 1.1, 0.95, 0.35, 0.4];

const officeHours = [0, 0, 0, 0, 0, 0.2, 1, 4, 10, 11, 9, 8, 6, 8, 9, 8, 6, 4, 2, 1, 0.7, 0.5, 0.2, 0.1];
const pocketHours = [0.5, 0.2, 0.1, 0.1, 0.2, 0.8, 3, 6, 7, 6, 5, 5, 6, 5, 5, 5, 5, 6, 6, 5, 5, 4, 3, 1.5];
const evenHours = Array.from({ length: 24 }, () => 1);

/** Everything that happens to this account and starts on this day. */
export function liveDay(world: World, account: Account, day: number): void {
  const rng = world.rng.fork("day", mix(account.seed, day));
  if (account.disabled && !rng.chance(0.02)) return;
  const expired = isExpired(world, account, day);
  if (expired || rng.chance(changeChance(world, account))) changePassword(world, account, day, expired, rng);
  const factor = account.kind === "service" ? 1 : (weekdayFactor[world.weekday(day)] ?? 1);
  const count = rng.poisson(account.activity * factor * world.habits.intensity);
  for (let left = count; left > 0; left -= 1) {
    const client = rng.pick(account.clients);
    const at = timeOf(world, account, client, day, rng);
    signIn(world, account, client, at, rng);
  }
}

function timeOf(world: World, account: Account, client: Client, day: number, rng: Rng): number {
  const hours = client.place === "server" ? evenHours : client.place === "pocket" ? pocketHours : officeHours;
  const shift = client.place === "server" ? 0 : account.shift;
  return world.midnight(day) + (rng.weighted(hours) + rng.next() + shift) * HOUR;
}

/** Where a client is at a time. The same question has the same answer, whoever asks. */
export function addressAt(world: World, account: Account, client: Client, at: number): string {
  const { networks, habits } = world;
  if (client.place === "server") return networks.servers[account.seed % networks.servers.length] ?? "";
  if (client.service === "webmail" && habits.webmailProxy) return networks.webmail;
  const day = Math.floor((at - world.from + world.offset) / DAY);
  const trip = tripAt(account, habits.travelShare, day);
  if (trip >= 0 && client.place !== "desk") {
    const operator = networks.foreign[mix(account.seed, trip, 41) % networks.foreign.length];
    if (operator !== undefined) return networks.travelAddress(operator, account.seed, trip);
  }
  const hour = world.hourOf(at);
  const working = world.weekday(day) < 5 && hour >= 8 && hour < 18;
  const chance = (salt: number): number => mix(account.seed, day, salt) / 0x1_0000_0000;
  const inOffice = working && trip < 0 && chance(43) >= account.homeOffice && chance(44) < habits.officeShare;
  if (client.place === "pocket") {
    const slot = Math.floor(at / (2 * HOUR));
    const abroad = mix(account.seed, slot, 47) / 0x1_0000_0000;
    if (abroad < 0.45) return networks.mobileAddress(account.mobile, account.seed, at);
    return inOffice ? account.office : networks.homeAddress(account.home, account.seed, at);
  }
  if (inOffice) return account.office;
  if (account.usesVpn && client.place === "bag" && chance(53) < 0.6) return networks.vpn[account.seed % 2] ?? "";
  return networks.homeAddress(account.home, account.seed, at);
}

/** Number of the journey that an account is on, -1 at home. Journeys last 2 to 9 days and start in a fixed grid. */
function tripAt(account: Account, share: number, day: number): number {
  const cycle = Math.floor((day + (account.seed % 20)) / 20);
  const within = (day + (account.seed % 20)) % 20;
  const length = 2 + (mix(account.seed, cycle, 59) % 8);
  const travels = mix(account.seed, cycle, 61) / 0x1_0000_0000 < share * (20 / 5.5);
  return travels && within < length ? cycle : -1;
}

/** One wish to sign in, until it succeeds or whoever wishes gives up. */
function signIn(world: World, account: Account, client: Client, at: number, rng: Rng): void {
  const connection = world.connection();
  let when = at;
  if (client.typed) {
    if (rng.chance(wrongNameShare)) {
      attempt(world, account, client, when, { wrongName: true, connection }, rng);
      when += rng.between(6, 30) * 1000;
    }
    if (rng.chance(forgottenShare)) return forget(world, account, client, when, rng);
    if (rng.chance(typoShare)) {
      const outcome = mistype(world, account, client, when, connection, rng);
      if (outcome < 0) return;
      when = outcome;
    }
  }
  const reason = attempt(world, account, client, when, { connection }, rng);
  if (reason !== "" && account.kind !== "service" && reason !== "disabled") persist(world, account, client, when, rng);
  if (reason !== "" && account.kind === "service") retryByItself(world, account, client, when, 5 * MINUTE, rng);
}

/** Easy typos, mostly right the second time. Answers when the right password comes, -1 where the person goes away. */
function mistype(world: World, account: Account, client: Client, at: number, connection: number, rng: Rng): number {
  let when = at;
  for (let tries = 0; tries < 6; tries += 1) {
    attempt(world, account, client, when, { wrong: rng.int(40) + 1, connection }, rng);
    when += rng.between(4, 35) * 1000;
    if (!rng.chance(0.35)) break;
  }
  if (!rng.chance(0.08)) return when;
  // Interrupted, or annoyed: comes back later, from wherever that is.
  const later = when + rng.betweenLog(20 * MINUTE, 8 * HOUR);
  attempt(world, account, client, later, {}, rng);
  return -1;
}

/** Tries all the passwords that come to mind, gives up, and comes back with a new one. */
function forget(world: World, account: Account, client: Client, at: number, rng: Rng): void {
  let when = at;
  const tries = 3 + rng.int(7);
  for (let index = 0; index < tries; index += 1) {
    attempt(world, account, client, when, { wrong: 100 + index }, rng);
    when += rng.between(8, 90) * 1000;
  }
  when += rng.betweenLog(15 * MINUTE, 30 * HOUR);
  attempt(world, account, client, when, {}, rng);
  if (rng.chance(world.habits.staleShare)) stalePhone(world, account, when, rng);
}

/** Under a fault: people try again a few times and then now and then, devices at a fixed period. */
function persist(world: World, account: Account, client: Client, at: number, rng: Rng): void {
  if (!client.typed) return retryByItself(world, account, client, at, rng.pick([1, 2, 5, 10, 15]) * MINUTE, rng);
  let when = at;
  let patience = 2 + rng.int(5);
  while (patience > 0) {
    when += rng.betweenLog(8_000, 20 * MINUTE);
    patience -= 1;
    if (attempt(world, account, client, when, {}, rng) === "") return;
  }
  when += rng.betweenLog(HOUR, 20 * HOUR);
  attempt(world, account, client, when, {}, rng);
}

function retryByItself(world: World, account: Account, client: Client, at: number, period: number, rng: Rng): void {
  let when = at;
  for (let tries = 0; tries < 400; tries += 1) {
    when += period * rng.between(0.97, 1.05);
    if (attempt(world, account, client, when, {}, rng) === "") return;
  }
}

function changeChance(world: World, account: Account): number {
  return account.kind === "service" ? 0 : 1 / world.habits.changeEvery;
}

function isExpired(world: World, account: Account, day: number): boolean {
  const { expiryDay, expiryShare } = world.habits;
  return day === expiryDay && account.kind !== "service" && mix(account.seed, 67) / 0x1_0000_0000 < expiryShare;
}

/** A new password: told to be due, or of their own will. Some phones go on with the old one. */
function changePassword(world: World, account: Account, day: number, expired: boolean, rng: Rng): void {
  const typed = account.clients.find((client) => client.typed);
  if (typed === undefined) return;
  const at = timeOf(world, account, typed, day, rng);
  if (expired) {
    attempt(world, account, typed, at, { refused: "expired" }, rng);
    if (rng.chance(0.15)) attempt(world, account, typed, at + 40_000, { refused: "expired" }, rng);
  }
  attempt(world, account, typed, at + rng.between(60, 400) * 1000, {}, rng);
  // The new password is still strange to the fingers.
  if (rng.chance(0.15)) mistype(world, account, typed, at + rng.betweenLog(HOUR, 6 * HOUR), world.connection(), rng);
  if (rng.chance(world.habits.staleShare)) stalePhone(world, account, at, rng);
}

/** A phone that keeps the old password and retries every few minutes, for hours or days. */
function stalePhone(world: World, account: Account, from: number, rng: Rng): void {
  const phone = account.clients.find((client) => client.place === "pocket");
  if (phone === undefined) return;
  const until = from + rng.betweenLog(HOUR, 3 * DAY);
  const period = rng.pick([3, 5, 10, 15, 15, 30, 60]) * MINUTE;
  const asleep = rng.between(0.1, 0.6);
  for (let at = from + period; at < until; at += period * rng.between(0.95, 1.1)) {
    if (rng.chance(asleep)) continue;
    attempt(world, account, phone, at, { wrong: 99 }, rng);
  }
  attempt(world, account, phone, until, {}, rng);
}

type Manner = {
  /** Which wrong password of this account's own; 0 or nothing for the right one. */
  readonly wrong?: number;
  readonly wrongName?: boolean;
  readonly refused?: Reason;
  readonly connection?: number;
};

/** Makes one attempt and answers why it failed, "" where it did not. */
function attempt(world: World, account: Account, client: Client, at: number, manner: Manner, rng: Rng): Reason | "" {
  const name = manner.wrongName === true ? misspelt(account.name, rng) : account.name;
  const wrong = manner.wrong ?? 0;
  const known = name === account.name ? account.index : world.indexOf(name);
  const made: Attempt = world.attempt(at, "benign", {
    name,
    account: known,
    address: addressAt(world, account, client, at),
    service: client.service,
    client: client.software,
    right: wrong === 0 && known === account.index,
    refused: manner.refused ?? "",
    passwordId: wrong === 0 ? 0 : 0x4000_0000 + (mix(account.index, wrong) >>> 2),
    ...(manner.connection === undefined ? {} : { connection: manner.connection }),
  });
  world.push(made);
  return world.resolve(made);
}

function misspelt(name: string, rng: Rng): string {
  const end = name.indexOf("@");
  const at = 1 + rng.int(Math.max(1, end - 2));
  const style = rng.int(3);
  if (style === 0) return name.slice(0, at) + name.slice(at + 1);
  if (style === 1) return name.slice(0, at) + name.charAt(at) + name.slice(at);
  return name.slice(0, at) + name.charAt(at + 1) + name.charAt(at) + name.slice(at + 2);
}
