/**
 * Where a client is at a time, and so which address it comes from. A function of who, what and when: the same question has
 * the same answer, whoever asks.
 */
import { mix } from "../rng.ts";
import { DAY, HOUR, type World } from "../world.ts";
import type { Account, Client } from "./accounts.ts";

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
  const working = world.weekday(day) < 5 && !world.isHoliday(day) && hour >= 8 && hour < 18;
  const chance = (salt: number): number => mix(account.seed, day, salt) / 0x1_0000_0000;
  const inOffice = working && trip < 0 && chance(43) >= account.homeOffice && chance(44) < habits.officeShare;
  const office = habits.oneOffice ? (networks.offices[0] ?? "") : account.office;
  if (client.place === "pocket") {
    const slot = Math.floor(at / (2 * HOUR));
    const abroad = mix(account.seed, slot, 47) / 0x1_0000_0000;
    if (abroad < 0.45) return networks.mobileAddress(account.mobile, account.seed, at);
    return inOffice ? office : networks.homeAddress(account.home, account.seed, at);
  }
  if (inOffice) return office;
  if (client.service === "vpn") return networks.homeAddress(account.home, account.seed, at);
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
