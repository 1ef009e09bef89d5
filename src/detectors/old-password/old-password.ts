/**
 * A device that goes on with an old password: a phone, a scanner, a forgotten computer. No attack, but somebody to call, and the
 * commonest false alarm of tools that count failures.
 *
 * It looks for one existing account (in the own networks, any) that fails over and over from one address, at a device's pace. What it cannot see: a device that changes
 * its address at every try. What could be mistaken for it: somebody who guesses patiently at one account from one address, which is why
 * it is told among the findings.
 */
import type { Detector } from "#/detectors/detector.ts";
import { MACHINES_NAMES_MAX, burstOf, exists } from "#/familiarity/records.ts";
import type { Units } from "#/platform/settings.ts";
import { isPrivate } from "#/signin/address.ts";
import { type Duration, counted, inWords, seconds } from "#/platform/units.ts";

export type Settings = {
  /** Failures in a row, on one account from one address, at which to speak up. No person tries so often. */
  readonly failures: number;
  /** Slower than this on average is a device's pace. */
  readonly gap: Duration;
};

export const defaults: Settings = { failures: 20, gap: seconds(20) };

export const units: Units<Settings> = { failures: "count", gap: "duration" };

export type State = { told: number };

export const oldPassword: Detector<State, Settings> = {
  name: "old-password",
  defaults,
  start: () => ({ told: 0 }),
  step(state, seen, settings, found) {
    const { signIn, pair, at } = seen;
    if (signIn.outcome === "success" || signIn.reason === "fault" || signIn.reason === "second-factor") return;
    // Once in a row of failures: at the one that reaches the number.
    if (pair.failuresSinceSuccess < settings.failures || seen.failuresBefore >= settings.failures) return;
    const span = at - pair.firstFailure;
    // In the institution's own networks it may be a machine that never got in, such as a probe.
    const isMachine = pair.origin.pairs.size <= MACHINES_NAMES_MAX && isPrivate(pair.origin.address);
    const isKnown = exists(pair.account) || isMachine;
    if (!isKnown || burstOf(pair) > settings.failures / 2 || span < (pair.failures - 1) * settings.gap) return;
    state.told += 1;
    const why = `failed ${counted(pair.failures, "time")} from ${pair.origin.address || "an unknown address"} within ${inWords(span)}, at a device's pace: an old password on a device, most likely`;
    found({ kind: "old-password", at, pair, why });
  },
};
