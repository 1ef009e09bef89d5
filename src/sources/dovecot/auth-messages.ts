/**
 * What Dovecot's passdbs and SASL mechanisms say when they refuse somebody, in their own words, and what it means. It
 * knows nothing of who was refused.
 */
import type { Reason } from "#/signin/signin.ts";
import { pamReason } from "#/sources/pam/pam-fields.ts";

export type Judgement = {
  readonly reason: Reason;
  /** The passdb's name, or the mechanism's. */
  readonly driver: string;
  /** Whether no other passdb can turn the attempt into a success. */
  readonly final: boolean;
};

/** No passdb's name is longer. */
const DRIVER_LENGTH_MAX = 40;

/**
 * Judges the message that begins at `from`; undefined where it refuses nobody.
 * @param driver the passdb's name where it stood before; "" where it may stand in the message ("sql: Password
 * mismatch").
 * @param error whether it was logged as an error: then what we do not know is the institution's own trouble.
 */
export function judgeMessage(text: string, from: number, driver: string, error: boolean): Judgement | undefined {
  const known = knownReason(text, from);
  if (known !== undefined)
    return { reason: known, driver: driver === "" ? "sasl" : driver, final: isFinal(text, from) };
  const colon = text.indexOf(": ", from);
  if (colon > from && colon - from <= DRIVER_LENGTH_MAX && text.indexOf(" ", from) > colon) {
    const name = text.slice(from, colon);
    const reason = knownReason(text, colon + 2) ?? remoteReason(text, colon + 2, name);
    if (reason !== undefined) return { reason, driver: name, final: isFinal(text, colon + 2) };
  }
  const remote = remoteReason(text, from, driver);
  if (remote !== undefined) return { reason: remote, driver, final: false };
  return error ? { reason: "fault", driver: driver === "" ? "sasl" : driver, final: false } : undefined;
}

/** After these no further passdb is asked. */
function isFinal(text: string, from: number): boolean {
  return (
    text.startsWith("Authentication failure due to policy", from) ||
    text.startsWith("User found from deny passdb", from)
  );
}

function knownReason(text: string, from: number): Reason | undefined {
  switch (text.charCodeAt(from)) {
    case 80: // P
      if (text.startsWith("Password mismatch", from)) return "bad-password";
      if (text.startsWith("Password expired", from)) return "expired";
      return text.startsWith("Password query failed", from) || text.startsWith("Password data is not", from)
        ? "fault"
        : undefined;
    case 117: // u
      if (text.startsWith("unknown user", from)) return "unknown-account";
      if (text.startsWith("user not authenticated: ", from)) return ntReason(text, from + 24);
      return text.startsWith("user not found from ", from) ? "fault" : undefined;
    case 112: // p
      if (text.startsWith("pam_authenticate() failed: ", from)) return pamReason(text.slice(from + 27, from + 127));
      if (text.startsWith("pam_acct_mgmt() failed: ", from)) return pamReason(text.slice(from + 24, from + 124));
      return text.startsWith("pam_", from) && text.includes("() failed", from) ? "fault" : undefined;
    case 105: // i
      if (text.startsWith("invalid credentials", from)) return "bad-password";
      return text.startsWith("invalid password field", from) ? "disabled" : undefined;
    case 65: // A
      if (text.startsWith("Authentication failure due to policy server refusal", from)) return "policy";
      if (text.startsWith("Attempted login with password having illegal chars", from)) return "bad-password";
      if (text.startsWith("Attempted master login", from)) return "policy";
      if (text.startsWith("Account is ", from)) return text.startsWith("locked", from + 11) ? "locked" : "disabled";
      return text.startsWith("All password databases were skipped", from) ? "fault" : undefined;
    case 85: // U
      if (text.startsWith("User found from deny passdb", from)) return "disabled";
      if (text.startsWith("User unknown", from) || text.startsWith("Username character disallowed", from))
        return "unknown-account";
      if (text.startsWith("Username+password combination too long", from)) return "bad-password";
      return text.startsWith("User not authorized to log in as ", from) ? "policy" : undefined;
    case 76: // L
      if (text.startsWith("Login attempt with empty password", from)) return "bad-password";
      return text.startsWith("Login failed (status=", from) ? "bad-password" : undefined;
    case 108: // l
      if (!text.startsWith("ldap_", from) || !text.includes("bind() failed: ", from)) return undefined;
      // The server could not make a DN of the name.
      return text.includes("Invalid DN syntax", from) ? "unknown-account" : "fault";
    case 110: // n
      return text.startsWith("nopassword given and password is not empty", from) ? "bad-password" : undefined;
    case 78: // N
      return text.startsWith("No password returned", from) ? "bad-password" : undefined;
    case 69: // E
      return text.startsWith("Empty password returned", from) ? "bad-password" : undefined;
    case 97: // a: "allow_nets check failed: IP 192.0.2.1 not in allowed networks"
    case 99: // c: "check_client_fp check failed: ..."
      return text.slice(from, from + 50).includes(" check failed: ") ? "policy" : undefined;
    default:
      return text.slice(from, from + 40).includes(" disabled in vpopmail for this user") ? "disabled" : undefined;
  }
}

/** Passdbs that pass on what another server says, in its words. */
function remoteReason(text: string, from: number, driver: string): Reason | undefined {
  if (text.startsWith("oauth2 failed: ", from)) {
    const said = text.slice(from + 15, from + 215).toLowerCase();
    if (said.includes("expired")) return "expired";
    return said.includes("timed out") || said.includes("connect") || said.includes("internal")
      ? "fault"
      : "bad-password";
  }
  if (driver !== "imap" || text.charCodeAt(from) !== 91) return undefined;
  if (text.startsWith("[UNAVAILABLE", from) || text.startsWith("[SERVERBUG", from)) return "fault";
  return text.startsWith("[EXPIRED", from) ? "expired" : "bad-password";
}

/** Windows' own word for it, as winbind and ntlm_auth give it. */
function ntReason(text: string, from: number): Reason {
  const status = text.slice(from, from + 40);
  if (status.startsWith("NT_STATUS_NO_SUCH_USER")) return "unknown-account";
  if (status.startsWith("NT_STATUS_ACCOUNT_LOCKED_OUT")) return "locked";
  if (status.startsWith("NT_STATUS_ACCOUNT_DISABLED")) return "disabled";
  if (status.startsWith("NT_STATUS_PASSWORD_") || status.startsWith("NT_STATUS_ACCOUNT_EXPIRED")) return "expired";
  if (status.startsWith("NT_STATUS_LOGON_FAILURE") || status.startsWith("NT_STATUS_WRONG_PASSWORD"))
    return "bad-password";
  return status.startsWith("NT_STATUS_ACCESS_DENIED") ? "policy" : "fault";
}
