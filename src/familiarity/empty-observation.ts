import { millis } from "#/platform/units.ts";
import type { Observation } from "./familiarity.ts";
import { createPlace } from "./places.ts";
import { Account, Familiar, Origin, Pair } from "./records.ts";

/** An observation to be filled. */
export function emptyObservation(): Observation {
  const account = new Account("");
  const origin = new Origin("", "", { opened: 0 }, createPlace(""));
  return {
    signIn: {
      at: millis(0),
      outcome: "success",
      reason: "",
      account: "",
      accountGiven: "",
      address: "",
      service: "other",
      server: "",
      client: "",
      count: 1,
      passwordFingerprint: "",
      source: "",
    },
    at: millis(0),
    account,
    origin,
    pair: new Pair(account, "", origin, Familiar.no, millis(0)),
    familiar: Familiar.no,
    firstContact: false,
    failuresBefore: 0,
    lastFailureBefore: 0,
  };
}
