/**
 * The fields of the line that pam_unix, pam_sss and their like write about a wrong password:
 * "authentication failure; logname= uid=0 euid=0 tty=ssh ruser=NAME rhost=HOST  user=NAME", and what the texts of PAM's
 * errors mean. It knows nothing of which service the line is about.
 */
import type { Reason } from "#/signin/signin.ts";

export type PamFailure = {
  /** The account: what PAM checked or, where it does not say, what the service gave as the remote user. */
  readonly account: string;
  /** The remote host or address as the service gave it to PAM; "" if it gave none. */
  readonly rhost: string;
  readonly tty: string;
  /** pam_unix leaves "user=" out where it knows no such account. */
  readonly named: boolean;
};

/**
 * More than this many "rhost=" in one line are an attack on the reader, and what stands further on is not looked at.
 */
const RHOST_MAX = 8;

/** Terminals under which services give the typed name as the remote user, so that it is never empty. */
const ruserIsName = new Set(["dovecot", "ftp", "pure-ftpd"]);

/**
 * Reads the fields from "authentication failure; " on. Both names are the caller's and may hold "rhost=" themselves:
 * the host is the one that leaves the line in the shape in which PAM writes it. Undefined where there is no "rhost=" at
 * all.
 */
export function pamFailure(text: string, from: number): PamFailure | undefined {
  const ttyAt = text.indexOf(" tty=", from);
  const ruserAt = text.indexOf(" ruser=", from);
  if (ruserAt < 0) return undefined;
  const tty = ttyAt < 0 || ttyAt > ruserAt ? "" : text.slice(ttyAt + 5, ruserAt);
  const ruserFrom = ruserAt + 7;
  let best: PamFailure | undefined;
  let at = text.indexOf(" rhost=", ruserFrom);
  for (let seen = 0; at >= 0 && seen < RHOST_MAX; seen += 1) {
    const found = splitAt(text, ruserFrom, at, tty);
    if (found !== undefined) {
      // The service gave the same name twice, as it does where nothing is forged.
      if (found.sure) return found.failure;
      best = found.failure;
    }
    at = text.indexOf(" rhost=", at + 1);
  }
  return best;
}

type Split = { readonly failure: PamFailure; readonly sure: boolean };

function splitAt(text: string, ruserFrom: number, rhostAt: number, tty: string): Split | undefined {
  const ruser = text.slice(ruserFrom, rhostAt);
  const space = text.indexOf(" ", rhostAt + 7);
  const rhost = text.slice(rhostAt + 7, space < 0 ? text.length : space);
  const rest = space < 0 ? "" : text.slice(space).trim();
  if (rest !== "" && !rest.startsWith("user=")) return undefined;
  const user = rest.slice(5);
  const named = rest !== "";
  const failure = { account: user === "" ? ruser : user, rhost, tty, named };
  return { failure, sure: named && (ruser === user || (ruser === "" && !ruserIsName.has(tty))) };
}

/** What the text of a PAM error (Linux-PAM's and OpenPAM's words) means for the sign-in. */
export function pamReason(error: string): Reason {
  const text = error.toLowerCase();
  if (text.startsWith("authentication failure") || text.startsWith("authentication error")) return "bad-password";
  if (text.startsWith("user not known") || text.startsWith("unknown user")) return "unknown-account";
  if (text.startsWith("permission denied")) return "policy";
  if (text.includes("account has expired") || text.includes("account expired")) return "expired";
  if (text.includes("new one required") || text.includes("token expired") || text.includes("token is no longer")) {
    return "expired";
  }
  if (text.includes("maximum number of")) return "locked";
  return "fault";
}
