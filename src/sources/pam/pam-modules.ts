/**
 * What PAM's modules say when they refuse: pam_unix, pam_sss, pam_winbind, pam_ldap, pam_krb5, and those that lock
 * accounts or restrict who may come. It knows nothing of which service asked; the services' own lines are the better
 * witnesses, and a refusal by one module may be followed by another's consent.
 */
import type { Reason } from "#/signin/signin.ts";
import { pamFailure, pamReason } from "./pam-fields.ts";

export type PamRefusal = {
  /** The module, and what kind of line of it, so that two lines of one module about one attempt are told apart. */
  readonly channel: string;
  readonly account: string;
  /** "" where the module does not say. */
  readonly rhost: string;
  readonly reason: Reason;
  readonly count: number;
};

/**
 * Reads "pam_unix(sshd:auth): ...", "(pam_unix) ...", "pam_ldap: ...", "PAM 2 more authentication failures; ...", and, as
 * the words of `bare`, a text without any such head.
 */
export function pamRefusal(text: string, bare = "pam_unix"): PamRefusal | undefined {
  if (text.startsWith("PAM ")) return refusalOf("pam_unix", text.slice(4));
  const from = text.startsWith("(pam_") ? 1 : 0;
  if (!text.startsWith("pam_", from)) return refusalOf(bare, text);
  let end = from + 4;
  while (end < from + MODULE_MAX && isWordCharacter(text.charCodeAt(end))) end += 1;
  let at = end;
  // What follows the module: ")" as it stood in front, "(service:phase)", "[pid]", ":".
  if (from === 1) at += 1;
  else if (text.charAt(at) === "(") at = text.indexOf(")", at) + 1;
  if (text.charAt(at) === "[") at = text.indexOf("]", at) + 1;
  if (at === 0) return undefined;
  if (text.charAt(at) === ":") at += 1;
  return refusalOf(text.slice(from, end), text.slice(text.charAt(at) === " " ? at + 1 : at));
}

/** Longer names are no modules. */
const MODULE_MAX = 44;

const isWordCharacter = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 95 || (code >= 65 && code <= 90);

function refusalOf(module: string, words: string): PamRefusal | undefined {
  const fields = words.indexOf("; logname=");
  if (fields > 0) return fieldsRefusal(module, words, fields);
  switch (module) {
    case "pam_unix":
      return accountExpired(module, words);
    case "pam_sss":
      return sssRefusal(module, words);
    case "pam_winbind":
      return winbindRefusal(module, words);
    case "pam_krb5":
      return krb5Refusal(module, words);
    case "pam_ldap":
      return ldapRefusal(module, words);
    default:
      return restriction(module, words);
  }
}

const refusal = (channel: string, account: string, reason: Reason, rhost = "", count = 1): PamRefusal => ({
  channel,
  account,
  rhost,
  reason,
  count,
});

/** "authentication failure; logname=..." and, where one handle saw several, "2 more authentication failures; logname=...". */
function fieldsRefusal(module: string, words: string, at: number): PamRefusal | undefined {
  if (words.startsWith("authentication failure; ")) return fieldsAt(module, words, at, 1);
  const more = /^(?:(\d{1,6}) more )?authentication failures?$/.exec(words.slice(0, Math.min(at, 60)));
  return more === null ? undefined : fieldsAt(module, words, at, Math.max(1, Number(more[1] ?? "1")));
}

function fieldsAt(module: string, words: string, at: number, count: number): PamRefusal | undefined {
  const found = pamFailure(words, at);
  if (found === undefined) return undefined;
  if (module !== "pam_unix") {
    const logname = found.account === "" && module === "pam_krb5" ? field(words, "; logname=") : "";
    return refusal(module, found.account === "" ? logname : found.account, "bad-password", found.rhost, count);
  }
  return refusal(module, found.account, found.named ? "bad-password" : "unknown-account", found.rhost, count);
}

function field(words: string, name: string): string {
  const from = words.indexOf(name) + name.length;
  const end = words.indexOf(" ", from);
  return words.slice(from, end < 0 ? words.length : end);
}

/** "account NAME has expired (account expired)". */
function accountExpired(module: string, words: string): PamRefusal | undefined {
  if (!words.startsWith("account ")) return undefined;
  const end = words.lastIndexOf(" has expired (");
  return end < 8 ? undefined : refusal(`${module} account`, words.slice(8, end), "expired");
}

