/**
 * Sign-ins at the institution's Chromebooks. They have no address; sessions of kiosks have no person and are ignored, as
 * are locking, unlocking and signing out.
 */
import { exportTime } from "#/sources/export-time.ts";
import { type Context, type Reading, evidence, ignored, malformed } from "#/sources/source.ts";
import type { GoogleActivity } from "./record.ts";

export function readChromebook({ events, time }: GoogleActivity, context: Context): Reading {
  const event = events.find(({ name }) => name === "CHROME_OS_LOGIN_EVENT" || name === "CHROME_OS_LOGIN_FAILURE_EVENT");
  const account = event?.parameters.get("DEVICE_USER")?.[0] ?? "";
  if (event === undefined || account === "" || account === "-") return ignored;
  const at = exportTime(time, context.time, "utc");
  if (at === undefined) return malformed("no readable time");
  const isSuccess = event.name === "CHROME_OS_LOGIN_EVENT";
  const found = evidence(at, isSuccess ? "success" : "failure", account, "", "desktop");
  // What is not the person's mistake is the device's: its security chip, its encrypted folder.
  const why = event.parameters.get("LOGIN_FAILURE_REASON")?.[0] ?? "AUTHENTICATION_ERROR";
  if (!isSuccess) found.reason = why === "AUTHENTICATION_ERROR" ? "bad-password" : "fault";
  found.server = event.parameters.get("DEVICE_NAME")?.[0] ?? "";
  return found;
}
