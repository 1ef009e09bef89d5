/**
 * Campaigns that no single address shows: stretches of time in which strangers failed far more often than is usual here,
 * and which of the suspects in them took part.
 */
import type { Alarm } from "#/detectors/distributed/charts.ts";
import { PRECISION, type Origin, type Pair } from "#/familiarity/records.ts";
import { median } from "#/platform/median.ts";
import { days, hours } from "#/platform/units.ts";
import { type Episode, type Span, calmPerDay, findEpisodes } from "./episodes.ts";
import { type Group, type Window, newGroup } from "./group.ts";
import type { Hindsight } from "./hindsight.ts";
import type { Judge } from "./judge.ts";
import { classify } from "./kinds.ts";
import { existingNames } from "./noise.ts";
import type { Suspect } from "./suspects.ts";

/** Stretches in which strangers failed far more often than usual, from anywhere. */
export function distributedGroups(hindsight: Hindsight, taken: ReadonlySet<Pair>): Group[] {
  const { judge, isNoise } = hindsight;
  // What the one-source detector has declared is told there, but many small ones together are told here.
  const isTold = ({ pair }: Suspect): boolean =>
    taken.has(pair) || (pair.origin.held !== undefined && !isNoise(pair.origin));
  // Of the time before addresses were dropped too little is left to be compared with what came after.
  const { droppedBefore } = judge.familiarity;
  const span: Span = { first: Math.max(judge.first, droppedBefore), last: judge.last };
  const suspects = hindsight.suspects.filter((suspect) => suspect.at >= span.first && !isTold(suspect));
  const settings = judge.settings.distributed;
  const spanDays = Math.max(0.25, (judge.last - judge.first) / days(1));
  const usual = settings.usualPerDay + (settings.usualPerSuccess * judge.successes) / spanDays;
  const noise =
    settings.backgroundOnExisting *
    Math.min(2_500, Math.max(settings.backgroundPerDay, calmPerDay(suspects, false, span)));
  const extra = inFaults(judge);
  const least = Math.min(1, judge.calm) * (usual + noise);
  // Where no success is logged, members' slips are among the suspects, and how many there are only the log itself can say.
  const most = judge.successes === 0 ? Number.POSITIVE_INFINITY : 3 * usual + noise;
  const known = findEpisodes(suspects, true, { least, most, extra }, span, settings);
  const unknown = findEpisodes(
    suspects,
    false,
    { least: Math.max(settings.backgroundPerDay, droppedBefore > 0 ? judge.backgroundPerDay : 0), most: 2_500, extra },
    span,
    settings,
  );
  const { alarms } = judge;
  const scene: Scene = { suspects, unknown, alarms };
  const groups = known.flatMap((episode) => toGroup(episode, scene, hindsight));
  for (const episode of unknown) {
    if (known.some((other) => overlap(other, episode))) continue;
    // Noise on invented names only: worth a campaign where the running state saw it begin, or it is beyond all noise.
    if (alarmIn(episode, alarms) === undefined && judge.successes > 0 && spanDays < 1) continue;
    groups.push(...toGroup(episode, scene, hindsight));
  }
  return groups;
}

/** The busiest hour of a day has about this many times its mean. */
const PEAK = 4;

/** While a fault runs, members who are new to a place fail there like everybody else, and no success takes it back. */
function inFaults(judge: Judge): (at: number) => number {
  const spans = judge.faults.spans(judge.last);
  const peak = PEAK * judge.newPlacesPerDay;
  return (at) => {
    let extra = 0;
    for (const { from, to, share } of spans) if (at >= from && at <= to) extra = Math.max(extra, share * peak);
    return extra;
  };
}

/** What an episode is seen against. */
type Scene = {
  readonly suspects: readonly Suspect[];
  /** Episodes of names that do not exist. */
  readonly unknown: readonly Episode[];
  readonly alarms: readonly Alarm[];
};

