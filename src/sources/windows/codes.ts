/**
 * Why Windows refused a sign-in: status codes of logons and NTLM validation (NTSTATUS), results of Kerberos (RFC 4120 and
 * MS-KILE), reason codes of Network Policy Server. Where one code stands for several reasons the commonest is given and
 * the comment says so.
 */
import type { Reason } from "#/signin/signin.ts";

const statusReasons = new Map<number, Reason>([
  [0xc0000064, "unknown-account"],
  [0xc000006a, "bad-password"],
  // A wrong name or password, where the server does not say which.
  [0xc000006d, "bad-password"],
  // Wrong PIN of a smart card.
  [0xc0000380, "bad-password"],
  [0xc0000234, "locked"],
  [0xc0000072, "disabled"],
  [0xc0000071, "expired"],
  [0xc0000193, "expired"],
  [0xc0000224, "expired"],
  [0xc000006c, "policy"],
  [0xc000006e, "policy"],
  [0xc000006f, "policy"],
  [0xc0000070, "policy"],
  [0xc000015b, "policy"],
  // The forest's trust, or an authentication policy, does not let the account in here.
  [0xc0000413, "policy"],
  [0xc00002db, "policy"],
  [0xc0000418, "policy"],
  [0x80090302, "policy"],
  // No logon server, no trust, Netlogon not running, clocks apart, out of resources: the institution's own trouble.
  [0xc000005e, "fault"],
  [0xc00000dc, "fault"],
  [0xc00000e5, "fault"],
  [0xc000009a, "fault"],
  [0xc0000017, "fault"],
  [0xc0000020, "fault"],
  [0xc0000133, "fault"],
  [0xc000018a, "fault"],
  [0xc000018b, "fault"],
  [0xc000018c, "fault"],
  [0xc000018d, "fault"],
  [0xc0000192, "fault"],
  [0xc0000225, "fault"],
  [0xc00000bb, "fault"],
  [0xc0020017, "fault"],
  [0xc0020050, "fault"],
  [0x80090311, "fault"],
]);

/** The sub-status says it where it says anything; the status is often only "the logon failed". Both as hexadecimal text. */
export function statusReason(status: string, subStatus: string): Reason {
  const detail = code(subStatus);
  const known = statusReasons.get(detail);
  if (known !== undefined) return known;
  const whole = code(status);
  const general = statusReasons.get(whole);
  if (general !== undefined) return general;
  return whole === 0 && detail === 0 ? "bad-password" : "other";
}

const kerberosReasons = new Map<number, Reason | "no-attempt">([
  // The client's principal has expired.
  [0x1, "expired"],
  [0x6, "unknown-account"],
  [0x9, "fault"],
  [0xc, "policy"],
  [0xd, "other"],
  [0xe, "fault"],
  // The domain controller has no certificate for smart cards, or does not take the kind of pre-authentication.
  [0x10, "fault"],
  // Revoked: locked, disabled, expired or outside its hours. Locked is by far the commonest.
  [0x12, "locked"],
  [0x17, "expired"],
  [0x18, "bad-password"],
  // Pre-authentication is required: every sign-in begins with this answer.
  [0x19, "no-attempt"],
  [0x1d, "fault"],
  [0x25, "fault"],
  // "Too large for UDP, try again over TCP", and the referral to another realm.
  [0x34, "no-attempt"],
  [0x44, "no-attempt"],
  [0x3c, "fault"],
  // Revocation of the client's certificate could not be checked.
  [0x49, "fault"],
  [0x4a, "fault"],
]);

/** What a result of AS-REQ other than 0 means; "no-attempt" where the client only learns how to go on. */
export const kerberosReason = (result: string): Reason | "no-attempt" => kerberosReasons.get(code(result)) ?? "other";

const radiusReasons = new Map<number, Reason>([
  [1, "fault"],
  [4, "fault"],
  [5, "fault"],
  [6, "fault"],
  [7, "unknown-account"],
  [8, "unknown-account"],
  [16, "bad-password"],
  // An extension refused: in practice the one for multifactor authentication, after the password was found right.
  [21, "second-factor"],
  [33, "expired"],
  [34, "disabled"],
  [35, "expired"],
  [36, "locked"],
  [37, "policy"],
  [38, "policy"],
  [48, "policy"],
  [49, "policy"],
  [65, "policy"],
  [66, "policy"],
  [67, "policy"],
  [68, "policy"],
  [69, "policy"],
  [70, "policy"],
  // A remote RADIUS server did not answer; certificate revocation could not be checked.
  [117, "fault"],
  [259, "fault"],
  [265, "fault"],
]);

export const radiusReason = (reasonCode: string): Reason =>
  reasonCode === "" ? "bad-password" : (radiusReasons.get(Number(reasonCode)) ?? "other");

/** The number of "0xC000006D" or "0xc000006d"; some exporters write it in decimal, signed or not. 0 where there is none. */
export function code(text: string): number {
  if (text === "" || text.length > 12) return 0;
  const number = Number(text);
  return Number.isInteger(number) ? number >>> 0 : 0;
}
