/** A gate for tests, with short ways to say what it is told and asked. All on invented names and documentation addresses. */
import { areaOf, networkKey } from "#/familiarity/networks.ts";
import type { Attempt } from "#/gate/attempt.ts";
import { Gate } from "#/gate/gate.ts";
import type { Decision, PostureEntry } from "#/gate/posture.ts";
import { type Settings, defaults } from "#/gate/settings.ts";
import type { ThreatKind } from "#/gate/threat.ts";
import { type Millis, days, hours, later, seconds } from "#/platform/units.ts";
import { at } from "./signins.ts";

/** Monday, noon. */
export const NOON: Millis = at(0, 12);
export const STRANGE = "203.0.113.9";
export const HOME = "192.0.2.7";
/** In the same /16 as HOME. */
export const NEAR = "192.0.77.7";

/** A gate that enforces, unless told otherwise, and knows anna at HOME. */
export function gateOf(settings: Partial<Settings> = {}, ...log: readonly PostureEntry[]): Gate {
  const gate = new Gate({ ...defaults, ...settings }, { accountsMax: 1_000, familiarFor: days(90) });
  familiar(gate, "anna", HOME);
  gate.setPosture([entry({ kind: "enforce" }), ...log]);
  gate.setReady();
  return gate;
}

/** @param first where it is not the last time, too */
export function familiar(
  gate: Gate,
  account: string,
  address: string,
  when: Millis = NOON,
  first: Millis = when,
): void {
  const [network, area] = [networkKey(address), areaOf(address)];
  gate.apply({ kind: "familiar", account, network, area, client: "", first, at: when });
}

export function threaten(gate: Gate, threat: ThreatKind, subject: string, until: Millis = later(NOON, hours(4))): void {
  gate.apply({ kind: "threat", threat, subject, since: later(NOON, seconds(1)), until, why: `because of ${threat}` });
}

export function attempt(account: string, address: string, more: Partial<Attempt> = {}): Attempt {
  return {
    at: NOON,
    account,
    accountGiven: account,
    address,
    service: "imap",
    server: "mx1",
    client: "",
    passwordFingerprint: "",
    ...more,
  };
}

export function entry(change: Decision, more: Partial<PostureEntry> = {}): PostureEntry {
  return { at: NOON, author: "jo", reason: "a drill", until: undefined, change, ...more };
}

export const posture = (
  kind: "open" | "guarded" | "on-site" | "closed",
  accounts = "",
  service: Attempt["service"] | "" = "",
): Decision => ({ kind: "posture", posture: kind, scope: { accounts, service } });