function toGroup(all: Episode, { suspects, unknown, alarms }: Scene, { judge, isNoise }: Hindsight): Group[] {
  const alarm = alarmIn(all, alarms);
  const isBlind = judge.successes === 0;
  const isRhythmKnown = judge.last - judge.first > days(3);
  // Members' slips have a rhythm of their own; without successes only what was beyond it when it came is worth a word.
  if (alarm === undefined && isBlind && isRhythmKnown) return [];
  const episode = isBlind ? narrowed(all, alarm) : all;
  const inTime = suspects.filter(({ at }) => at >= episode.from - hours(1) && at <= episode.to + hours(1));
  if (isBlind && isRhythmKnown && inTime.length <= BUSY * typicalDay(suspects) * daysOf(episode)) return [];
  const noisy = unknown.some((other) => overlap(other, episode));
  const hit = new Set(inTime.filter((suspect) => suspect.known === episode.known).map(({ pair }) => pair.origin));
  const isPopular = popularNames(suspects, episode);
  const takesPart = (suspect: Suspect): boolean =>
    (noisy && (suspect.known || !isPopular(suspect))) ||
    ((suspect.known || hit.has(suspect.pair.origin)) && !isBot(suspect.pair.origin, isNoise));
  const pairs = inTime.filter(takesPart).map(({ pair }) => pair);
  if (pairs.length < 5) return [];
  const why = alarm?.why ?? "seen with hindsight only: strangers' failures far above what is usual here";
  const window = { from: episode.from - hours(1), to: episode.to + days(1) };
  const group = newGroup(pairs, alarm?.at ?? judge.last, why, true, window);
  group.usualPerDay = episode.usualPerDay;
  return [{ ...group, kind: classify(group, isBlind) }];
}

/** A Monday is busier than other days, and a holiday's end than a Monday, but not by this factor. */
const BUSY = 2;

const daysOf = ({ from, to }: Episode): number => Math.max(1, (to - from) / days(1));

/** Suspects on the middle one of the days that have any. */
function typicalDay(suspects: readonly Suspect[]): number {
  const counts = new Map<number, number>();
  for (const { at } of suspects) {
    const day = Math.floor(at / days(1));
    counts.set(day, (counts.get(day) ?? 0) + 1);
  }
  return median([...counts.values()]);
}

/** The time in which the running state saw it rise: where nothing mends a member's slip, slips keep the alarm up for days after. */
function narrowed(episode: Episode, alarm: Alarm | undefined): Episode {
  if (alarm === undefined) return episode;
  return { ...episode, from: Math.max(episode.from, alarm.since), to: Math.min(episode.to, alarm.risenTo) };
}

/** Tries outside the episode from which on a name that does not exist is one that bots always try (admin, test). */
const POPULAR_TRIES = 3;

/** Whether a suspect's name is one that bots try before and after as well: that it is tried now tells nothing. */
export function popularNames(suspects: readonly Suspect[], window: Window): (suspect: Suspect) => boolean {
  const outside = new Map<object, number>();
  for (const { pair, at, known } of suspects) {
    if (known || (at >= window.from && at <= window.to)) continue;
    outside.set(pair.account, (outside.get(pair.account) ?? 0) + 1);
  }
  return ({ pair }) => (outside.get(pair.account) ?? 0) >= POPULAR_TRIES;
}

/** One of the everyday bots: with several names, most of which do not exist. */
function isBot(origin: Origin, isNoise: (origin: Origin) => boolean): boolean {
  return origin.pairs.size >= 3 && existingNames(origin) <= origin.pairs.size / 2 && isNoise(origin);
}

const overlap = (left: Episode, right: Episode): boolean => left.from <= right.to && right.from <= left.to;

/** The alarm that was up in it, or went up soon after; one about other names only where it rose in it too, for it may be another's. */
function alarmIn(episode: Episode, alarms: readonly Alarm[]): Alarm | undefined {
  return alarms.find(
    ({ known, at, over }) =>
      at <= episode.to + hours(12) &&
      over >= episode.from &&
      (known === episode.known || at >= episode.from - hours(1)),
  );
}

/** A campaign whose addresses were declared one by one may have raised the alarm before the first of them was: most of it, or it is another's. */
export function heedAlarms(group: Group, { judge, suspects }: Hindsight): void {
  for (const { known, since, at, why } of judge.alarms) {
    if (at < group.from || at >= group.detectedAt) continue;
    // Pairs keep whole seconds.
    const raising = suspects.filter((one) => one.known === known && one.at >= since - PRECISION && one.at <= at);
    const own = raising.filter(({ pair }) => group.pairs.has(pair)).length;
    if (own === 0 || own < raising.length / 2) continue;
    group.detectedAt = at;
    group.findings.unshift(why);
    return;
  }
}
