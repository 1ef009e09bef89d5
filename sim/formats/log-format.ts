/**
 * The contract of a simulated log: what a server writes about one connection. A format knows its server's lines and
 * nothing of who attacks; the writer brings the lines of all connections into the order of their times.
 */
import type { Rng } from "../rng.ts";
import type { Simulated } from "../simulated.ts";

/** Takes a line, with the time at which the server writes it. */
export type Emit = (at: number, line: string) => void;

export type Settings = {
  /** How syslog writes times: traditional ("Nov 23 10:00:00") or ISO with microseconds. */
  readonly isoTimes: boolean;
  /** How far servers' clocks are off at most, in milliseconds; right ones where nothing is said. */
  readonly skewMax?: number;
  /** For everything about the log that is left open; not the stream's own. */
  readonly rng: Rng;
};

export type LogFormat = {
  /** What --format takes. */
  readonly id: string;
  readonly title: string;
  /** The account as this log writes it: what the labels must say. */
  readonly account: (name: string) => string;
  /** Lines before all others. */
  readonly header: readonly string[];
  /** Whether attempts of one connection at several accounts stay one connection. */
  readonly manyAccounts: boolean;
  /** Whether a success shows nothing of failures before it on its connection; clients then open another for each attempt. */
  readonly successAlone: boolean;
  /** Attempts after which the server hangs up. */
  readonly attemptsMax: number;
  /** Whether it tells the password's fingerprint. */
  readonly fingerprints?: boolean;
  readonly create: (settings: Settings) => (connection: Connection, emit: Emit) => void;
};

/** Attempts over one connection, oldest first, at least one; a success can only be the last. */
export type Connection = {
  readonly attempts: readonly Simulated[];
  readonly first: Simulated;
  readonly last: Simulated;
};

export const whole = (name: string): string => name;

/** "anna.keller" of "anna.keller@parliament.example". */
export function localPart(name: string): string {
  const end = name.indexOf("@");
  return end < 0 ? name : name.slice(0, end);
}
