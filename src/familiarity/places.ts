// What a network (IPv4 /24, IPv6 /48) is to this site: how many accounts sign in from it, and how much at which hour.

/** A network from which this many accounts sign in is shared: an office, a proxy, a telephone company's gateway. */
const SHARERS_MIN = 5;

export type Place = {
  readonly network: string;
  /** Accounts for which it is familiar. */
  accounts: number;
  successes: number;
  /** Kept once it is shared: most networks never are. */
  hours: Hours | undefined;
};

type Hours = {
  /** The hour that is being counted, in hours since the epoch, and its successes. */
  hour: number;
  inHour: number;
  /** Usual successes by hour of the week (UTC, from Thursday as the epoch); -1 where that hour was never seen. */
  readonly byHour: Float32Array;
  /** Successes of the last hours, and what would have been usual then, both fading. */
  recent: number;
  recentUsual: number;
};

export const createPlace = (network: string): Place => ({ network, accounts: 0, successes: 0, hours: undefined });

export const isShared = (place: Place): boolean => place.accounts >= SHARERS_MIN;

const HOUR = 3_600_000;
const HOURS_A_WEEK = 24 * 7;
/** How much a new week counts against those before. */
const NEWEST = 0.3;
/** The last few hours say whether today is busier or calmer than usual. */
const KEPT = 0.7;
/** Successes that the usual is worth against those of the last hours. */
const PRIOR_WORTH = 3;

/** Counts a success. Out of order by a little is no harm. */
export function countSuccess(place: Place, at: number, count: number): void {
  place.successes += count;
  if (!isShared(place)) return;
  const hour = Math.floor(at / HOUR);
  const hours = (place.hours ??= {
    hour: 0,
    inHour: 0,
    byHour: new Float32Array(HOURS_A_WEEK).fill(-1),
    recent: 0,
    recentUsual: 0,
  });
  if (hour > hours.hour) passHours(hours, hour);
  hours.inHour += count;
}

/** Files the hour that is over, and the empty ones since, of which a day's worth tells all. */
function passHours(hours: Hours, hour: number): void {
  if (hours.hour > 0) {
    for (let past = hours.hour; past < Math.min(hour, hours.hour + 24); past += 1) {
      const seen = past === hours.hour ? hours.inHour : 0;
      const usual = usualAt(hours.byHour, past);
      const own = hours.byHour[past % HOURS_A_WEEK] ?? -1;
      hours.byHour[past % HOURS_A_WEEK] = own < 0 ? seen : own + NEWEST * (seen - own);
      hours.recent = KEPT * hours.recent + seen;
      hours.recentUsual = KEPT * hours.recentUsual + (usual ?? seen);
    }
  }
  hours.hour = hour;
  hours.inHour = 0;
}

/**
 * What is usual in an hour: as at that hour of the same weekday; where that was never seen, as on other days of its kind (a working
 * day, or a weekend's), or else on any other. A Monday is no spike beside a Sunday, and a Sunday no outage after a Friday.
 */
function usualAt(byHour: Float32Array, hour: number): number | undefined {
  const own = byHour[hour % HOURS_A_WEEK] ?? -1;
  if (own >= 0) return own;
  const atWeekend = isAtWeekend(hour);
  const alike = { sum: 0, count: 0 };
  const others = { sum: 0, count: 0 };
  for (let other = hour % 24; other < HOURS_A_WEEK; other += 24) {
    const usual = byHour[other] ?? -1;
    if (usual < 0) continue;
    const into = isAtWeekend(other) === atWeekend ? alike : others;
    into.sum += usual;
    into.count += 1;
  }
  const { sum, count } = alike.count > 0 ? alike : others;
  return count === 0 ? undefined : sum / count;
}

/** Saturday or Sunday, in hours since the epoch, which was a Thursday. */
const isAtWeekend = (hour: number): boolean => [2, 3].includes(Math.floor(hour / 24) % 7);

/** How busy the last hours were beside what is usual at their time of day: 1 for as usual. */
export const levelOf = ({ hours }: Place): number =>
  ((hours?.recent ?? 0) + PRIOR_WORTH) / ((hours?.recentUsual ?? 0) + PRIOR_WORTH);

/** How many successes would have been usual; undefined where the time of day of an hour between the two was never seen. */
export function usualBetween(byHour: Float32Array | undefined, from: number, to: number): number | undefined {
  if (byHour === undefined) return undefined;
  let sum = 0;
  const first = Math.floor(from / HOUR);
  // Beyond a week one day is as good as another.
  const last = Math.min(Math.floor(to / HOUR), first + 24 * 7);
  for (let hour = first; hour <= last; hour += 1) {
    const usual = usualAt(byHour, hour);
    if (usual === undefined) return undefined;
    sum += (usual * (Math.min(to, (hour + 1) * HOUR) - Math.max(from, hour * HOUR))) / HOUR;
  }
  return sum;
}
