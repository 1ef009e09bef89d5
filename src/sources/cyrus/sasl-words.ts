/** What libsasl, the library of Cyrus that many servers check passwords with, says of a failure. */
import type { Reason } from "#/signin/signin.ts";

/** SASL's code in "SASL(-13): authentication failure: checkpass failed"; "" where none stands. */
export function saslCode(detail: string): string {
  return /^\[?SASL\((-?\d{1,3})\)/.exec(detail)?.[1] ?? "";
}

/** Whether nobody's password was tried: the mechanism was not on offer, or the client broke the protocol off. */
export function isSaslTalk(code: string): boolean {
  return code === "-4" || code === "-5" || code === "-15" || code === "-16";
}

/** By SASL's words first, for its code is -13 (bad authentication) where the words say that there is no such user. */
export function saslReason(code: string, detail: string): Reason {
  if (/\): user not found(?::|$|\])/.test(detail.slice(0, 60))) return "unknown-account";
  switch (code) {
    case "-1":
    case "-2":
    case "-7":
    case "-24":
      return "fault";
    case "-14":
      return "policy";
    case "-18":
      return "expired";
    case "-19":
      return "disabled";
    case "-20":
      return "unknown-account";
    case "-27":
      return "locked";
    default:
      return "bad-password";
  }
}

/** The account in "user not found: user: bob@example property: userPassword not found in sasldb"; "" elsewhere. */
export function saslUser(detail: string): string {
  const at = detail.indexOf(" user: ");
  const end = at < 0 ? -1 : detail.lastIndexOf(" property: ");
  return end < at + 7 ? "" : detail.slice(at + 7, end);
}
