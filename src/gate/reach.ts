/** Whom a change would hit, in numbers, before it is made: from what the gate knows of who signs in from where. */
import { type Millis, days, millis } from "#/platform/units.ts";
import type { Gate } from "./gate.ts";
import { type Decision, stanceOf } from "./posture.ts";
import { overlap, rangesOf } from "./ranges.ts";

export type Reach = {
  /** Accounts that it is for, of those that the gate knows. */
  readonly accounts: number;
  /** Of them, those that signed in within the last seven days. */
  readonly active: number;
  /** Of the active, those that meet a refusal if they go on as in these seven days. */
  readonly hit: number;
  /** The first of those, by name. */
  readonly names: readonly string[];
  readonly breakGlass: number;
};

const LOOKED_BACK = days(7);
const NAMED_MAX = 5;

/** Undefined for what hits nobody: a milder posture, enforce (whose reach is in the verdicts), undo. */
export function reachOf(gate: Gate, decision: Decision, now: Millis): Reach | undefined {
  if (decision.kind === "block") {
    return count(
      gate,
      now,
      () => true,
      (network) => network.includes("/") && overlap(network, decision.network),
    );
  }
  if (decision.kind !== "posture" || decision.posture === "open") return undefined;
  const entry = { at: now, author: "", reason: "", until: undefined, change: decision };
  const rule = stanceOf([entry], gate.settings.groups).rules[0];
  const isFor = (account: string): boolean =>
    decision.scope.accounts === "" || (rule !== undefined && gate.familiar.spellingsOf(account).some(rule.matches));
  const since = millis(now - LOOKED_BACK);
  const sites = rangesOf(gate.settings.siteNetworks, "gate.siteNetworks");
  switch (decision.posture) {
    case "closed":
      return count(gate, now, isFor, () => true);
    case "on-site":
      return count(gate, now, isFor, (network) => sites.find(network.slice(0, network.indexOf("/"))) === undefined);
    case "guarded":
      return count(gate, now, isFor, (_network, first) => first >= since);
    default:
      return decision.posture satisfies never;
  }
}

function count(
  gate: Gate,
  now: Millis,
  isFor: (account: string) => boolean,
  isHit: (network: string, first: Millis) => boolean,
): Reach {
  const since = millis(now - LOOKED_BACK);
  const hit: string[] = [];
  let [accounts, active, hits] = [0, 0, 0];
  let current = { account: "", isActive: false, isHit: false };
  const close = (): void => {
    if (current.account === "") return;
    accounts += 1;
    if (!current.isActive) return;
    active += 1;
    if (!current.isHit) return;
    hits += 1;
    if (hit.length < NAMED_MAX) hit.push(current.account);
  };
  // One account's networks come together.
  gate.familiar.visit((account, network, first, last) => {
    if (!isFor(account)) return;
    if (account !== current.account) {
      close();
      current = { account, isActive: false, isHit: false };
    }
    if (last < since) return;
    current.isActive = true;
    current.isHit ||= isHit(network, first);
  });
  close();
  return { accounts, active, hit: hits, names: hit, breakGlass: gate.settings.breakGlass.length };
}
