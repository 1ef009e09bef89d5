/**
 * The contract of a detector: a pure step. It is handed its own state, one observation and its settings, changes
 * nothing but that state and its own marks on the records (suspicion, evidence, weight, held), and says what it found. No clock (the sign-ins' own time is the time), no I/O, no randomness.
 * Scan, watch and simulation run the same steps.
 */
import type { Observation } from "#/familiarity/familiarity.ts";
import type { Account, Origin, Pair } from "#/familiarity/records.ts";
import type { Millis } from "#/platform/units.ts";
import type { Spell } from "./shared-network/spell.ts";

/** What a detector has to say. Findings that are one thing are grouped into campaigns and faults by incidents/. */
export type Found =
  | { readonly kind: "attacking-origin"; readonly at: Millis; readonly origin: Origin; readonly why: string }
  | { readonly kind: "attacked-account"; readonly at: Millis; readonly account: Account; readonly why: string }
  | { readonly kind: "distributed-attack"; readonly at: Millis; readonly since: Millis; readonly why: string }
  | { readonly kind: "distributed-attack-over"; readonly at: Millis }
  | {
      readonly kind: "fault";
      readonly at: Millis;
      readonly since: Millis;
      /** Whether accounts are stuck, a few more at a time, rather than out all at once. */
      readonly isStuck: boolean;
      readonly why: string;
    }
  | { readonly kind: "fault-over"; readonly at: Millis }
  | { readonly kind: "shared-network"; readonly at: Millis; readonly spell: Spell; readonly why: string }
  | { readonly kind: "second-factor-fatigue"; readonly at: Millis; readonly account: Account; readonly why: string }
  | {
      readonly kind: "decoy";
      readonly at: Millis;
      readonly origin: Origin;
      readonly account: Account;
      readonly why: string;
    }
  | {
      readonly kind: "hot-password";
      readonly at: Millis;
      /** Its keyed fingerprint: compared, and never shown. */
      readonly fingerprint: string;
      readonly accounts: number;
      readonly why: string;
    }
  | { readonly kind: "old-password"; readonly at: Millis; readonly pair: Pair; readonly why: string };

export type Detector<State, Settings> = {
  /** The name of its folder. */
  readonly name: string;
  readonly defaults: Settings;
  readonly start: (settings: Settings) => State;
  /** Takes in one sign-in. `found` is called at most a few times. */
  readonly step: (state: State, seen: Observation, settings: Settings, found: (what: Found) => void) => void;
};
