/** Syslog headers as rsyslog writes them into files, in UTC. */
import { monthNames } from "#/sources/local-time.ts";

/** Writes headers: `stamp(at) + host + " " + program[pid]: message`. Remembers the last second, since most repeat it. */
export function stamper(isoTimes: boolean): (at: number) => string {
  let second = Number.NaN;
  let text = "";
  return (at) => {
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
