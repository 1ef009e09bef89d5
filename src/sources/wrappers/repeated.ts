/**
 * "message repeated 5 times: [ Failed password for ... ]", as rsyslog writes it, and "last message repeated 5 times", as
 * older daemons do. Both stand where a program's own words would, written by the syslog daemon: no caller chooses how
 * the message begins.
 */

/** More repetitions than this in one line are not believed: the count would drown everything else. */
export const repeatedMax = 100_000;

const PREFIX = "message repeated ";
const OLD_PREFIX = "last message repeated ";
const MAC_PREFIX = "--- last message repeated ";

export type Repeated = { readonly times: number; readonly text: string };

/** The message within "message repeated N times: [ message ]" and N; undefined for anything else. */
export function unwrapRepeated(text: string): Repeated | undefined {
  if (!text.startsWith(PREFIX)) return undefined;
  const numberEnd = text.indexOf(" ", PREFIX.length);
  if (!text.startsWith(" times: [", numberEnd)) return undefined;
  const times = count(text.slice(PREFIX.length, numberEnd));
  if (times === 0) return undefined;
  const from = numberEnd + " times: [".length;
  const to = text.endsWith("]") ? text.length - 1 : text.length;
  return { times, text: text.slice(text.charAt(from) === " " ? from + 1 : from, to) };
}

/** How often the message before is said to have come again; 0 where the text does not say so. */
export function lastRepeated(text: string): number {
  const from = text.startsWith(OLD_PREFIX) ? OLD_PREFIX.length : text.startsWith(MAC_PREFIX) ? MAC_PREFIX.length : 0;
  if (from === 0) return 0;
  const end = text.indexOf(" ", from);
  return text.startsWith(" time", end) ? count(text.slice(from, end)) : 0;
}

function count(digits: string): number {
  return /^\d{1,9}$/.test(digits) ? Math.min(Number(digits), repeatedMax) : 0;
}