/** "received for user NAME: 7 (Authentication failure)", "Access denied for user NAME: 6 (Permission denied)". */
function sssRefusal(module: string, words: string): PamRefusal | undefined {
  const answer = words.startsWith("received for user ");
  if (!answer && !words.startsWith("Access denied for user ")) return undefined;
  const from = answer ? 18 : 23;
  const end = words.lastIndexOf(": ");
  const open = words.indexOf(" (", end);
  if (end < from || open < 0) return undefined;
  return refusal(`${module} answer`, words.slice(from, end), pamReason(words.slice(open + 2)));
}

function winbindRefusal(module: string, words: string): PamRefusal | undefined {
  if (words.startsWith("request ") && words.includes("failed: ")) {
    const status = /NT_STATUS_(\w{1,60})/.exec(words);
    return refusal(`${module} request`, "", ntReason(status?.[1] ?? ""));
  }
  const name = /^user ['`](.{0,256})' (denied access|not found|password expired)/.exec(words);
  if (name !== null) {
    const reason =
      name[2] === "not found" ? "unknown-account" : name[2] === "denied access" ? "bad-password" : "expired";
    return refusal(module, name[1] ?? "", reason);
  }
  const inner = /^internal module error \(retval = (?:PAM_)?\w{1,40}\(\d{1,3}\), user = ['`](.{0,256})'\)$/.exec(words);
  return inner === null ? undefined : refusal(module, inner[1] ?? "", "fault");
}

function ntReason(status: string): Reason {
  switch (status) {
    case "WRONG_PASSWORD":
    case "LOGON_FAILURE":
      return "bad-password";
    case "NO_SUCH_USER":
      return "unknown-account";
    case "ACCOUNT_LOCKED_OUT":
      return "locked";
    case "ACCOUNT_DISABLED":
      return "disabled";
    case "ACCOUNT_EXPIRED":
    case "PASSWORD_EXPIRED":
    case "PASSWORD_MUST_CHANGE":
      return "expired";
    case "ACCOUNT_RESTRICTION":
    case "INVALID_LOGON_HOURS":
    case "INVALID_WORKSTATION":
      return "policy";
    default:
      return "fault";
  }
}

/** "authentication fails for 'NAME' (NAME@REALM): Authentication failure (Decrypt integrity check failed)". */
function krb5Refusal(module: string, words: string): PamRefusal | undefined {
  if (!words.startsWith("authentication fails for '")) return undefined;
  const end = words.indexOf("' (", 26);
  const why = words.lastIndexOf("): ");
  return end < 0 || why < end ? undefined : refusal(module, words.slice(26, end), pamReason(words.slice(why + 3)));
}

/** 'error trying to bind as user "DN" (Invalid credentials)', "Authentication failure; user=NAME", "ldap_...: Can't contact". */
function ldapRefusal(module: string, words: string): PamRefusal | undefined {
  if (words.startsWith("error trying to bind as user ")) {
    return refusal(module, "", words.endsWith("(Invalid credentials)") ? "bad-password" : "fault");
  }
  if (words.startsWith("ldap_") && words.includes("Can't contact LDAP server")) return refusal(module, "", "fault");
  const user = words.indexOf("; user=");
  return user < 0 ? undefined : refusal(module, words.slice(user + 7), pamReason(words.slice(0, user)));
}

const restrictions: readonly (readonly [module: string, shape: RegExp, reason: Reason])[] = [
  ["pam_faillock", /^Consecutive login failures for user (.{0,256}) account temporarily locked$/, "locked"],
  ["pam_tally2", /^user (.{0,256}) \(\d{1,10}\) tally \d{1,10}, deny \d{1,10}$/, "locked"],
  ["pam_tally", /^user (.{0,256}) \(\d{1,10}\) tally \d{1,10}, deny \d{1,10}$/, "locked"],
  ["pam_listfile", /^Refused user (.{0,256}) for service \S{1,80}$/, "policy"],
  ["pam_access", /^access denied for user [`'](.{0,256})' from [`']([^'`]{0,256})'$/, "policy"],
  ["pam_google_authenticator", /^Invalid verification code for (.{1,256})$/, "second-factor"],
];

function restriction(module: string, words: string): PamRefusal | undefined {
  for (const [name, shape, reason] of restrictions) {
    if (name !== module) continue;
    const found = shape.exec(words);
    if (found !== null) return refusal(module, found[1] ?? "", reason, found[2] ?? "");
  }
  return undefined;
}
