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
  /** Usual successes by hour of the day (UTC); -1 where that hour was never seen. */
  readonly byHour: Float32Array;
  /** Successes of the last hours, and what would have been usual then, both fading. */
  recent: number;
  recentUsual: number;
};

export const createPlace = (network: string): Place => ({ network, accounts: 0, successes: 0, hours: undefined });

export const isShared = (place: Place): boolean => place.accounts >= SHARERS_MIN;

const HOUR = 3_600_000;
/** How much a new day counts against those before. */
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
    byHour: new Float32Array(24).fill(-1),
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
      const usual = hours.byHour[past % 24] ?? -1;
      hours.byHour[past % 24] = usual < 0 ? seen : usual + NEWEST * (seen - usual);
      hours.recent = KEPT * hours.recent + seen;
      hours.recentUsual = KEPT * hours.recentUsual + (usual < 0 ? seen : usual);
    }
  }
  hours.hour = hour;
  hours.inHour = 0;
}

/** How busy the last hours were beside what is usual at their time of day: 1 for as usual. */
export const levelOf = ({ hours }: Place): number =>
  ((hours?.recent ?? 0) + PRIOR_WORTH) / ((hours?.recentUsual ?? 0) + PRIOR_WORTH);

/** How many successes would have been usual, by hour of the day; undefined where an hour between the two was never seen. */
export function usualBetween(byHour: Float32Array | undefined, from: number, to: number): number | undefined {
  if (byHour === undefined) return undefined;
  let sum = 0;
  const first = Math.floor(from / HOUR);
  // Beyond a week one day is as good as another.
  const last = Math.min(Math.floor(to / HOUR), first + 24 * 7);
  for (let hour = first; hour <= last; hour += 1) {
    const usual = byHour[hour % 24] ?? -1;
    if (usual < 0) return undefined;
    sum += (usual * (Math.min(to, (hour + 1) * HOUR) - Math.max(from, hour * HOUR))) / HOUR;
  }
  return sum;
}
