/**
 * What people and their devices do on one day: working weeks, daily rhythm, journeys, typing errors, forgotten
 * passwords, changed passwords and the phones that were not told. Knows nothing of attackers; faults only through what
 * the world answers.
 *
 * Rates: typing errors on about 3% of all sign-ins, as published for large providers (StopGuessing's simulator takes 2%
 * and a repeat in two of three; Dropbox found easy typos to be a tenth of failures). About four in ten sign-ins are typed.
 */
import type { Reason } from "#/signin/signin.ts";
import { type Rng, mix } from "../rng.ts";
import type { Attempt } from "../simulated.ts";
import { DAY, HOUR, MINUTE, type World } from "../world.ts";
import type { Account, Client } from "./accounts.ts";
import { addressAt } from "./whereabouts.ts";

const wrongNameShare = 0.003;

const weekdayFactor = [1.15, 1.2, 1.15, 1.1, 0.95, 0.35, 0.4];

/** As on Christmas Day. */
const holidayFactor = 0.12;

const officeHours = [0, 0, 0, 0, 0, 0.2, 1, 4, 10, 11, 9, 8, 6, 8, 9, 8, 6, 4, 2, 1, 0.7, 0.5, 0.2, 0.1];
const pocketHours = [0.5, 0.2, 0.1, 0.1, 0.2, 0.8, 3, 6, 7, 6, 5, 5, 6, 5, 5, 5, 5, 6, 6, 5, 5, 4, 3, 1.5];
const evenHours = Array.from({ length: 24 }, () => 1);

/** Everything that happens to this account and starts on this day. */
export function liveDay(world: World, account: Account, day: number): void {
  const rng = world.rng.fork("day", mix(account.seed, day));
  if (day < joinDay(world, account)) return;
  if (account.disabled && !rng.chance(0.02)) return;
  const expired = isExpired(world, account, day);
  if (expired || rng.chance(changeChance(world, account))) changePassword(world, account, day, expired, rng);
  const usual = world.isHoliday(day) ? holidayFactor : (weekdayFactor[world.weekday(day)] ?? 1);
  const factor = account.kind === "service" ? 1 : usual;
  const count = rng.poisson(account.activity * factor * world.habits.intensity);
  const wishes = Array.from({ length: count }, () => {
    const person = account.delegates.length === 0 ? account : (world.account(rng.pick(account.delegates)) ?? account);
    const client = rng.pick(person.clients);
    return { person, client, at: timeOf(world, person, client, day, rng) };
  });
  // In order, since a device that is busy retrying wishes for nothing more.
  wishes.sort((one, other) => one.at - other.at);
  for (const { person, client, at } of wishes) {
    const actor: Actor = { world, account, person, client, rng };
    if (!isBusy(actor, at)) signIn(actor, at, clumsinessOn(world, account, day));
  }
  if (mix(account.seed, 89) / 0x1_0000_0000 < world.habits.pollShare) poll(world, account, day, rng);
}

/** A phone that looks for mail every so many minutes, from morning to night, each time with a sign-in of its own. */
function poll(world: World, account: Account, day: number, rng: Rng): void {
  const client = account.clients.find((one) => one.place === "pocket");
  if (client === undefined) return;
  const actor: Actor = { world, account, person: account, client, rng };
  const period = (pollMinutes[account.seed % pollMinutes.length] ?? 30) * MINUTE;
  const until = world.midnight(day) + 23 * HOUR;
  for (let at = world.midnight(day) + (6 + rng.next()) * HOUR; at < until; at += period * rng.between(0.98, 1.02)) {
    if (!isBusy(actor, at)) signIn(actor, at, 1);
  }
}

const pollMinutes = [15, 15, 30, 60];

/** Factor on errors: on the first day fingers do not know the password yet, and after holidays no more. */
function clumsinessOn(world: World, account: Account, day: number): number {
  if (day === joinDay(world, account)) return 4;
  return day === world.habits.holidayTo ? 2.5 : 1;
}

