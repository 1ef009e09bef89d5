// What people's own exports call success, failure, reasons and services.
import { type Reason, type Service, services } from "#/signin/signin.ts";

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

/** The first that fits counts: what is said of name and password together says nothing of the name. */
const reasons: readonly (readonly [RegExp, Reason])[] = [
  [/(?:name|user|login|e-?mail|account) ?(?:or|and\/or|\/) ?password|user[ _-]credential/i, "bad-password"],
  [
    /unknown[ _-](?:user|account|login|name|recipient|e-?mail)|user[ _-]unknown|no such|not[ _-](?:found|exist|in )|nonexist|invalid[ _-]?(?:user|account)|user[ _-]?not/i,
    "unknown-account",
  ],
  [/(?<!b)lock/i, "locked"],
  [/disabled|suspend|inactive|deactivated/i, "disabled"],
  [/expire/i, "expired"],
  [/mfa|2fa|otp|second[ _-]?(?:factor|step)|factor|challenge/i, "second-factor"],
  [/polic|not allowed|conditional|blocked|forbidden|too many|rate[ _-]?limit/i, "policy"],
  [/timeout|time-out|timed out|unavailable|internal|server error|temporar|backend|ldap|directory/i, "fault"],
  [/password|credential|wrong|incorrect|mismatch|invalid|\bbad/i, "bad-password"],
];

const TEXT_LENGTH_MAX = 200;

export const reasonOf = (text: string): Reason =>
  reasons.find(([pattern]) => pattern.test(text.slice(0, TEXT_LENGTH_MAX)))?.[1] ?? "other";

const servicePatterns: readonly (readonly [RegExp, Service])[] = [
  [/imap/i, "imap"],
  [/\bpop/i, "pop3"],
  [/smtp|submission/i, "submission"],
  [/sieve/i, "managesieve"],
  [/active ?sync|\beas\b/i, "activesync"],
  [/\bews\b|exchange web/i, "ews"],
  [/\bowa\b|webmail|roundcube|sogo/i, "webmail"],
  [/\bssh/i, "ssh"],
  [/ftp/i, "ftp"],
  [/vpn/i, "vpn"],
  [/\brdp\b|remote desktop|termserv/i, "rdp"],
  [/\bsso\b|saml|oauth|oidc|entra|okta|\bidp\b/i, "sso"],
  [/kerberos|krbtgt/i, "kerberos"],
  [/ntlm/i, "ntlm"],
  [/web|http|portal|browser/i, "web"],
  [/mail/i, "mail"],
];

/** Our own names as they are, others by what they sound like. */
export function serviceOf(text: string): Service {
  const name = text.slice(0, 80).toLowerCase();
  return (
    services.find((own) => own === name) ?? servicePatterns.find(([pattern]) => pattern.test(name))?.[1] ?? "other"
  );
}
