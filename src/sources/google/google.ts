/**
 * Google Workspace's log of sign-ins: successes and failures, challenges that were not met after the password was right,
 * and mail programs and scripts that Google turned away although it was; and sign-ins at the institution's Chromebooks.
 * Sign-ins to other applications through Google (SAML) count where they succeed; where they fail, the application is set
 * up wrongly and nobody's password is.
 *
 * Google gathers the tries of one visit into one activity and lists what was asked for: a failure after three passwords
 * counts three. It does not write of accounts that do not exist, nor which program the client was.
 */
import { isAddress } from "#/sources/address-text.ts";
import { exportTime } from "#/sources/export-time.ts";
import {
  type Context,
  type JsonObject,
  type Reading,
  type Source,
  evidence,
  foreign,
  ignored,
  malformed,
} from "#/sources/source.ts";
import type { Reason } from "#/signin/signin.ts";
import { consoleTime } from "./console-time.ts";
import { readChromebook } from "./chromebook.ts";
import { exportedActivity } from "./exporters.ts";
import { type GoogleActivity, type GoogleEvent, googleActivity } from "./record.ts";

export const google: Source = {
  id: "google",
  title: "Google Workspace login activity",
  programs: [],
  object: readObject,
};

function readObject(value: JsonObject, context: Context): Reading {
  const activity = googleActivity(value) ?? exportedActivity(value);
  if (activity === undefined) return foreign;
  if (activity.application === "chrome") return readChromebook(activity, context);
  const verdict = verdictOf(activity);
  if (verdict === undefined) return ignored;
  const { time, address } = activity;
  const account = verdict.account ?? activity.account;
  const at = exportTime(time, context.time, "utc") ?? consoleTime(time, context.time);
  if (at === undefined) return malformed("no readable time");
  if (address !== "" && !isAddress(address)) return malformed("no readable address");
  const found = evidence(at, verdict.reason === "" ? "success" : "failure", account, address, "sso");
  found.reason = verdict.reason;
  found.count = verdict.count;
  if (verdict.reason !== "" && account !== "") {
    // The challenge that was not met and the sign-in that so failed may be two activities.
    found.key = `google:${account.slice(0, ACCOUNT_LENGTH_MAX)}:${address}`;
    found.channel = verdict.isChallenge ? "challenge" : "login";
    found.hold = verdict.isChallenge;
  }
  return found;
}

const ACCOUNT_LENGTH_MAX = 256;

type Verdict = {
  readonly reason: Reason | "";
  readonly count: number;
  readonly isChallenge: boolean;
  /** Whose sign-in it was where that is not who acted. */
  readonly account?: string;
};

const success: Verdict = { reason: "", count: 1, isChallenge: false };
const unmet: Verdict = { reason: "second-factor", count: 1, isChallenge: true };

/** What all the events of one activity come to; undefined where none is the end of a sign-in. */
function verdictOf({ application, events }: GoogleActivity): Verdict | undefined {
  if (application === "saml") return events.some(({ name }) => name === "login_success") ? success : undefined;
  if (application !== "login") return undefined;
  if (events.some(({ name }) => name === "login_success")) return success;
  const failure = events.find(({ name }) => name === "login_failure");
  if (failure !== undefined) return failureOf(failure);
  return events.some(isUnmetChallenge) ? unmet : turnedAway(events);
}

/**
 * Programs that are no browser have their sign-ins logged only where Google finds them suspicious and blocks them. A
 * browser's suspicious sign-in has an activity of its own beside the warning.
 */
function turnedAway(events: readonly GoogleEvent[]): Verdict | undefined {
  const warning = events.find(
    ({ name }) => name === "suspicious_login_less_secure_app" || name === "suspicious_programmatic_login",
  );
  const account = warning?.parameters.get("affected_email_address")?.[0];
  if (warning === undefined) return undefined;
  return { reason: "policy", count: 1, isChallenge: false, ...(account === undefined ? {} : { account }) };
}

function failureOf({ parameters }: GoogleEvent): Verdict {
  const type = parameters.get("login_failure_type")?.[0] ?? "";
  const known = failureTypes.find(([part]) => type.toLowerCase().includes(part))?.[1];
  if (known !== undefined) return { reason: known, count: 1, isChallenge: false };
  const methods = (parameters.get("login_challenge_method") ?? []).map((method) => method.trim().toLowerCase());
  const passwords = methods.filter((method) => method === "password").length;
  const last = methods.at(-1) ?? "";
  // What stands after a password was asked for because the password was right.
  if (passwords > 0 && last !== "password") return { ...unmet, isChallenge: false };
  return { reason: "bad-password", count: Math.max(1, passwords), isChallenge: false };
}

const failureTypes: readonly (readonly [string, Reason])[] = [
  ["disabled", "disabled"],
  ["suspended", "disabled"],
  ["access_code_disallowed", "policy"],
  ["access code disallowed", "policy"],
];

function isUnmetChallenge({ name, parameters }: GoogleEvent): boolean {
  if (name !== "login_challenge" && name !== "login_verification") return false;
  return (parameters.get("login_challenge_status")?.[0] ?? "").toLowerCase().includes("fail");
}