/** Newcomers all start on one day; everybody else has been there before the simulation. */
function joinDay(world: World, account: Account): number {
  const { joinDay: day, joinShare } = world.habits;
  const joins = day >= 0 && account.kind !== "service" && mix(account.seed, 83) / 0x1_0000_0000 < joinShare;
  return joins ? day : -1;
}

/** Who signs in to what with what: the account's owner, or one of those who share it. */
type Actor = {
  readonly world: World;
  readonly account: Account;
  readonly person: Account;
  readonly client: Client;
  readonly rng: Rng;
};

/** One number for each device of each person at each account. */
const deviceOf = ({ account, person, client }: Actor): number =>
  mix(account.index, person.index, person.clients.indexOf(client));

function isBusy(actor: Actor, at: number): boolean {
  const busy = actor.world.busy.get(deviceOf(actor));
  return busy !== undefined && at >= busy.from && at < busy.to;
}

function timeOf(world: World, account: Account, client: Client, day: number, rng: Rng): number {
  const hours = client.place === "server" ? evenHours : client.place === "pocket" ? pocketHours : officeHours;
  const shift = client.place === "server" ? 0 : account.shift;
  return world.midnight(day) + (rng.weighted(hours) + rng.next() + shift) * HOUR;
}

/** One wish to sign in, until it succeeds or whoever wishes gives up. */
function signIn(actor: Actor, at: number, clumsy: number): void {
  const { world, account, client, rng } = actor;
  const connection = world.connection();
  let when = at;
  if (client.typed) {
    if (rng.chance(wrongNameShare * clumsy)) {
      attempt(actor, when, { wrongName: true, connection });
      when += rng.between(6, 30) * 1000;
    }
    if (rng.chance(world.habits.forgottenShare * clumsy)) return forget(actor, when);
    if (rng.chance(world.habits.typoShare * clumsy)) {
      when = mistype(actor, when, connection);
      if (when < 0) return;
    }
  }
  const reason = attempt(actor, when, { connection });
  if (reason === "" || reason === "disabled") return;
  if (account.kind === "service" || !client.typed) retryByItself(actor, when);
  else persist(actor, when);
}

/** Easy typos, mostly right the second time. Answers when the right password comes, -1 where the person goes away. */
function mistype(actor: Actor, at: number, connection: number): number {
  const { rng } = actor;
  let when = at;
  for (let tries = 0; tries < 6; tries += 1) {
    attempt(actor, when, { wrong: rng.int(40) + 1, connection });
    when += rng.between(4, 35) * 1000;
    if (!rng.chance(0.35)) break;
  }
  if (!rng.chance(0.08)) return when;
  // Interrupted, or annoyed: comes back later, from wherever that is.
  attempt(actor, when + rng.betweenLog(20 * MINUTE, 8 * HOUR), {});
  return -1;
}

/** Tries all the passwords that come to mind, gives up, and comes back with a new one. */
function forget(actor: Actor, at: number): void {
  const { world, account, rng } = actor;
  let when = at;
  const tries = 3 + rng.int(7);
  for (let index = 0; index < tries; index += 1) {
    attempt(actor, when, { wrong: 100 + index });
    when += rng.between(8, 90) * 1000;
  }
  when += rng.betweenLog(15 * MINUTE, 30 * HOUR);
  attempt(actor, when, {});
  if (rng.chance(world.habits.staleShare)) stalePhone(world, account, when, rng);
}

/** Under a fault people try again a few times, and then come back hours later. */
function persist(actor: Actor, at: number): void {
  const { rng } = actor;
  let when = at;
  for (let patience = 2 + rng.int(5); patience > 0; patience -= 1) {
    when += rng.betweenLog(8_000, 20 * MINUTE);
    if (attempt(actor, when, {}) === "") return;
  }
  attempt(actor, when + rng.betweenLog(HOUR, 20 * HOUR), {});
}

