/** The threats that the gate knows, by kind and subject. Bounded: when full, those told longest ago go first, since attackers tell the newest. */
import type { Millis } from "#/platform/units.ts";
import type { Change } from "./change.ts";
import { type ThreatKind, threatKinds } from "./threat.ts";

export type Threat = { readonly since: Millis; readonly until: Millis; readonly why: string };

/** A sentence; what is longer was made by somebody's names. */
const WHY_LENGTH_MAX = 300;
/** Ended ones that are taken out with each that comes in: more than one, so that they cannot pile up. */
const SWEPT = 4;

export class Threats {
  readonly #byKind = new Map<ThreatKind, Map<string, Threat>>(threatKinds.map((kind) => [kind, new Map()]));
  /**
   * For each kind, where the oldest is to be found, and where sweeping goes on. They are kept: a map that is begun at its front again and again goes
   * through all that was taken out there, every time.
   */
  readonly #oldest = new Map<ThreatKind, MapIterator<string>>();
  readonly #sweep = new Map<ThreatKind, MapIterator<string>>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  set({ threat, subject, since, until, why }: Extract<Change, { kind: "threat" }>): void {
    const known = this.#of(threat);
    known.delete(subject);
    for (let looked = 0; looked < SWEPT; looked += 1) {
      const other = next(this.#sweep, threat, known);
      if (other !== undefined && (known.get(other)?.until ?? since) <= since) known.delete(other);
    }
    while (known.size >= this.#most) {
      const oldest = next(this.#oldest, threat, known);
      if (oldest !== undefined) known.delete(oldest);
    }
    known.set(subject, { since, until, why: why.slice(0, WHY_LENGTH_MAX) });
  }

  /** What strangers are refused for at that time; undefined where nothing is. When it began does not matter: clocks differ. */
  at(kind: ThreatKind, subject: string, at: Millis): Threat | undefined {
    const found = this.#of(kind).get(subject);
    return found !== undefined && at < found.until ? found : undefined;
  }

  /** How many there are at that time. */
  count(kind: ThreatKind, at: Millis): number {
    let count = 0;
    for (const { until } of this.#of(kind).values()) if (at < until) count += 1;
    return count;
  }

  /** What was known of a subject is known of another now: they are one account. */
  rename(kind: ThreatKind, from: string, to: string): void {
    const known = this.#of(kind);
    const found = known.get(from);
    if (found === undefined) return;
    known.delete(from);
    const other = known.get(to);
    if (other === undefined || other.until < found.until) known.set(to, found);
  }

  #of(kind: ThreatKind): Map<string, Threat> {
    const known = this.#byKind.get(kind);
    if (known === undefined) throw new Error(`no such kind of threat: ${kind}`);
    return known;
  }
}

/** The next of those that were not looked at, and those at the front again after the last; undefined at the end. */
function next(
  hands: Map<ThreatKind, MapIterator<string>>,
  kind: ThreatKind,
  known: ReadonlyMap<string, Threat>,
): string | undefined {
  const hand = hands.get(kind) ?? known.keys();
  const { done, value } = hand.next();
  if (done === true) hands.delete(kind);
  else hands.set(kind, hand);
  return done === true ? undefined : value;
}
