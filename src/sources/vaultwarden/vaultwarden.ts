/**
 * Vaultwarden (log file, console, syslog) and Bitwarden's own server (identity log).
 *
 * In Vaultwarden's refusals the address comes before the typed name, in its welcome after the name of a member: so the
 * first address counts in the one and the last in the other. A second factor that is wrong is logged without the name.
 * Bitwarden's server logs failures without names and no successes.
 */
import { isAddress } from "#/sources/address-text.ts";
import { isoTime } from "#/sources/local-time.ts";
import {
  type Context,
  type Entry,
  type Reading,
  type Source,
  evidence,
  foreign,
  ignored,
  malformed,
} from "#/sources/source.ts";
import type { Millis } from "#/platform/units.ts";
import type { Reason } from "#/signin/signin.ts";

export const vaultwarden: Source = {
  id: "vaultwarden",
  title: "Vaultwarden and Bitwarden",
  programs: ["vaultwarden", "bitwarden_rs", "bitwarden-identity"],
  message(entry: Entry): Reading {
    if (entry.at === undefined) return ignored;
    return read(entry.text, 0, entry.at) ?? ignored;
  },
  line(entry: Entry, context: Context): Reading {
    const { text } = entry;
    const first = text.charCodeAt(0);
    if (first === 91) return readVaultwarden(text, entry.at, context);
    if (first < 48 || first > 57 || text.charCodeAt(4) !== 45) return foreign;
    return readBitwarden(text, entry.at, context);
  },
};

/** Reads "[2026-11-23 10:00:00.123][vaultwarden::api::identity][ERROR] message". */
function readVaultwarden(text: string, wrapperAt: Millis | undefined, context: Context): Reading {
  const close = text.indexOf("][");
  if (close < 20 || close > 40) return foreign;
  const messageAt = text.indexOf("] ", close) + 2;
  if (messageAt < 2 || !/\]\[(?:INFO|WARN|ERROR|DEBUG|TRACE)\] $/.test(text.slice(close, messageAt))) return foreign;
  // The web framework beneath it ("request", "rocket::server") logs alike.
  if (!text.startsWith("vaultwarden::", close + 2) && !text.startsWith("bitwarden_rs::", close + 2)) return ignored;
  const at = wrapperAt ?? isoTime(text.slice(1, close), context.time);
  return at === undefined ? malformed("no readable time") : (read(text, messageAt, at) ?? ignored);
}

/** Reads "2026-11-23 10:00:00.123 +01:00 [WRN] Failed login attempt. 192.0.2.1". */
function readBitwarden(text: string, wrapperAt: Millis | undefined, context: Context): Reading {
  const words = text.indexOf("Failed login attempt");
  if (words < 0)
    return / \[(?:INF|ERR|WRN|DBG|FTL)\] (?:Identity|Request to https:\/\/push)/.test(text) ? ignored : foreign;
  const stampEnd = text.indexOf(" [");
  const source = text.slice(stampEnd + 2, stampEnd + 11);
  if (stampEnd < 19 || !/^(?:WRN|Warning|Bit\.Core\.)/.test(source)) return foreign;
  const at = wrapperAt ?? isoTime(text.slice(0, stampEnd).replace(/^(\S{19,40}) \S+ \S+$/, "$1"), context.time);
  return at === undefined ? malformed("no readable time") : (read(text, words, at) ?? ignored);
}

/** What a refusal begins with, and what it means. */
const refusals: readonly (readonly [string, Reason])[] = [
  ["Username or password is incorrect", "bad-password"],
  ["Username or access code is incorrect", "bad-password"],
  ["Incorrect client_secret", "bad-password"],
  ["Invalid client_id", "unknown-account"],
  ["This user has been disabled", "disabled"],
  ["Please verify your email before trying again", "policy"],
  ["Invalid admin token", "bad-password"],
  ["Invalid TOTP code!", "second-factor"],
  ["Token is invalid!", "second-factor"],
  ["No token available!", "second-factor"],
];

/** Reads the message that begins at `from`; undefined where it is about no sign-in. */
function read(text: string, from: number, at: Millis): Reading | undefined {
  if (text.startsWith("User ", from)) return readUser(text, from + 5, at);
  const bitwarden = text.indexOf("Failed login attempt", from);
  if (bitwarden >= 0 && bitwarden < from + 90) return readAttempt(text, bitwarden + 20, at);
  const refusal = refusals.find(([words]) => text.startsWith(words, from));
  if (refusal === undefined) return undefined;
  const addressAt = text.indexOf(" IP: ", from);
  if (addressAt < 0) return undefined;
  const nameAt = text.indexOf(" Username: ", addressAt);
  const address = withoutStop(text.slice(addressAt + 5).split(" ", 1)[0] ?? "");
  if (!isAddress(address)) return malformed("no client address");
  const account = nameAt < 0 ? "" : withoutStop(text.slice(nameAt + 11));
  const found = evidence(at, "failure", account, address, "web");
  found.reason = refusal[1];
  return found;
}

/** Reads "name logged in successfully. IP: 192.0.2.1" and its kin, from the end because names may hold blanks. */
function readUser(text: string, from: number, at: Millis): Reading | undefined {
  const addressAt = text.lastIndexOf(" IP: ");
  if (addressAt < from) return undefined;
  const before = text.slice(from, addressAt);
  const address = withoutStop(text.slice(addressAt + 5).trimEnd());
  for (const [words, reason] of endings) {
    if (!before.endsWith(words)) continue;
    if (!isAddress(address)) return malformed("no client address");
    const found = evidence(at, reason === "" ? "success" : "failure", before.slice(0, -words.length), address, "web");
    found.reason = reason;
    return found;
  }
  return undefined;
}

/** Who does not complete the second step had the right password. */
const endings: readonly (readonly [string, Reason | ""])[] = [
  [" logged in successfully.", ""],
  [" logged in successfully via API key.", ""],
  [" did not complete a 2FA login within the configured time limit.", "second-factor"],
];

/** Reads ". 192.0.2.1" or ", 2FA invalid. 192.0.2.1" after "Failed login attempt". */
function readAttempt(text: string, from: number, at: Millis): Reading {
  const address = text.slice(text.lastIndexOf(" ") + 1);
  if (!isAddress(address)) return malformed("no client address");
  const found = evidence(at, "failure", "", address, "web");
  if (text.startsWith(", 2FA invalid", from)) found.reason = "second-factor";
  return found;
}

const withoutStop = (text: string): string => (text.endsWith(".") ? text.slice(0, -1) : text);
