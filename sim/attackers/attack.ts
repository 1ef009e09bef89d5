/** What every attacker has: a way to make attempts under one campaign, names to try, and addresses to come from. */
import type { CampaignKind } from "#/incidents/conclusion.ts";
import type { Service } from "#/signin/signin.ts";
import { guessedNames, strangerName } from "../institution/names.ts";
import type { Rng } from "../rng.ts";
import { DAY, HOUR, type World } from "../world.ts";

export type Attacker = {
  readonly world: World;
  readonly rng: Rng;
  /** Index of the campaign. */
  readonly campaign: number;
  readonly service: Service;
  readonly client: string;
  /** Account and time of each that opened, so that a tool goes on without it. */
  readonly opened: Map<number, number>;
};

export type AttackPlan = {
  readonly kind: CampaignKind;
  /** Pushes all attempts. Called once. */
  readonly run: (attacker: Attacker) => void;
};

const tools = [
  "",
  "",
  "python-requests/2.32",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0",
  "BAV2ROPC",
  "ThunderBird 91",
];

/** @param setting the scenario's own randomness: the same seed makes another attacker in another scenario. */
export function createAttacker(world: World, campaign: number, setting: Rng): Attacker {
  const rng = setting.fork("campaign", campaign);
  const service = rng.pick(["imap", "imap", "submission", "webmail", "sso", "activesync"] as const);
  return { world, rng, campaign, service, client: rng.pick(tools), opened: new Map() };
}

/** One guess. Answers whether it opened the account. */
export function guess(
  attacker: Attacker,
  at: number,
  name: string,
  address: string,
  right: boolean,
  passwordId: number,
  connection?: number,
): boolean {
  const { world } = attacker;
  const account = world.indexOf(name);
  const made = world.attempt(at, "campaign", {
    name,
    account,
    address,
    service: attacker.service,
    client: attacker.client,
    right: right && account >= 0,
    passwordId,
    campaign: attacker.campaign,
    ...(connection === undefined ? {} : { connection }),
  });
  world.push(made);
  const opened = made.at < world.to && world.resolve(made) === "";
  if (opened) attacker.opened.set(account, made.at);
  return opened;
}

/** When an attack begins: after enough quiet days to know the institution by, and with time left to be found in. */
export function onset(attacker: Attacker, from = 0.4, to = 0.7): number {
  const { world, rng } = attacker;
  return world.from + world.days * DAY * rng.between(from, to);
}

/** The names on an attacker's list: a share of the real ones, and some that are nobody's. */
export function targetList(attacker: Attacker, known: number, invalidShare: number): string[] {
  const { world, rng } = attacker;
  const real = world.accounts
    .filter((account) => account.kind !== "service" && rng.chance(known))
    .map((account) => account.name);
  const invalid = Math.round((real.length * invalidShare) / Math.max(0.01, 1 - invalidShare));
  const strangers = Array.from({ length: invalid }, () =>
    world.mailName(rng.chance(0.8) ? strangerName(rng) : rng.pick(guessedNames)),
  );
  return [...new Set([...real, ...strangers])];
}

export function ordered(attacker: Attacker, names: readonly string[], alphabetical: boolean): string[] {
  return alphabetical ? [...names].sort() : attacker.rng.shuffled(names);
}

/** Whether the popular password of that rank is this account's. */
export function isPasswordOf(world: World, name: string, rank: number): boolean {
  const weakness = world.account(world.indexOf(name))?.weakness ?? 0;
  return weakness !== 0 && weakness === rank;
}

/** What follows: the fallen accounts are read hours or days later, each from one more address. */
export function useFallen(attacker: Attacker, share: number, from: number, to: number): void {
  const { world, rng, opened } = attacker;
  for (const [index, at] of opened) {
    const account = world.account(index);
    if (account === undefined || !rng.chance(share)) continue;
    const address = world.networks.residential(rng);
    let when = at + rng.betweenLog(from, to);
    for (let left = 1 + rng.int(6); left > 0; left -= 1) {
      world.push(
        world.attempt(when, "campaign", {
          name: account.name,
          account: index,
          address,
          service: rng.pick(["imap", "webmail"] as const),
          client: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0",
          right: true,
          campaign: attacker.campaign,
          use: true,
        }),
      );
      when += rng.betweenLog(5 * 60_000, 12 * HOUR);
    }
  }
}

/** What whoever reads the mail reads it with: much the same as everybody. */
const readers = [
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/131.0",
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/132.0",
  "Thunderbird 128.5",
  "Apple Mail/3826 iOS 18.3",
  "Outlook-iOS/2.0",
  "aiosmtplib",
  "",
];

/** The passwords are sold on: each buyer comes once or a few times, hours or days later, some by a provider of the members' own. */
export function sellFallen(attacker: Attacker, from: number, to: number): void {
  const { world, rng, opened } = attacker;
  for (const [index, at] of opened) {
    const account = world.account(index);
    if (account === undefined) continue;
    const address = rng.chance(0.3) ? world.networks.hosted(rng) : world.networks.residential(rng, 0.2);
    const client = rng.pick(readers);
    let when = at + rng.betweenLog(from, to);
    for (let left = 1 + rng.int(3); left > 0; left -= 1) {
      world.push(
        world.attempt(when, "campaign", {
          name: account.name,
          account: index,
          address,
          service: rng.pick(["imap", "webmail", "submission"] as const),
          client,
          right: true,
          campaign: attacker.campaign,
          use: true,
        }),
      );
      when += rng.betweenLog(5 * 60_000, 12 * HOUR);
    }
  }
}

/** Hands out an address for an attempt at a time. */
export type Addresses = (at: number) => string;

/** Each address for `uses` attempts, then never again. */
export function disposable(next: Addresses, uses: () => number): Addresses {
  let address = "";
  let left = 0;
  return (at) => {
    if (left <= 0) {
      address = next(at);
      left = uses();
    }
    left -= 1;
    return address;
  };
}

/** The same with several addresses in use side by side. */
export function interleaved(rng: Rng, next: Addresses, uses: () => number, width: number): Addresses {
  const lanes = Array.from({ length: width }, () => disposable(next, uses));
  return (at) => rng.pick(lanes)(at);
}

/** An address that a member has at that very time: at home, where the attacker has one of their devices, or of their carrier. */
export function sharedAddress({ world, rng }: Attacker): Addresses {
  return (at) => {
    const account = rng.pick(world.accounts);
    return rng.chance(0.5)
      ? world.networks.homeAddress(account.home, account.seed, at)
      : world.networks.mobileAddress(account.mobile, account.seed, at);
  };
}
