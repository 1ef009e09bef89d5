/**
 * Episodes: the stretches of time in which strangers failed far more often than usual, found with hindsight over the
 * suspects. What is usual is taken from the log's own calm days, within bounds, so that an attack that fills the whole log does
 * not pass for the usual.
 */
import { createCusum, passTime, stepCusum } from "#/detectors/toolbox/cusum.ts";
import type { Settings } from "#/detectors/distributed/distributed.ts";
import { days } from "#/platform/units.ts";
import type { Suspect } from "./suspects.ts";

/** The log's own extent, ms. */
export type Span = { readonly first: number; readonly last: number };

export type Episode = {
  from: number;
  to: number;
  /** Suspects a day that are usual here. */
  readonly usualPerDay: number;
  /** Whether it is about names that exist. */
  readonly known: boolean;
};

const DAY = days(1);

/** What bounds the usual: never below `least` a day, never above `most`; and what comes on top of it at a given time. */
type Bounds = { readonly least: number; readonly most: number; readonly extra: (at: number) => number };

export function findEpisodes(
  suspects: readonly Suspect[],
  known: boolean,
  bounds: Bounds,
  span: Span,
  settings: Settings,
): Episode[] {
  const chosen = suspects.filter(
    (suspect) => suspect.known === known && suspect.pair.origin.accountsFailed <= settings.accountsPerOriginMax,
  );
  if (chosen.length === 0) return [];
  const usualPerDay = Math.min(bounds.most, Math.max(bounds.least, calmPerDay(chosen, known, span)));
  const dispersion = known ? settings.dispersion : settings.backgroundDispersion;
  const found: Episode[] = [];
  for (const shiftPerDay of settings.shiftsPerDay) {
    // A shift that is small beside the usual is no attack that could be told from it.
    const shift = Math.max(shiftPerDay, known ? 0 : usualPerDay) / DAY;
    const cusum = createCusum();
    let open: Episode | undefined;
    for (const { at, weight } of chosen) {
      // What has ended by the time that the next one comes has ended, however much that one weighs.
      passTime(cusum, at, shift, dispersion);
      if (open !== undefined && cusum.sum < settings.declareAt / 4) open = undefined;
      stepCusum(cusum, at, weight, (usualPerDay + bounds.extra(at)) / DAY, shift, dispersion);
      cusum.sum = Math.min(cusum.sum, settings.declareAt * 1.5);
      if (open === undefined && cusum.sum >= settings.declareAt) {
        open = { from: cusum.since, to: at, usualPerDay, known };
        found.push(open);
      } else if (open !== undefined) open.to = at;
    }
  }
  return mergeEpisodes(found);
}

/** The lower quartile of the daily numbers: three days of four may be under attack. 0 where there are too few days to say. */
export function calmPerDay(suspects: readonly Suspect[], known: boolean, span: Span): number {
  const chosen = suspects.filter((suspect) => suspect.known === known);
  const first = Math.floor(span.first / DAY);
  const last = Math.floor(span.last / DAY);
  if (last - first < 2) return 0;
  const perDay = new Map<number, number>();
  for (const { at, weight } of chosen)
    perDay.set(Math.floor(at / DAY), (perDay.get(Math.floor(at / DAY)) ?? 0) + weight);
  // The first and last days are cut short.
  const counts = Array.from({ length: last - first - 1 }, (_, index) => perDay.get(first + 1 + index) ?? 0);
  counts.sort((left, right) => left - right);
  return counts[Math.floor(counts.length / 4)] ?? 0;
}

/** Overlapping ones, and those less than a day apart, are one. */
export function mergeEpisodes(episodes: readonly Episode[]): Episode[] {
  const merged: Episode[] = [];
  for (const episode of [...episodes].sort((left, right) => left.from - right.from)) {
    const last = merged.at(-1);
    if (last !== undefined && episode.from <= last.to + DAY) last.to = Math.max(last.to, episode.to);
    else merged.push({ ...episode });
  }
  return merged;
}
