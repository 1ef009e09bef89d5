/**
 * The time that passes in a log, whatever its hosts' clocks say. A central log holds hosts in other zones and hosts with
 * wrong clocks; how long a line has waited must not be read from another host's clock. So each host's time is taken
 * relative to the first line that it wrote, and a jump of its clock moves the log's time on by `jumpMax` at most.
 */
import type { Millis } from "#/platform/units.ts";

/** A host's clock that goes further at once, or back by more, was set, or nothing was written for that long. */
const jumpMax = 3_600_000;

/** Hosts told apart; with more, all are anchored anew, which costs nothing but a wait that is a little longer. */
const hostsMax = 1_024;

type Anchor = { readonly host: string; offset: number };

export class LogClock {
  /** Milliseconds that have passed since the first line. Never goes back. */
  elapsed = 0;

  #anchors = new Map<string, Anchor>();
  #last: Anchor | undefined;

  /** Takes note of a line of `host` at `at`. */
  tick(host: string, at: Millis): void {
    const last = this.#last;
    const anchor = last !== undefined && last.host === host ? last : this.#anchorOf(host, at);
    this.#last = anchor;
    const ahead = at - anchor.offset - this.elapsed;
    if (ahead > jumpMax || ahead < -jumpMax) {
      if (ahead > 0) this.elapsed += jumpMax;
      anchor.offset = at - this.elapsed;
    } else if (ahead > 0) this.elapsed += ahead;
  }

  #anchorOf(host: string, at: Millis): Anchor {
    const known = this.#anchors.get(host);
    if (known !== undefined) return known;
    if (this.#anchors.size >= hostsMax) this.#anchors = new Map();
    const anchor = { host, offset: at - this.elapsed };
    this.#anchors.set(host, anchor);
    return anchor;
  }
}
