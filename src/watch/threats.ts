/**
 * What strangers are refused for, as it follows from what detection found: when it began, and when it ends unless it goes on. Whoever keeps on
 * renews it; whoever stops is forgotten by itself.
 */
import type { Change } from "#/gate/change.ts";
import { type ThreatKind, threatKinds } from "#/gate/threat.ts";
import { type Duration, type Millis, hours, later } from "#/platform/units.ts";

export type Threat = Extract<Change, { kind: "threat" }>;

/** A threat is told again when its end has moved by this much: not for every guess. */
const RENEW = hours(1);

export class Threats {
  private readonly max: number;
  private readonly changed: (change: Threat) => void;
  private readonly all = new Map<ThreatKind, Map<string, Threat>>(threatKinds.map((kind) => [kind, new Map()]));

  constructor(max: number, changed: (change: Threat) => void) {
    this.max = max;
    this.changed = changed;
  }

  /** Found, or found again: it holds until so long after this. */
  found(threat: ThreatKind, subject: string, at: Millis, lasts: Duration, why: string): void {
    const known = this.#of(threat).get(subject);
    const isRunning = known !== undefined && known.until > at;
    const until = later(at, lasts);
    if (isRunning && until - known.until < RENEW) return;
    this.#set({ kind: "threat", threat, subject, since: isRunning ? known.since : at, until, why });
  }

  /** It goes on, if it is one. */
  goesOn(threat: ThreatKind, subject: string, at: Millis, lasts: Duration): void {
    const known = this.#of(threat).get(subject);
    if (known === undefined || known.until <= at || later(at, lasts) - known.until < RENEW) return;
    this.#set({ ...known, until: later(at, lasts) });
  }

  /** Those that hold then or later. */
  *running(at: Millis): Generator<Threat> {
    for (const threats of this.all.values()) for (const threat of threats.values()) if (threat.until > at) yield threat;
  }

  #set(threat: Threat): void {
    const threats = this.#of(threat.threat);
    threats.delete(threat.subject);
    threats.set(threat.subject, threat);
    if (threats.size > this.max) this.#drop(threats);
    this.changed(threat);
  }

  /** Half of them go, those that end first: one at a time would be looked for over and over. */
  #drop(threats: Map<string, Threat>): void {
    const kept = [...threats.values()].toSorted((one, other) => other.until - one.until).slice(0, this.max / 2);
    threats.clear();
    for (const threat of kept) threats.set(threat.subject, threat);
  }

  #of(kind: ThreatKind): Map<string, Threat> {
    return this.all.get(kind) ?? new Map<string, Threat>();
  }
}
