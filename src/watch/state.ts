/**
 * All that follows from the sign-ins that were kept, in their order, and from nothing else: what a snapshot holds. Beside it the watch has what
 * waits, and what was told to whom. `kindsIn` names every class in it, by a name that stays.
 */
import { Distinct } from "#/familiarity/distinct.ts";
import { emptyObservation } from "#/familiarity/empty-observation.ts";
import { Account, Familiar, Origin, Pair, Pairs, noClients, noPairs } from "#/familiarity/records.ts";
import { OwnDomain, Spellings } from "#/familiarity/spellings.ts";
import { Daily } from "#/incidents/daily.ts";
import { FaultBook } from "#/incidents/faults.ts";
import { Judge } from "#/incidents/judge.ts";
import type { JudgeSettings } from "#/incidents/settings.ts";
import { Tally } from "#/incidents/timeline.ts";
import { Kinds } from "#/platform/snapshot/kinds.ts";
import { readSnapshot } from "#/platform/snapshot/read.ts";
import { writeSnapshot } from "#/platform/snapshot/write.ts";
import { millis } from "#/platform/units.ts";
import { AlreadyTold } from "./already-told.ts";
import { FoundThreats } from "./found.ts";
import type { Settings } from "./settings.ts";
import { type Threat, Threats } from "./threats.ts";

export type State = {
  readonly judge: Judge;
  readonly alreadyTold: AlreadyTold;
  readonly threats: Threats;
  readonly found: FoundThreats;
  /** Sign-ins so far, and those of them that the gate and a log had both told. */
  readonly counts: { judged: number; toldAgain: number };
};

export type StateSettings = { readonly judge: JudgeSettings; readonly watch: Settings };

/** @param changed is told of every threat that changes. */
export function createState(settings: StateSettings, changed: (threat: Threat) => void): State {
  const judge = new Judge(settings.judge);
  const threats = new Threats(settings.watch.threatsMax, changed);
  return {
    judge,
    threats,
    alreadyTold: new AlreadyTold(),
    found: new FoundThreats(judge, threats, settings.watch),
    counts: { judged: 0, toldAgain: 0 },
  };
}

/** The state in bytes; nothing may be judged meanwhile. */
export const stateBytes = (state: State): Uint8Array => Buffer.concat([...writeSnapshot(state, kindsIn(state))]);

/** The state that these bytes were; undefined where they are damaged, or were written by a program that kept something else. */
export function stateFrom(
  bytes: Uint8Array,
  settings: StateSettings,
  changed: (threat: Threat) => void,
): State | undefined {
  const fresh = createState(settings, changed);
  const restored = readSnapshot(bytes, kindsIn(fresh));
  if (restored.kind !== "whole") return undefined;
  // All but the counts is the fresh state itself, filled.
  const { counts } = restored.root as State;
  return { ...fresh, counts };
}

/** @param fresh has those of which there is one: what they were given (settings, functions) they keep. */
export function kindsIn(fresh: State): Kinds {
  const { account, origin, pair } = emptyObservation();
  const kinds = [
    { name: "judge", create: () => fresh.judge, apart: ["settings", "tell", "onFound"] },
    { name: "familiarity", create: () => fresh.judge.familiarity, apart: ["settings", "trust"] },
    { name: "threats", create: () => fresh.threats, apart: ["max", "changed"] },
    { name: "found-threats", create: () => fresh.found, apart: ["settings"] },
    { name: "already-told", create: () => fresh.alreadyTold },
    { name: "account", create: () => new Account("") },
    { name: "origin", create: () => new Origin("", "", origin.neighbourhood, origin.place) },
    { name: "pair", create: () => new Pair(account, "", origin, Familiar.no, millis(0)) },
    { name: "pairs", create: () => new Pairs() },
    { name: "spellings", create: () => new Spellings(new Map([["", pair.account]])), apart: ["onNamed"] },
    { name: "own-domain", create: () => new OwnDomain() },
    { name: "distinct", create: () => new Distinct() },
    { name: "fault-book", create: () => new FaultBook(), apart: ["isChanged"] },
    { name: "tally", create: () => new Tally() },
    { name: "daily", create: () => new Daily() },
  ];
  return new Kinds(kinds, [noClients, noPairs]);
}
