import type { Millis } from "#/platform/units.ts";
import type { Service } from "#/signin/signin.ts";
import { type Evidence, evidence } from "#/sources/source.ts";
import { pamRefusal } from "./pam-modules.ts";

/**
 * The refusal of a PAM module as a weak witness beside the service's own lines, which share its key. Undefined where the
 * text is no refusal.
 * @param key "" where the line names no process: nothing waits for it then, but another log may still say the same better.
 * @param bare the module whose words they are where the text does not begin with one.
 */
export function pamEvidence(
  at: Millis,
  text: string,
  service: Service,
  key: string,
  bare = "pam_unix",
): Evidence | undefined {
  const refusal = pamRefusal(text.trimEnd(), bare);
  if (refusal === undefined) return undefined;
  const failure = evidence(at, "failure", refusal.account, refusal.rhost, service);
  failure.reason = refusal.reason;
  failure.count = refusal.count;
  failure.key = key;
  failure.channel = refusal.channel;
  failure.hold = true;
  return failure;
}
