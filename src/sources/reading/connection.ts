// What is known of one connection or session: what each channel has counted, what was handed on, and who waits.
import type { Evidence, Source } from "#/sources/source.ts";

/** A weak witness that waits for a better one. */
export type Held = {
  readonly evidence: Evidence;
  readonly source: Source;
  readonly connection: Connection;
  /** On the log's clock. */
  readonly due: number;
  done: boolean;
};

/** What one channel of a connection has counted. */
class Channel {
  readonly name: string;
  failures = 0;
  successes = 0;

  constructor(name: string) {
    this.name = name;
  }
}

/** Channels of one connection; a client that invents more has them counted as one. */
const CHANNELS_MAX = 64;

const none: readonly Held[] = [];

/** A million of these are made for a million lines: it holds nothing that it may not need. */
export class Connection extends Channel {
  /** The latest time at which it was spoken of. */
  last: number;
  held: readonly Held[] = none;
  #others: Channel[] | undefined;
  #handedFailures = 0;
  #handedSuccesses = 0;

  /** @param channel the first one, which most connections have alone. */
  constructor(last: number, channel: string) {
    super(channel);
    this.last = last;
  }

  /** Adds to the channel's sum. How many attempts that is more than has been handed on; they count as handed on now. */
  count({ outcome, count, channel: name }: Evidence): number {
    const channel = this.#channel(name);
    if (outcome === "success") {
      channel.successes += count;
      const more = channel.successes - this.#handedSuccesses;
      if (more > 0) this.#handedSuccesses = channel.successes;
      return more;
    }
    channel.failures += count;
    const more = channel.failures - this.#handedFailures;
    if (more > 0) this.#handedFailures = channel.failures;
    return more;
  }

  /** Whether this would be more than has been handed on. */
  isNews({ outcome, count, channel }: Evidence): boolean {
    const { failures, successes } = this.#channel(channel);
    return outcome === "success" ? successes + count > this.#handedSuccesses : failures + count > this.#handedFailures;
  }

  hold(held: Held): void {
    this.held = this.held.length === 0 ? [held] : [...this.held, held];
  }

  letGo(held: Held): void {
    if (this.held.length === 0) return;
    const rest = this.held.filter((one) => one !== held && !one.done);
    this.held = rest.length === 0 ? none : rest;
  }

  /** Everything that waits; nothing does afterwards. */
  takeHeld(): readonly Held[] {
    const { held } = this;
    this.held = none;
    return held;
  }

  /** A success: what failed in the same attempt (another passdb, a key that was not accepted) was no attempt of its own. */
  takeBack(success: Evidence, within: number): void {
    for (const held of this.held) {
      if (held.evidence.outcome === "failure" && success.at - held.evidence.at <= within) held.done = true;
    }
    this.held = this.held.filter(({ done }) => !done);
  }

  #channel(name: string): Channel {
    if (this.name === name) return this;
    const others = (this.#others ??= []);
    for (const channel of others) if (channel.name === name) return channel;
    if (others.length >= CHANNELS_MAX) return this;
    const channel = new Channel(name);
    others.push(channel);
    return channel;
  }
}
