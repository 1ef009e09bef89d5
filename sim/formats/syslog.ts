/** Syslog headers as rsyslog writes them into files, in UTC. */
import { monthNames } from "#/sources/local-time.ts";
import { hashText } from "../rng.ts";
import type { Settings } from "./log-format.ts";

/**
 * Writes headers: `stamp(at, host) + " " + host + " " + program[pid]: message`. Remembers the last second, since most repeat
 * it. The line keeps its place though the host's clock be wrong.
 */
export function stamper({ isoTimes, skewMax = 0 }: Settings): (at: number, host: string) => string {
  let second = Number.NaN;
  let text = "";
  return (trueAt, host) => {
    const at = trueAt + skewOf(host, skewMax);
    const now = Math.floor(at / 1000);
    if (now !== second) {
      second = now;
      const date = new Date(now * 1000);
      const clock = date.toISOString();
      text = isoTimes
        ? clock.slice(0, 19)
        : `${monthNames[date.getUTCMonth()] ?? ""} ${String(date.getUTCDate()).padStart(2)} ${clock.slice(11, 19)}`;
    }
    return isoTimes ? `${text}.${String(Math.floor(at) % 1000).padStart(3, "0")}000+00:00` : text;
  };
}

/** How far a host's clock is off: the same all the time, some before and some behind. */
const skewOf = (host: string, most: number): number =>
  most === 0 ? 0 : Math.round((hashText(host) / 0x8000_0000 - 1) * most);
