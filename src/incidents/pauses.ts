// When a campaign was silent for days and came back: told as one campaign, with its pauses.
import type { Alarm } from "#/detectors/distributed/charts.ts";
import { PRECISION, type Pair, type Pause } from "#/familiarity/records.ts";
import { counted, days, inWords, millis, utcMinute } from "#/platform/units.ts";
import type { Group } from "./group.ts";

/** Shorter silences are not worth telling. */
const PAUSE_MIN = days(2);
const PAUSES_TOLD_MAX = 5;
/** More failures than this, and a pair was at it between the first and the last. */
const SINGLE_TRIES_MAX = 3;

/** The longest silences between any two attempts, in order. */
export function pausesOf(group: Group): Pause[] {
  const busy = [...group.pairs].filter(({ failures }) => failures > 0).flatMap(activity);
  busy.sort((left, right) => left.from - right.from);
  const pauses: Pause[] = [];
  let until = busy[0]?.to ?? millis(0);
  for (const { from, to } of busy) {
    if (from - until > PAUSE_MIN) pauses.push({ from: until, to: from });
    if (to > until) until = to;
  }
  return pauses
    .sort((left, right) => right.to - right.from - (left.to - left.from))
    .slice(0, PAUSES_TOLD_MAX)
    .sort((left, right) => left.from - right.from);
}

/** When a pair was at it, as far as is known: of a pair only the first and last failure, of a held origin its pauses too. */
function activity(pair: Pair): Pause[] {
  const first = millis(pair.firstFailure);
  const last = millis(pair.lastFailure);
  const pauses = (pair.origin.held?.pauses ?? []).filter(({ from, to }) => from >= first && to <= last + PRECISION);
  if (pauses.length === 0 && pair.failures <= SINGLE_TRIES_MAX) {
    return [
      { from: first, to: first },
      { from: last, to: last },
    ];
  }
  const starts = [first, ...pauses.map(({ to }) => to)];
  const ends = [...pauses.map(({ from }) => from), last];
  return starts.map((from, index) => ({ from, to: ends[index] ?? last }));
}

/** Says a pause, and when the running state declared what came after it, where that took an alarm of its own. */
export function explainPause({ from, to }: Pause, group: Group, alarms: readonly Alarm[]): string {
  const told = `It was silent for ${inWords(to - from)} from ${utcMinute(from)} UTC, and at it again from ${utcMinute(to)} UTC`;
  const alarm = group.distributed ? alarms.find(({ over }) => over >= to) : undefined;
  if (alarm === undefined || alarm.at <= to) return `${told}.`;
  let guesses = 0;
  for (const { failures, lastFailure } of group.pairs)
    if (failures > 0 && lastFailure >= to && lastFailure <= alarm.at) guesses += 1;
  return `${told}: declared again at ${utcMinute(alarm.at)} UTC, after ${counted(guesses, "attempt")}.`;
}
