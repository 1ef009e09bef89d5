/**
 * Apache's messages about refused names. Version 2.4 puts a number before them (AH01618), version 2.2 does not; the
 * words are the same, so the words are what is read. A name in basic authentication holds no colon, one in digest
 * authentication may hold anything; that can change the account that is read, never the address.
 */
import type { Reason } from "#/signin/signin.ts";

export type Attempt = {
  readonly account: string;
  readonly reason: Reason;
  /** Which module of the server says so: the joiner's channel. */
  readonly channel: string;
};

/** Reads the message that begins at `from`; undefined where it is about no sign-in. */
export function readAttempt(text: string, from: number): Attempt | undefined {
  const start = afterPrefix(text, from);
  switch (text.charCodeAt(start)) {
    case 117: // u
      return text.startsWith("user ", start) ? readUser(text, start + 5) : readBrokenDigest(text, start);
    case 65: // A
      return text.startsWith("Authorization of user ", start) ? readOwner(text, start + 22) : undefined;
    case 97: // a
      return text.startsWith(ldapWords, start) ? readLdap(text, start + ldapWords.length) : undefined;
    case 80: // P
      return text.startsWith(pamWords, start) ? readPam(text, start + pamWords.length) : undefined;
    case 70: // F
      return text.startsWith(phpWords, start) ? readPhp(text, start + phpWords.length) : undefined;
    case 99: // c
      return text.startsWith("client used wrong authentication scheme", start) ? broken : undefined;
    default:
      return readBrokenDigest(text, start);
  }
}

const ldapWords = "auth_ldap authenticate: user ";
const pamWords = "PAM authentication failed for user ";
const phpWords = "Failed login for ";

/** An attempt whose answer was no proper one: only tools that attack or test send such. */
const broken: Attempt = { account: "", reason: "other", channel: "" };

/** Past "AH01618: ", "Digest: " (2.2) and "[4711] " (2.2 with LDAP). */
function afterPrefix(text: string, from: number): number {
  let at = from;
  if (text.charCodeAt(at) === 65 && text.charCodeAt(at + 1) === 72 && text.startsWith(": ", at + 7)) at += 9;
  if (text.startsWith("Digest: ", at)) at += 8;
  if (text.charCodeAt(at) === 91 && text.startsWith("] auth_ldap ", text.indexOf("]", at))) {
    at = text.indexOf("]", at) + 2;
  }
  return at;
}

/** How the name ends, in what modules say after "user ". */
const endings: readonly (readonly [string, Reason, string])[] = [
  [": authentication failure for ", "bad-password", "basic"],
  [": password mismatch", "bad-password", "basic"],
  [" not found", "unknown-account", "basic"],
  [" denied by provider", "bad-password", "basic"],
  [": authorization failure for ", "policy", "authorization"],
];

/** Reads "name: authentication failure for ...", "`name' in realm `r' not found: ..." and "'name' not found: ...". */
function readUser(text: string, from: number): Attempt | undefined {
  let end = -1;
  let ending: (typeof endings)[number] | undefined;
  for (const one of endings) {
    const at = text.indexOf(one[0], from);
    if (at < 0 || (end >= 0 && at >= end)) continue;
    end = at;
    ending = one;
  }
  if (ending === undefined) return undefined;
  return { account: bareName(text.slice(from, end)), reason: ending[1], channel: ending[2] };
}

/** The name without its quotes and its realm. */
function bareName(name: string): string {
  const first = name.charCodeAt(0);
  if (first !== 96 && first !== 39) return name;
  const realm = name.indexOf("' in realm `");
  if (realm >= 0) return name.slice(1, realm);
  return name.endsWith("'") && name.length > 1 ? name.slice(1, -1) : name;
}

/** Reads "name to access /path failed, reason: ...": the password was right, the permission lacking. */
function readOwner(text: string, from: number): Attempt | undefined {
  const end = text.indexOf(" to access ", from);
  return end < 0 ? undefined : { account: text.slice(from, end), reason: "policy", channel: "owner" };
}

/** Reads "name authentication failed; URI /path [what failed][why]". */
function readLdap(text: string, from: number): Attempt | undefined {
  const end = text.indexOf(" authentication failed; URI ", from);
  if (end < 0) return undefined;
  const why = text.slice(text.lastIndexOf("[") + 1, text.lastIndexOf("]"));
  return { account: text.slice(from, end), reason: ldapReason(why), channel: "ldap" };
}

function ldapReason(why: string): Reason {
  if (why === "No such object") return "unknown-account";
  const isFault = /contact|unavailable|timed? ?out|busy|down|operations error/i.test(why);
  return isFault ? "fault" : "bad-password";
}

function readPam(text: string, from: number): Attempt | undefined {
  const end = text.indexOf(": ", from);
  if (end < 0) return undefined;
  const why = text.slice(end + 2, end + 60);
  const reason = why.startsWith("User not known") ? "unknown-account" : "bad-password";
  return { account: text.slice(from, end), reason, channel: "module" };
}

/** Reads what an application logs through PHP, up to the Referer that Apache adds. */
function readPhp(text: string, from: number): Attempt {
  const referer = text.indexOf(", referer: ", from);
  const account = text.slice(from, referer < 0 ? text.length : referer);
  return { account, reason: "bad-password", channel: "application" };
}

/**
 * The ways in which a digest answer is refused before the password is looked at. A stale nonce is everyday and no
 * failure.
 */
function readBrokenDigest(text: string, from: number): Attempt | undefined {
  if (text.startsWith("invalid qop `", from)) return broken;
  if (text.startsWith("realm mismatch - got `", from)) return broken;
  if (text.startsWith("unknown algorithm `", from)) return broken;
  if (!text.startsWith("invalid nonce ", from)) return undefined;
  const why = text.indexOf(" received - ", from);
  if (why < 0) return undefined;
  const isForged =
    text.startsWith("length is not", why + 12) || text.startsWith("user attempted time travel", why + 12);
  return isForged ? broken : undefined;
}
