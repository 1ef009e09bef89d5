// Units live in types: a bare number is never a time.

/** Milliseconds since the Unix epoch, UTC. */
export type Millis = number & { readonly brand: "ms since epoch" };

/** A length of time in milliseconds. */
export type Duration = number & { readonly brand: "ms" };

/** Takes a number that is known to be milliseconds since the epoch. */
export const millis = (value: number): Millis => value as Millis;

const duration = (value: number): Duration => value as Duration;

export const seconds = (count: number): Duration => duration(count * 1_000);
export const minutes = (count: number): Duration => duration(count * 60_000);
export const hours = (count: number): Duration => duration(count * 3_600_000);
export const days = (count: number): Duration => duration(count * 86_400_000);

export const later = (at: Millis, by: Duration): Millis => millis(at + by);
