/**
 * The internet's everyday noise: bots that come by, try a few names that mostly do not exist, and go. A site that sees them
 * every day does not want each called an attack; who is louder than they are, or knows whose names exist, is one.
 */
import { type Origin, exists } from "#/familiarity/records.ts";
import { days, hours } from "#/platform/units.ts";
import type { Judge } from "./judge.ts";
import { isMembers } from "./suspects.ts";

/** It takes this many bots, on this many different days, to call them everyday. */
const BOTS_MIN = 10;
const DAYS_MIN = 3;
/** Or, in a shorter log, in this many of its hours, and in half of them all. */
const HOURS_MIN = 8;
/** Louder than the loudest twentieth (or, of more than two hundred, the loudest ten) by this factor is no everyday bot. */
const LOUDER = 2;
const LOUDEST = 10;
/** Fewer attempts than this may be part of something distributed, and are no measure of a bot either. */
const BOT_ATTEMPTS_MIN = 4;
/** Never call more than this many attempts from one address noise. */
const ATTEMPTS_MAX = 45;
/** Bots come from everywhere; more than this from one /24 (or /48), and more than this share of all, are one somebody. */
const NEIGHBOURS_MAX = 2;
const NEIGHBOURS_SHARE_MAX = 0.02;
/** And no more than this in a log too short to measure them. */
const PASSING_ATTEMPTS_MAX = 40;
/** Of the names that bots try, at least this share exists, before anything is counted. */
const EXISTING_SHARE_LEAST = 0.15;
/** Log-odds from which an address is held to know whose names exist: one wrong in a thousand bots ... */
const KNOWS_AT = 7;
/** ... or, of more, so many of all of them: among ten thousand one hits five existing names by chance. */
const KNOWS_BY_CHANCE = 0.3;

/** A test whether an address is no more than this site's everyday noise. */
export function noiseTest(judge: Judge): (origin: Origin) => boolean {
  const sizes: number[] = [];
  let names = 0;
  let existing = 0;
  const onDays = new Set<number>();
  const inHours = new Set<number>();
  const perNetwork = new Map<string, number>();
  for (const origin of judge.familiarity.origins.values()) {
    if (origin.failures === 0 || origin.failures > ATTEMPTS_MAX || origin.address === "" || isMembers(origin)) continue;
    const hits = existingNames(origin);
    if (origin.pairs.size >= 3) {
      names += origin.pairs.size;
      existing += hits;
    }
    // Whoever tries existing names only may be part of what is to be judged here, and is no measure of noise.
    if (hits > origin.pairs.size / 2 || origin.failures < BOT_ATTEMPTS_MIN) continue;
    const neighbours = (perNetwork.get(origin.network) ?? 0) + 1;
    perNetwork.set(origin.network, neighbours);
    sizes.push(origin.failures);
    onDays.add(Math.floor(origin.last / days(1)));
    inHours.add(Math.floor(origin.last / hours(1)));
  }
  if (judge.isMostlyStrangers) return () => false;
  const allHours = (judge.last - judge.first) / hours(1);
  const isEveryday = onDays.size >= DAYS_MIN || inHours.size >= Math.max(HOURS_MIN, allHours / 2);
  if (sizes.length < BOTS_MIN || !isEveryday) return isPassingBot;
  sizes.sort((left, right) => left - right);
  const loudest = Math.max(Math.floor(sizes.length * 0.95), sizes.length - LOUDEST);
  const loud = Math.min(ATTEMPTS_MAX, LOUDER * (sizes[loudest] ?? 0));
  const share = Math.min(0.5, Math.max(EXISTING_SHARE_LEAST, existing / Math.max(1, names)));
  const knowsAt = Math.max(KNOWS_AT, Math.log(sizes.length / KNOWS_BY_CHANCE));
  return (origin) =>
    origin.failures <= loud &&
    origin.accountsOpened === 0 &&
    (perNetwork.get(origin.network) ?? 0) <= Math.max(NEIGHBOURS_MAX, sizes.length * NEIGHBOURS_SHARE_MAX) &&
    !knowsNames(origin, share, knowsAt);
}

/** In a log too short to show what is everyday: a few dozen tries at names that mostly do not exist. */
function isPassingBot(origin: Origin): boolean {
  if (origin.failures > PASSING_ATTEMPTS_MAX || origin.accountsOpened > 0) return false;
  return existingNames(origin) <= origin.pairs.size / 2;
}

/** Whether so many of the names that it tried exist as no bot's list would hit upon. */
function knowsNames(origin: Origin, usualShare: number, knowsAt: number): boolean {
  const hits = existingNames(origin);
  const misses = origin.pairs.size - hits;
  return hits * Math.log(0.9 / usualShare) + misses * Math.log(0.1 / (1 - usualShare)) >= knowsAt;
}

/** How many of the names that were tried from here exist. */
export function existingNames(origin: Origin): number {
  let count = 0;
  for (const pair of origin.pairs.values()) if (exists(pair.account)) count += 1;
  return count;
}