/** Under a fault devices try again at a period of their own, and wish for nothing else until they succeed. */
function retryByItself(actor: Actor, at: number): void {
  const { world, account, rng } = actor;
  const device = deviceOf(actor);
  const period = account.kind === "service" ? 5 : (retryMinutes[device % retryMinutes.length] ?? 5);
  let when = at;
  let wait = period * MINUTE;
  for (let tries = 0; tries < 400; tries += 1) {
    when += wait * rng.between(0.97, 1.05);
    // Most clients wait longer after each of the first failures.
    if (device % 3 !== 0 && wait < 30 * MINUTE) wait *= 1.5;
    if (attempt(actor, when, {}) === "") break;
  }
  world.busy.set(device, { from: at, to: when });
}

const retryMinutes = [1, 2, 5, 5, 10, 10, 15, 15, 30];

function changeChance(world: World, account: Account): number {
  return account.kind === "service" ? 0 : 1 / world.habits.changeEvery;
}

function isExpired(world: World, account: Account, day: number): boolean {
  const { expiryDay, expiryShare } = world.habits;
  return day === expiryDay && account.kind !== "service" && mix(account.seed, 67) / 0x1_0000_0000 < expiryShare;
}

/** A new password: told to be due, or of their own will. Some phones go on with the old one. */
function changePassword(world: World, account: Account, day: number, expired: boolean, rng: Rng): void {
  const client = account.clients.find((one) => one.typed);
  if (client === undefined) return;
  const actor: Actor = { world, account, person: account, client, rng };
  const at = timeOf(world, account, client, day, rng);
  if (expired) {
    attempt(actor, at, { refused: "expired" });
    if (rng.chance(0.15)) attempt(actor, at + 40_000, { refused: "expired" });
  }
  attempt(actor, at + rng.between(60, 400) * 1000, {});
  // The new password is still strange to the fingers.
  if (rng.chance(0.15)) {
    const again = mistype(actor, at + rng.betweenLog(HOUR, 6 * HOUR), world.connection());
    if (again >= 0) attempt(actor, again, {});
  }
  if (rng.chance(world.habits.staleShare)) stalePhone(world, account, at, rng);
}

/** A phone that keeps the old password and retries every few minutes, for hours or days. */
function stalePhone(world: World, account: Account, from: number, rng: Rng): void {
  const client = account.clients.find((one) => one.place === "pocket");
  if (client === undefined) return;
  const actor: Actor = { world, account, person: account, client, rng };
  if (isBusy(actor, from)) return;
  const until = from + rng.betweenLog(HOUR, 3 * DAY);
  const period = rng.pick(staleMinutes) * MINUTE;
  const asleep = rng.between(0.1, 0.6);
  for (let at = from + period; at < until; at += period * rng.between(0.95, 1.1)) {
    if (!rng.chance(asleep)) attempt(actor, at, { wrong: staleWrong });
  }
  attempt(actor, until, {});
  world.busy.set(deviceOf(actor), { from, to: until });
}

const staleMinutes = [3, 5, 10, 15, 15, 30, 60];

/** Number of the wrong password that is an account's old one. */
const staleWrong = 99;

type Manner = {
  /** Which wrong password of this account's own; 0 or nothing for the right one. */
  readonly wrong?: number;
  readonly wrongName?: boolean;
  readonly refused?: Reason;
  readonly connection?: number;
};

/** Makes one attempt and answers why it failed, "" where it did not. */
function attempt(actor: Actor, at: number, manner: Manner): Reason | "" {
  const { world, account, person, client, rng } = actor;
  const name = manner.wrongName === true ? misspelt(account.name, rng) : account.name;
  const wrong = manner.wrong ?? 0;
  const known = name === account.name ? account.index : world.indexOf(name);
  const made: Attempt = world.attempt(at, "benign", {
    name,
    account: known,
    address: addressAt(world, person, client, at),
    service: client.service,
    client: client.software,
    right: wrong === 0 && known === account.index,
    refused: manner.refused ?? "",
    stale: wrong === staleWrong,
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
