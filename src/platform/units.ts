// Units live in types: a bare number is never a time.

/** Milliseconds since the Unix epoch, UTC. */
export type Millis = number & { readonly brand: "ms since epoch" };

/** A length of time in milliseconds. */
export type Duration = number & { readonly brand: "ms" };

/** Takes a number that is known to be milliseconds since the epoch. */
export const millis = (value: number): Millis => value as Millis;

/** Takes a number that is known to be a length in milliseconds. */
export const duration = (value: number): Duration => value as Duration;

export const seconds = (count: number): Duration => duration(count * 1_000);
export const minutes = (count: number): Duration => duration(count * 60_000);
export const hours = (count: number): Duration => duration(count * 3_600_000);
export const days = (count: number): Duration => duration(count * 86_400_000);

/** Twice as long, and no longer than that: for pauses between attempts. */
export const doubled = (length: Duration, most: Duration): Duration => duration(Math.min(most, length * 2));

export const later = (at: Millis, by: Duration): Millis => millis(at + by);

/** A length of time as people say it: "40 s", "12 min", "5 h", "3 days". Milliseconds in. */
export function inWords(length: number): string {
  if (length < 100_000) return `${Math.max(1, Math.round(length / 1_000))} s`;
  if (length < 100 * 60_000) return `${Math.round(length / 60_000)} min`;
  if (length < 48 * 3_600_000) return `${Math.round(length / 3_600_000)} h`;
  return `${Math.round(length / 86_400_000)} days`;
}

/** "1 account", "12 accounts", "1 address", "3 addresses". */
export function counted(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  return `${count.toLocaleString("en-US")} ${noun}${noun.endsWith("s") ? "es" : "s"}`;
}

/** "2026-11-21 03:12", in UTC. */
export const utcMinute = (at: number): string => new Date(at).toISOString().slice(0, 16).replace("T", " ");
