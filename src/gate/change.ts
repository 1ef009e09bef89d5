/**
 * What detection tells the gate. The gate keeps it in memory and answers from there, so that no answer waits for a detector, a disk or another
 * machine; the watch sends changes as it learns, in order. Any number of gates can be kept current by the same changes.
 */
import type { Millis } from "#/platform/units.ts";
import type { ThreatKind } from "./threat.ts";

export type Change =
  /**
   * A success that taught: from now on this network is familiar to the account. Networks as in familiarity/networks.ts. Told again for later
   * successes from there, though not for each (once a day is enough): the gate, too, forgets what was not used for `familiarity.familiarFor`.
   */
  | {
      readonly kind: "familiar";
      readonly account: string;
      readonly network: string;
      readonly area: string;
      readonly client: string;
      /** When it first signed in from there, and when last. */
      readonly first: Millis;
      readonly at: Millis;
    }
  /** The same account, written otherwise. */
  | { readonly kind: "spelling"; readonly account: string; readonly written: string }
  /** Something that strangers are refused for, until it ends. A later one of the same kind and subject replaces it. */
  | {
      readonly kind: "threat";
      readonly threat: ThreatKind;
      /** An address, an account, a fingerprint, or "" for all of the site. */
      readonly subject: string;
      /**
       * When it began. Of a fallen account: when it fell. What became familiar to it from then on may be the thief's own network, and is not
       * familiar while this lasts.
       */
      readonly since: Millis;
      readonly until: Millis;
      readonly why: string;
    };
