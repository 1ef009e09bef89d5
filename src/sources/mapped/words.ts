// What people's own exports call success, failure, reasons and services.
import type { Reason, Service } from "#/signin/signin.ts";

export const outcomeWords = {
  success: [
    "ok",
    "true",
    "success",
    "succeeded",
    "successful",
    "1",
    "yes",
    "y",
    "allow",
    "allowed",
    "accepted",
    "accept",
    "pass",
    "passed",
    "granted",
    "logged_in",
    "loggedin",
    "login",
    "signed_in",
    "0x0",
  ],
  failure: [
    "fail",
    "false",
    "failure",
    "failed",
    "0",
    "no",
    "n",
    "deny",
    "denied",
    "rejected",
    "reject",
    "refused",
    "error",
    "invalid",
    "bad",
    "blocked",
    "locked",
    "failed_login",
    "login_failed",
    "unauthorized",
    "ko",
    "nok",
  ],
  /** Where no word fits as it is: parts of it, failures first ("unsuccessful" holds "success"). */
  failureParts: [
    "fail",
    "unsuccess",
    "denied",
    "reject",
    "invalid",
    "incorrect",
    "wrong",
    "bad ",
    "error",
    "locked",
    "refus",
    "unauthor",
    "not allowed",
  ],
  successParts: ["success", "succe", "accepted", "granted", "logged in", "signed in"],
} as const;

const reasons: readonly (readonly [RegExp, Reason])[] = [
  [
    /unknown|no such|not (?:found|exist)|does not exist|nonexist|invalid[ _-]?(?:user|account)|user[ _-]?not/i,
    "unknown-account",
  ],
  [/lock/i, "locked"],
  [/disabled|suspend|inactive/i, "disabled"],
  [/expire/i, "expired"],
  [/mfa|2fa|otp|second|factor|challenge/i, "second-factor"],
  [/polic|not allowed|conditional|blocked|forbidden/i, "policy"],
  [/timeout|time-out|unavailable|internal|server error|temporar|backend|ldap|directory/i, "fault"],
  [/password|credential|wrong|incorrect|mismatch|invalid|bad/i, "bad-password"],
];

export const reasonOf = (text: string): Reason =>
  reasons.find(([pattern]) => pattern.test(text.slice(0, 200)))?.[1] ?? "other";

const services: readonly (readonly [RegExp, Service])[] = [
  [/imap/i, "imap"],
  [/pop/i, "pop3"],
  [/smtp|submission/i, "submission"],
  [/sieve/i, "managesieve"],
  [/activesync|eas/i, "activesync"],
  [/ews|exchange web/i, "ews"],
  [/owa|webmail|roundcube|sogo/i, "webmail"],
  [/ssh/i, "ssh"],
  [/ftp/i, "ftp"],
  [/vpn/i, "vpn"],
  [/rdp|remote desktop/i, "rdp"],
  [/sso|saml|oauth|oidc|entra|okta|idp/i, "sso"],
  [/kerberos/i, "kerberos"],
  [/ntlm/i, "ntlm"],
  [/web|http|portal|browser/i, "web"],
  [/mail/i, "mail"],
];

export const serviceOf = (text: string): Service =>
  services.find(([pattern]) => pattern.test(text.slice(0, 80)))?.[1] ?? "other";
