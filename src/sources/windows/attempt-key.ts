/**
 * What makes several events one attempt. Windows writes of one attempt on the server (4624, 4625), on the domain
 * controller that checked it (4768 and 4771 for Kerberos, 4776 for NTLM), again on the primary controller to which a wrong
 * password is passed on, on the RADIUS or AD FS server in front, and at last that the account is locked (4740). No number
 * runs through them; account and time do. So attempts are joined per account and minute, with a channel per witness:
 * of an account's attempts in one minute, as many count as the witness that saw most has seen.
 *
 * The price: two people who try the same account in the same minute, one seen by the server only and one by the domain
 * controller only, count as one.
 */
import { type Millis, millis } from "#/platform/units.ts";
import type { Outcome } from "#/signin/signin.ts";

const MINUTE = 60_000;
/** Longer names are told apart by this much. */
const NAME_LENGTH_MAX = 128;

/** "" where there is no name to join by. Failures and successes are apart: a success takes nothing back. */
export function attemptKey(account: string, at: Millis, outcome: Outcome): string {
  const name = bareName(account);
  return name === "" ? "" : `windows:${outcome}:${name}:${millis(Math.floor(at / MINUTE))}`;
}

/** "anna" for EXAMPLE\anna, anna@example.org and Anna. */
function bareName(account: string): string {
  const name = account.slice(account.lastIndexOf("\\") + 1);
  const at = name.indexOf("@");
  return (at > 0 ? name.slice(0, at) : name).slice(0, NAME_LENGTH_MAX).toLowerCase();
}
